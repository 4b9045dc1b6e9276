using AiPlatform.Search.OpenSearch;

namespace AiPlatform.Tests.OpenSearch;

/// <summary>One node for all tests of the collection. Each test takes its own prefix, and what it made goes with it.</summary>
public class OpenSearchNode : Xunit.IAsyncLifetime
{
    public const string Collection = "opensearch";
    private readonly bool _secure;
    private OpenSearchProcess? _process;

    public OpenSearchNode()
        : this(secure: false)
    {
    }

    private protected OpenSearchNode(bool secure) => _secure = secure;

    /// <summary>Why there is no node; null when there is one.</summary>
    public string? Missing => _process!.Missing;

    /// <summary>Its address.</summary>
    public string Url => _process!.Url;

    public async Task InitializeAsync() => _process = await OpenSearchProcess.StartAsync(_secure);

    public async Task DisposeAsync() => await _process!.DisposeAsync();

    /// <summary>A prefix that nobody else uses, also on a node that outlives the tests.</summary>
    public static string NewPrefix() => "t" + Guid.NewGuid().ToString("N")[..16];

    /// <summary>Settings that reach the node, for a busy machine and without caching.</summary>
    internal OpenSearchOptions Options(string prefix)
    {
        var options = new OpenSearchOptions
        {
            Nodes = [Url],
            IndexPrefix = prefix,
            RequestTimeoutSeconds = 60,
            ReloadCheckMilliseconds = 0,
            CaFile = _process!.CaFile,
        };
        if (_process.User.Length > 0)
        {
            (options.Authentication, options.UserName, options.Password) = (OpenSearchAuthentication.Basic, _process.User, _process.Password);
        }

        return options;
    }

    [Xunit.CollectionDefinition(Collection)]
    public sealed class Definition : Xunit.ICollectionFixture<OpenSearchNode>;
}
