using AiPlatform.Core.Access;

namespace AiPlatform.Architecture.Tests.Fixtures;

public interface ISoundContract
{
    ValueTask<string> ReadAsync(AccessScope scope, string id);
}
