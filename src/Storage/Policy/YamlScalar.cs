namespace AiPlatform.Storage.Policy;

/// <summary>A scalar; <paramref name="Plain"/> when it was written without quotes.</summary>
internal sealed record YamlScalar(string Text, bool Plain, long Line, long Column) : YamlNode(Line, Column)
{
    /// <summary>An empty, <c>~</c> or <c>null</c> plain scalar.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}
