using System.Net.Http.Headers;
using System.Text;

namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>User name and password.</summary>
internal sealed class BasicSigner(OpenSearchOptions options) : IRequestSigner
{
    private volatile AuthenticationHeaderValue _header = Read(options);

    public ValueTask SignAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _header;
        return ValueTask.CompletedTask;
    }

    public bool Renew()
    {
        try
        {
            var (before, now) = (_header, Read(options));
            _header = now;
            return before.Parameter != now.Parameter;
        }
        catch (IOException)
        {
            // A secret that is being replaced may be away for a moment: the one in hand stays.
            return false;
        }
    }

    private static AuthenticationHeaderValue Read(OpenSearchOptions options)
    {
        var password = options.PasswordFile.Length > 0 ? File.ReadAllText(options.PasswordFile).TrimEnd() : options.Password;
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.UserName}:{password}")));
    }
}
