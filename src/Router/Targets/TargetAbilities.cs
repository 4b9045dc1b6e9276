namespace AiPlatform.Router.Targets;

/// <summary>What a request may need and a target may be able to.</summary>
[Flags]
public enum TargetAbilities
{
    /// <summary>Text in, text out.</summary>
    None = 0,

    /// <summary>Calls tools.</summary>
    Tools = 1,

    /// <summary>Sees images.</summary>
    Images = 2,

    /// <summary>Answers by a JSON schema.</summary>
    JsonSchema = 4,

    /// <summary>Takes parameters of OpenAI's protocol that have no name of their own here, such as <c>logprobs</c>.</summary>
    OpenAiParameters = 8,

    /// <summary>Makes embeddings.</summary>
    Embeddings = 16,
}
