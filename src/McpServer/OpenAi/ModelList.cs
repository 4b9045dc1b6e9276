using System.Text.Json;
using AiPlatform.Router.Routing;

namespace AiPlatform.McpServer.OpenAi;

/// <summary><c>GET /v1/models</c>: the models the caller may use, and no other.</summary>
internal sealed class ModelList(IModelRouter router)
{
    public const string Path = "/v1/models";

    /// <summary>Lists them.</summary>
    public async Task ListAsync(OpenAiRequest request)
    {
        var output = request.Http.Response.BodyWriter;
        request.Http.Response.ContentType = "application/json";
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var model in router.List(request.Caller.Scope))
            {
                json.WriteStartObject();
                json.WriteString("id"u8, model.Model);
                json.WriteString("object"u8, "model"u8);
                json.WriteNumber("created"u8, 0);
                json.WriteString("owned_by"u8, model.Provider);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await output.FlushAsync(request.Http.RequestAborted);
    }
}
