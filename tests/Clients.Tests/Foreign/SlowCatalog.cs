using System.Globalization;
using AiPlatform.Clients.Tests.Support;

namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>A catalog that takes long enough to index that a client can change its mind: the sample many times over.</summary>
internal static class SlowCatalog
{
    public const string Name = "slow";

    private const int Copies = 60;

    /// <summary>Writes the source into the folder and answers the settings that make it a catalog.</summary>
    public static Dictionary<string, string> Write(string folder)
    {
        var source = Path.Combine(folder, "slow.jsonl");
        var rows = File.ReadAllLines(SampleOracle.Products);
        using (var writer = new StreamWriter(source))
        {
            for (var copy = 0; copy < Copies; copy++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{{\"sku\":\"C{copy}-");
                foreach (var row in rows)
                {
                    writer.WriteLine(row.Replace("{\"sku\":\"", id, StringComparison.Ordinal));
                }
            }
        }

        return new Dictionary<string, string>
        {
            [$"Catalogs__{Name}__Source"] = source,
            [$"Catalogs__{Name}__Mapping"] = Path.Combine(Repository.Root, "samples", "mappings", "sample.yaml"),
        };
    }
}
