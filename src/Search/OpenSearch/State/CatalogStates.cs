using System.Security.Cryptography;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.State;

/// <summary>What is known of every catalog: which generation is live, what it is, and the files attached to it. Thread-safe.</summary>
internal sealed class CatalogStates(OpenSearchConnection connection, MetaIndex meta, IndexNames names)
{
    private const int ChunkBytes = 3 << 20;

    /// <summary>The catalogs that have ever had a generation, in order.</summary>
    public ValueTask<IReadOnlyList<string>> CatalogsAsync(CancellationToken cancellationToken) => meta.CatalogsAsync(cancellationToken);

    /// <summary>The live generation; null when there is none, or when the alias points to an index that the state does not know.</summary>
    public async ValueTask<StoredGeneration?> LiveAsync(string catalog, CancellationToken cancellationToken) =>
        CatalogName.IsValid(catalog) ? (await ReadAsync(catalog, cancellationToken).ConfigureAwait(false)).State.Live : null;

    /// <summary>The state as the alias makes it true.</summary>
    public async ValueTask<ResolvedState> ReadAsync(string catalog, CancellationToken cancellationToken)
    {
        var stored = await meta.ReadAsync(IdOf(catalog), StateJson.Default.CatalogState, cancellationToken).ConfigureAwait(false);
        var aliased = await AliasedAsync(catalog, cancellationToken).ConfigureAwait(false);
        if (stored?.Value.At(aliased) is { } state)
        {
            return new ResolvedState(state, stored, Lost: false, aliased);
        }

        var next = Math.Max(stored?.Value.NextNumber ?? 1, aliased.Select(i => IndexNames.GenerationOf(i) + 1).DefaultIfEmpty(1).Max());
        return new ResolvedState(CatalogState.Empty with { NextNumber = next }, stored, Lost: aliased.Count > 0 || stored is { Value.Generations.Count: > 0 }, aliased);
    }

    /// <summary>Writes the state over what was read.</summary>
    /// <returns>What is stored now; null when somebody else wrote meanwhile.</returns>
    public ValueTask<Stored<CatalogState>?> WriteAsync(string catalog, CatalogState state, Stored<CatalogState>? read, CancellationToken cancellationToken) =>
        meta.WriteAsync(IdOf(catalog), "state", catalog, state, read, StateJson.Default.CatalogState, cancellationToken);

    /// <summary>The indexes that the catalog's alias points to, in order: one, unless somebody changed it by hand; empty when there is no alias. A request to all indexes would need rights on all of them.</summary>
    public async ValueTask<IReadOnlyList<string>> AliasedAsync(string catalog, CancellationToken cancellationToken)
    {
        using var answer = await connection.SendAsync(OpenSearchRequest.Get($"/{names.AnyOfOurs}/_alias/{names.Alias(catalog)}") with { MissingIsAnswer = true }, cancellationToken).ConfigureAwait(false);
        return answer.Status == 404 || answer.Root.ValueKind != JsonValueKind.Object
            ? []
            : [.. answer.Root.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>Keeps a file in pieces of at most 4 MiB as they are sent.</summary>
    /// <param name="catalog">Whose.</param>
    /// <param name="id">What the ids of its pieces begin with; never used before.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<StoredFile> WriteFileAsync(string catalog, string id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var chunks = 0;
        for (var at = 0; at < content.Length; at += ChunkBytes, chunks++)
        {
            await meta.WriteChunkAsync(ChunkOf(id, chunks), catalog, content.Slice(at, Math.Min(ChunkBytes, content.Length - at)), cancellationToken).ConfigureAwait(false);
        }

        return new StoredFile(id, chunks, content.Length, Convert.ToHexStringLower(SHA256.HashData(content.Span)));
    }

    /// <summary>A file, whole and unharmed; null when it is not.</summary>
    public async ValueTask<byte[]?> ReadFileAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var content = new byte[file.Length];
        var at = 0;
        for (var chunk = 0; chunk < file.Chunks; chunk++)
        {
            if (await meta.ReadChunkAsync(ChunkOf(file.Id, chunk), cancellationToken).ConfigureAwait(false) is not { } piece || at + piece.Length > content.Length)
            {
                return null;
            }

            piece.CopyTo(content, at);
            at += piece.Length;
        }

        return at == content.Length && Convert.ToHexStringLower(SHA256.HashData(content)) == file.Sha256 ? content : null;
    }

    /// <summary>Files, in order; null when one is missing or damaged.</summary>
    public async ValueTask<List<byte[]>?> ReadFilesAsync(IEnumerable<StoredFile> files, CancellationToken cancellationToken)
    {
        var contents = new List<byte[]>();
        foreach (var file in files)
        {
            if (await ReadFileAsync(file, cancellationToken).ConfigureAwait(false) is not { } content)
            {
                return null;
            }

            contents.Add(content);
        }

        return contents;
    }

    /// <summary>Deletes the pieces of a catalog's files that none of the given ones needs.</summary>
    public async ValueTask DeleteFilesExceptAsync(string catalog, IEnumerable<StoredFile> needed, CancellationToken cancellationToken)
    {
        var keep = needed.SelectMany(f => Enumerable.Range(0, f.Chunks).Select(c => ChunkOf(f.Id, c))).ToHashSet(StringComparer.Ordinal);
        var all = await meta.ListChunksAsync(catalog, cancellationToken).ConfigureAwait(false);
        await meta.DeleteAsync([.. all.Where(id => !keep.Contains(id))], cancellationToken).ConfigureAwait(false);
    }

    private static string IdOf(string catalog) => $"state.{catalog}";

    private static string ChunkOf(string file, int chunk) => FormattableString.Invariant($"{file}.{chunk}");
}
