using System.Security.Cryptography;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.Router.Calls;
using AiPlatform.Router.OpenAiWire;
using AiPlatform.Router.Routing;
using AiPlatform.Router.Targets;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletions(IChatClient chat, IOptions<RouterOptions> options, TimeProvider time)
{
    public const string Path = "/v1/chat/completions";

    private const int IdBytes = 12;

    /// <summary>Answers, whole or as events.</summary>
    public async Task AnswerAsync(OpenAiRequest request)
    {
        var asked = await ReadAsync(request.Http);
        var call = new RouterCall(request.Caller.Scope, request.RequestId);
        var chatOptions = new RouterChatOptions(call);
        asked.Apply(chatOptions);
        chatOptions.ModelId = asked.Model;
        var id = "chatcmpl-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        await (asked.Stream ? StreamAsync(request.Http, asked, chatOptions, id) : WholeAsync(request.Http, asked, chatOptions, id));
    }

    private async Task<ChatRequest> ReadAsync(HttpContext http)
    {
        using var body = await RequestBody.ReadAsync(http.Request, options.Value.MaxRequestBytes, http.RequestAborted)
            ?? throw new RouterException(RouterFault.TooLarge, $"The body is larger than {options.Value.MaxRequestBytes} bytes.");
        return MediaTypes.IsJson(http.Request.ContentType)
            ? ChatRequestReader.Read(body.Bytes)
            : throw new RouterException(RouterFault.InvalidRequest, "Send Content-Type: application/json.") { Argument = "Content-Type" };
    }

    private async Task WholeAsync(HttpContext http, ChatRequest asked, RouterChatOptions chatOptions, string id)
    {
        var answer = await chat.GetResponseAsync(asked.Messages, chatOptions, http.RequestAborted);
        http.Response.ContentType = "application/json";
        CompletionWriter.Write(http.Response.BodyWriter, answer, id, ModelOf(chatOptions), time.GetUtcNow());
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private async Task StreamAsync(HttpContext http, ChatRequest asked, RouterChatOptions chatOptions, string id)
    {
        var updates = chat.GetStreamingResponseAsync(asked.Messages, chatOptions, http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);
        await using (updates)
        {
            // The first piece decides between an answer and an error with a status of its own.
            var more = await updates.MoveNextAsync();
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-cache";
            var output = http.Response.BodyWriter;
            using var events = new ChunkWriter(output, id, ModelOf(chatOptions), time.GetUtcNow(), asked.IncludeUsage);
            try
            {
                while (more)
                {
                    events.Write(updates.Current);
                    var next = updates.MoveNextAsync();
                    if (!next.IsCompleted)
                    {
                        // Pieces that come together go out together; nothing waits for one that is not there.
                        await output.FlushAsync(http.RequestAborted);
                    }

                    more = await next;
                }

                events.Done();
            }
            catch (RouterException failure)
            {
                events.Fail(failure);
            }

            await output.FlushAsync(http.RequestAborted);
        }
    }

    private static string ModelOf(RouterChatOptions chatOptions) => chatOptions.Call.AnsweredBy?.Target.Model ?? chatOptions.ModelId ?? ModelRouter.AnyModel;
}
