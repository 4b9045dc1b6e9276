namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>A member of the parameters that is not what the protocol asks for.</summary>
/// <param name="Path">Where it is, such as <c>argument.value</c>; grows from the inside out.</param>
/// <param name="Message">What is wrong with it, to be read after the path.</param>
/// <param name="IsCaseVariant">Whether the name is the protocol's in another case: two readers could understand the message differently.</param>
internal sealed record ParameterFault(string Path, string Message, bool IsCaseVariant = false)
{
    /// <summary>The same, seen from one level further out.</summary>
    public ParameterFault In(string outer) => this with { Path = Path.Length == 0 ? outer : Path[0] == '[' ? outer + Path : $"{outer}.{Path}" };
}
