using System.Globalization;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>Makes the previous generation live again, and the live one the previous: rolling back twice is rolling forward.</summary>
internal static class Rollback
{
    public static GenerationInfo Run(OpenCatalogs catalogs, Func<string, IIndexDirectory> directories, string catalog)
    {
        if (!CatalogName.IsValid(catalog) || !Directory.Exists(catalogs.FolderOf(catalog)))
        {
            throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", "There is no catalog of this name.");
        }

        var directory = directories(catalogs.FolderOf(catalog));
        using var exclusive = directory.TryLock(CatalogBuild.LockFile) ?? throw new CatalogBusyException(catalog);
        var manifest = Manifest.Load(directory);
        if (manifest.Generations.Length < 2)
        {
            throw new CatalogRequestException(CatalogErrors.NotFound, "catalog", $"The catalog '{catalog}' has no previous generation to roll back to.");
        }

        var target = manifest.Generations[1];
        new CatalogGeneration(catalog, target, directory).Leave();
        var info = target.Info with
        {
            Number = manifest.NextNumber,
            CreatedAt = catalogs.Time.GetUtcNow(),
            Note = string.Create(CultureInfo.InvariantCulture, $"rollback to {target.Info.Number}"),
        };
        new Manifest([target with { Info = info }, manifest.Generations[0]]).Save(directory);
        catalogs.Reload(catalog);
        return info;
    }
}
