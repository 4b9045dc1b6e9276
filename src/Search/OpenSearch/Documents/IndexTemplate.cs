using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>
/// The files of <c>opensearch/</c> as the cluster takes them: <c>index-template.json</c>, with the lines of <c>synonyms.txt</c> in its synonym filter. The field of
/// the vectors is not part of the template, because its dimension belongs to a build.
/// </summary>
internal sealed class IndexTemplate
{
    private const int LinksPerNode = 16;
    private const int BuildBreadth = 100;
    private readonly string _body;

    private IndexTemplate(string body) => _body = body;

    /// <summary>The files beside the program.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "opensearch");

    /// <summary>Version of the documents' form, from the template's <c>_meta.schema</c>; an index of another one is built anew.</summary>
    public int Schema => JsonNode.Parse(_body)!["template"]!["mappings"]!["_meta"]!["schema"]!.GetValue<int>();

    /// <summary>Reads the files.</summary>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="JsonException">The template is no JSON.</exception>
    public static IndexTemplate Load(string folder)
    {
        var template = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "index-template.json")))!;
        var synonyms = File.ReadLines(Path.Combine(folder, "synonyms.txt")).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#');
        template["template"]!["settings"]!["index"]!["analysis"]!["filter"]!["synonyms"]!["synonyms"] = new JsonArray([.. synonyms.Select(s => (JsonNode)s)]);
        return new IndexTemplate(template.ToJsonString());
    }

    /// <summary>
    /// Settings and mappings to create an index with, complete in themselves: what the template says and the field of the vectors. Further settings are the caller's.
    /// </summary>
    /// <param name="dimensions">Length of the vectors; 0 for an index without.</param>
    /// <param name="engine">What holds them.</param>
    public JsonObject IndexBody(int dimensions, OpenSearchVectorEngine engine)
    {
        var body = JsonNode.Parse(_body)!["template"]!.AsObject();
        if (dimensions == 0)
        {
            // An index without vectors works on a cluster without the k-NN plugin.
            body["settings"]!["index"]!.AsObject().Remove("knn");
            return body.DeepClone().AsObject();
        }

        body["mappings"]!["properties"]![IndexFields.Embedding] = new JsonObject
        {
            ["type"] = "knn_vector",
            ["dimension"] = dimensions,
            ["space_type"] = "cosinesimil",
            ["method"] = new JsonObject
            {
                ["name"] = "hnsw",
                ["engine"] = engine == OpenSearchVectorEngine.Faiss ? "faiss" : "lucene",
                ["parameters"] = new JsonObject { ["m"] = LinksPerNode, ["ef_construction"] = BuildBreadth },
            },
        };
        return body.DeepClone().AsObject();
    }
}
