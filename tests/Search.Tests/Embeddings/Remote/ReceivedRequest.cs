using System.Text.Json.Nodes;

namespace AiPlatform.Search.Tests.Embeddings.Remote;

/// <summary>A request as it came in.</summary>
internal sealed record ReceivedRequest(string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}
