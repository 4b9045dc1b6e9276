namespace AiPlatform.Search.Embedded.Writing;

/// <summary>A segment of a build.</summary>
/// <param name="Name">Its file.</param>
/// <param name="Count">Its products, dead ones included; 0 while it is open.</param>
/// <param name="Dead">Products replaced or deleted since.</param>
internal sealed record NewSegment(string Name, int Count, List<int> Dead);
