namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>One server for all clients, one client at a time: two of them reindex the same catalogs.</summary>
[CollectionDefinition(Name)]
public sealed class RealServerCollection : ICollectionFixture<RealServer>
{
    public const string Name = "real server";
}
