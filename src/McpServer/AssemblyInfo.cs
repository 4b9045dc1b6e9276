using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AiPlatform.McpServer.Tests")]
[assembly: InternalsVisibleTo("AiPlatform.Bench")]
