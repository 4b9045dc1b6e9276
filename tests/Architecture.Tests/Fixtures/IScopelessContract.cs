using AiPlatform.Core.Access;

namespace AiPlatform.Architecture.Tests.Fixtures;

/// <summary>Breaks the scope-first rule in every way there is.</summary>
public interface IScopelessContract
{
    int Count { get; }

    ValueTask<string> ReadAsync(string id);

    ValueTask<string> ReadLateAsync(string id, AccessScope scope);

    ValueTask<string> ReadOptionalAsync(AccessScope scope = null!);

    ValueTask<string> ReadNullableAsync(AccessScope? scope, string id);

    ValueTask<string> ReadSoundAsync(AccessScope scope, string id);
}
