using System.Collections.Immutable;

namespace AiPlatform.Core.Models;

/// <summary>One page of models.</summary>
/// <param name="Models">The models, by id and then newest version first.</param>
/// <param name="Total">How many models the caller sees that match.</param>
/// <param name="NextCursor">Cursor of the next page; null on the last.</param>
public sealed record ModelPage(ImmutableArray<ModelView> Models, int Total, string? NextCursor);
