using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Routing;

/// <summary>Estimates tokens without any model's own tokenizer: four characters of text a token, as English has on average, and a fixed number an image. Good for bounds, not for bills.</summary>
public static class TokenEstimate
{
    /// <summary>Tokens an image stands for: about one of 1,024 by 1,024 pixels.</summary>
    public const int Image = 1_000;

    private const int CharactersPerToken = 4;
    private const int PerMessage = 4;

    /// <summary>Tokens of a conversation; O(contents).</summary>
    public static int Of(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var (characters, others) = (0L, 0L);
        foreach (var message in messages)
        {
            others += PerMessage;
            foreach (var content in message.Contents)
            {
                switch (content)
                {
                    case TextContent text:
                        characters += text.Text.Length;
                        break;
                    case FunctionCallContent call:
                        characters += call.Name.Length + ((call.RawRepresentation as string)?.Length ?? 0);
                        break;
                    case FunctionResultContent { Result: string result }:
                        characters += result.Length;
                        break;
                    case DataContent or UriContent:
                        others += Image;
                        break;
                }
            }
        }

        return (int)Math.Min((characters / CharactersPerToken) + others, int.MaxValue);
    }
}
