namespace AiPlatform.Search.Embedded;

/// <summary>A term of one view: the number keeps what one scope's statistics made away from every other scope.</summary>
/// <param name="View">Number of the view, never used twice in a generation.</param>
/// <param name="Term">The term.</param>
internal readonly record struct ViewTerm(long View, string Term);
