using AiPlatform.Core.Access;

namespace AiPlatform.Architecture.Tests.Fixtures;

/// <summary>Keeps the contract and offers a way around it.</summary>
public sealed class SideDoorCatalog : ISoundContract, IDisposable
{
    private string _seen = "";

    public ValueTask<string> ReadAsync(AccessScope scope, string id) => ValueTask.FromResult(_seen = id);

    public ValueTask<string> PeekAsync(string id) => ValueTask.FromResult(_seen + id);

    public void Dispose() => GC.SuppressFinalize(this);
}
