using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AiPlatform.Search.Tests")]
[assembly: InternalsVisibleTo("AiPlatform.Bench")]
[assembly: InternalsVisibleTo("AiPlatform.Contracts.Tests")]
