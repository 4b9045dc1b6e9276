using System.Collections.Immutable;

namespace AiPlatform.Indexer.Mapping;

/// <summary>A mapping file cannot be used. Names every mistake at once.</summary>
/// <param name="name">The file.</param>
/// <param name="errors">The mistakes, at least one.</param>
public sealed class MappingException(string name, ImmutableArray<MappingError> errors)
    : Exception($"The mapping {name} has {errors.Length} mistake{(errors.Length == 1 ? "" : "s")}:{string.Concat(errors.Select(e => $"{Environment.NewLine}  line {e.Line}, {e.Field}: {e.Message}"))}")
{
    /// <summary>The mistakes in file order.</summary>
    public ImmutableArray<MappingError> Errors { get; } = errors;
}
