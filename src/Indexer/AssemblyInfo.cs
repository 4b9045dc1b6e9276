using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AiPlatform.Indexer.Tests")]
