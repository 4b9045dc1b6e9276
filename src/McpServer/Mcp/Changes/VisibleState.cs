using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Prompts;
using AiPlatform.McpServer.Mcp.Resources;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>
/// What a scope sees now, in the form that two moments are compared in. All of it is read under the scope itself, so a change to anything out of
/// its sight makes no difference.
/// </summary>
internal sealed class VisibleState(ToolRunner tools, PromptLibrary prompts, ResourceList resources, ResourceReader reader)
{
    public async ValueTask<OfferedLists> ListsAsync(AccessScope scope, CancellationToken cancellationToken) => new(
        string.Join('\n', tools.ListFor(scope).Select(t => t.Name)),
        string.Join('\n', prompts.ListFor(scope).Select(p => p.Name)),
        string.Join('\n', await resources.CatalogsAsync(scope, cancellationToken)));

    /// <summary>Digest of what the resource reads as; null when it is missing or out of sight.</summary>
    public async ValueTask<ContentHash?> DigestAsync(AccessScope scope, string uri, CancellationToken cancellationToken) =>
        await reader.ReadAsync(scope, uri, cancellationToken) is { } json ? DigestOf(json) : null;

    /// <summary>Whether the scope may watch the URI: it may read resources, and it is the URI of one. Whether there is one now makes no difference.</summary>
    public bool CanWatch(AccessScope scope, string uri) => ResourceReader.IsResource(uri) && reader.IsOffered(scope);

    private static ContentHash DigestOf(string json)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(json.AsSpan()), hash);
        return new ContentHash(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }
}
