using AiPlatform.Search.Embedded.Files;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>Reads every byte of the live generation against its checksums.</summary>
internal static class Verification
{
    public static IReadOnlyList<string> Run(OpenCatalogs catalogs, Func<string, IIndexDirectory> directories, string catalog, CancellationToken cancellationToken)
    {
        if (!OpenCatalogs.IsName(catalog) || !Directory.Exists(catalogs.FolderOf(catalog)))
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

            var generation = new CatalogGeneration(catalog, manifest.Generations[0], directory);
            try
            {
                return Problems(generation, manifest.Generations[0], directory, cancellationToken);
            }
            finally
            {
                generation.Leave();
            }
        }
        catch (InvalidDataException e)
        {
            return [e.Message];
        }
    }

    private static List<string> Problems(CatalogGeneration generation, GenerationFiles files, IIndexDirectory directory, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var segment in generation.Segments)
        {
            problems.AddRange(segment.Verify(cancellationToken).Select(s => $"{segment.Name}: section {s} fails its checksum."));
        }

        problems.AddRange(files.Attachments.Values.Where(f => directory.Read(f) is null).Select(f => $"{f}: the attachment is missing."));
        if (generation.LiveCount != files.Info.Products)
        {
            problems.Add($"The manifest says {files.Info.Products} products, the segments hold {generation.LiveCount}.");
        }

        return problems;
    }
}
