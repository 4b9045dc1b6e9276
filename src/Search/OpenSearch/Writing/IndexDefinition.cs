using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>What an index of a build is made with.</summary>
/// <param name="Body">Settings and mapping for its creation.</param>
/// <param name="Digest">Digest of them: indexes of the same digest hold documents of the same form, so that one can be cloned from another.</param>
internal sealed record IndexDefinition(JsonObject Body, string Digest)
{
    /// <summary>The definition for vectors of a length and the terms of an analyzer.</summary>
    public static IndexDefinition Of(WriteContext context, int dimensions, string analyzer)
    {
        var body = context.Template.IndexBody(dimensions, context.Options.VectorEngine);
        var index = body["settings"]!["index"]!.AsObject();
        index["number_of_shards"] = context.Options.Shards;

        // The terms are made here and not by the cluster, so nothing else in the body tells analyzers apart.
        var digest = DigestOf(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{analyzer}\n{body.ToJsonString()}")));

        // Nobody reads a build, so it is neither refreshed nor copied until it is finished.
        index["number_of_replicas"] = 0;
        index["refresh_interval"] = "-1";
        return new IndexDefinition(body, digest);
    }

    /// <summary>The body of the creation, with the alias that the run writes through.</summary>
    public byte[] Creation(string runAlias)
    {
        var body = Body.DeepClone().AsObject();
        body["aliases"] = new JsonObject { [runAlias] = new JsonObject() };
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }

    /// <summary>A digest in hexadecimal.</summary>
    public static string DigestOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
}
