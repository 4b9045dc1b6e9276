using System.Xml.Linq;

namespace AiPlatform.Architecture.Tests;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = [".git", "artifacts", "node_modules", "bin", "obj", "TestResults"];

    private static readonly string[] BinaryExtensions =
        [".gz", ".zip", ".xz", ".png", ".jpg", ".ico", ".gif", ".webp", ".woff2", ".dll", ".db", ".bin", ".i8", ".f32"];

    public static string Root { get; } = FindRoot();

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>C# files below a folder of the root.</summary>
    public static IEnumerable<SourceFile> CSharp(string folder) =>
        Files(At(folder)).Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Select(f => new SourceFile(Relative(f), File.ReadAllText(f)));

    /// <summary>Every text file of the tree, lock files aside.</summary>
    public static IEnumerable<SourceFile> Texts() =>
        Files(Root)
            .Where(f => !BinaryExtensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase) && Path.GetFileName(f) != "packages.lock.json")
            .Select(f => new SourceFile(Relative(f), File.ReadAllText(f)));

    public static IEnumerable<string> Projects() =>
        Files(Root).Where(f => f.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>Project name (last part of the file name) to the names it references.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ProjectReferences(string folder) =>
        Projects().Where(p => Relative(p).StartsWith(folder + "/", StringComparison.Ordinal)).ToDictionary(
            ShortName,
            p => (IReadOnlyList<string>)[.. XDocument.Load(p).Descendants("ProjectReference")
                .Select(r => ShortName(r.Attribute("Include")!.Value.Replace('\\', '/')))]);

    private static string ShortName(string project) => Path.GetFileNameWithoutExtension(project)["AiPlatform.".Length..];

    private static IEnumerable<string> Files(string folder)
    {
        // In a worktree .git is a file.
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f) != ".git"))
        {
            yield return file;
        }

        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            // The demo's state lives in data/ at the root only; samples and tests may have a folder of that name.
            if (NotSource.Contains(Path.GetFileName(child), StringComparer.Ordinal) || child == At("data"))
            {
                continue;
            }

            foreach (var file in Files(child))
            {
                yield return file;
            }
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiPlatform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("AiPlatform.sln is not above the test's folder.");
    }
}
