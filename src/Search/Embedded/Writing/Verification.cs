using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>Reads every byte of the live generation against its checksums.</summary>
internal static class Verification
{
    public static IReadOnlyList<string> Run(OpenCatalogs catalogs, Func<string, IIndexDirectory> directories, string catalog, CancellationToken cancellationToken)
    {
        if (!CatalogName.IsValid(catalog) || !Directory.Exists(catalogs.FolderOf(catalog)))
        {
            return [$"{catalog}: there is no such catalog."];
        }

        try
        {
            var directory = directories(catalogs.FolderOf(catalog));
            var manifest = Manifest.Load(directory);
            if (manifest.Generations.IsEmpty)
            {
                return [$"{catalog}: nothing has been indexed yet."];
            }

            var files = manifest.Generations[0];
            List<string> problems = [.. files.Segments.SelectMany(s => Problems(s, directory, cancellationToken))];
            problems.AddRange(files.Attachments.Values.Where(f => Attachments.Read(directory, f) is null).Select(f => $"{f}: the attachment is missing or damaged."));
            return problems.Count > 0 ? problems : Counted(catalog, files, directory);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return [e.Message];
        }
    }

    /// <summary>Every section of a segment, and its tombstones.</summary>
    private static List<string> Problems(SegmentFiles files, IIndexDirectory directory, CancellationToken cancellationToken)
    {
        try
        {
            using var segment = new SegmentReader(directory.PathOf(files.Segment));
            if (files.Tombstones is { } tombstones)
            {
                Tombstones.Read(directory, tombstones, segment.Count);
            }

            return [.. segment.Verify(cancellationToken).Select(s => $"{segment.Name}: section {s} fails its checksum.")];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return [e.Message];
        }
    }

    /// <summary>Opens the generation, all of whose files are sound, as a reader would.</summary>
    private static List<string> Counted(string catalog, GenerationFiles files, IIndexDirectory directory)
    {
        var generation = new CatalogGeneration(catalog, files, directory);
        var live = generation.LiveCount;
        generation.Leave();
        return live == files.Info.Products ? [] : [$"The manifest says {files.Info.Products} products, the segments hold {live}."];
    }
}
