using System.Text;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Sources.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>Credentials of feeds as each kind of configuration writes them.</summary>
public sealed class FeedSettingsTests
{
    private const string Prefix = "FEED_SETTINGS_TEST_";

    public static TheoryData<string> Providers => ["json", "environment", "arguments"];

    [Theory]
    [MemberData(nameof(Providers))]
    public void Authorization_OfEveryProvider_GoesToItsHostAndPort(string provider)
    {
        var feeds = Read(provider, ("0:Host", "feeds.example.com"), ("0:Port", "8443"), ("0:Value", "Bearer port"), ("1:Host", "Feeds.Example.com"), ("1:Value", "Bearer any"), ("2:Host", "::1"), ("2:Value", "Basic six"));

        Assert.Equal("Bearer port", feeds.AuthorizationFor(new Uri("https://feeds.example.com:8443/a.jsonl")));
        Assert.Equal("Bearer any", feeds.AuthorizationFor(new Uri("https://FEEDS.example.com/a.jsonl")));
        Assert.Equal("Basic six", feeds.AuthorizationFor(new Uri("http://[::1]:8080/a.jsonl")));
        Assert.Null(feeds.AuthorizationFor(new Uri("http://feeds.example.com/a.jsonl")));
        Assert.Null(feeds.AuthorizationFor(new Uri("https://evil.feeds.example.com/a.jsonl")));
    }

    [Theory]
    [InlineData("Host is no host", "0:Value", "Bearer x")]
    [InlineData("Feeds:Authorization:feeds.example.com is no entry", "feeds.example.com", "Bearer x")]
    [InlineData("Host is no host", "0:Host", "https://feeds.example.com", "0:Value", "Bearer x")]
    [InlineData("Host is no host", "0:Host", "feeds.example.com:8443", "0:Value", "Bearer x")]
    [InlineData("Did you mean Feeds:Authorization:0:Port?", "0:Host", "a.example", "0:Prot", "8443", "0:Value", "Bearer x")]
    [InlineData("Port is 1 to 65535", "0:Host", "a.example", "0:Port", "0", "0:Value", "Bearer x")]
    [InlineData("Value is empty", "0:Host", "a.example")]
    [InlineData("control character", "0:Host", "a.example", "0:Value", "Bearer x\r\nX-Other: y")]
    [InlineData("more than once", "0:Host", "a.example", "0:Value", "Bearer x", "1:Host", "A.example", "1:Value", "Bearer y")]
    public void Authorization_Wrong_IsRefusedWithoutItsValue(string says, params string[] settings)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read("arguments", [.. settings.Chunk(2).Select(s => (s[0], s[1]))]));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer x", refused.Message, StringComparison.Ordinal);
    }

    private static FeedOptions Read(string provider, params (string Key, string Value)[] settings)
    {
        var keys = settings.Select(s => ("Feeds:Authorization:" + s.Key, s.Value)).ToArray();
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSources(Configuration(provider, keys));
        return services.BuildServiceProvider().GetRequiredService<IOptions<FeedOptions>>().Value;
    }

    private static IConfiguration Configuration(string provider, (string Key, string Value)[] settings)
    {
        switch (provider)
        {
            case "json":
                var entries = settings.GroupBy(s => s.Key.Split(':')[2]).Select(g => "{" + string.Join(',', g.Select(s => $"\"{s.Key.Split(':')[3]}\":\"{s.Value}\"")) + "}");
                var json = $"{{\"Feeds\":{{\"Authorization\":[{string.Join(',', entries)}]}}}}";
                return new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
            case "environment":
                foreach (var (key, value) in settings)
                {
                    Environment.SetEnvironmentVariable(Prefix + key.Replace(":", "__", StringComparison.Ordinal), value);
                }

                try
                {
                    return new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build();
                }
                finally
                {
                    foreach (var (key, _) in settings)
                    {
                        Environment.SetEnvironmentVariable(Prefix + key.Replace(":", "__", StringComparison.Ordinal), null);
                    }
                }

            default:
                return new ConfigurationBuilder().AddCommandLine([.. settings.Select(s => $"--{s.Key}={s.Value}")]).Build();
        }
    }
}
