namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>A value of a field, as its term in the index.</summary>
/// <param name="Field">Canonical field name.</param>
/// <param name="Term">The whole term, a specification's name included.</param>
internal readonly record struct FieldValueTerm(string Field, string Term)
{
    /// <summary>Names it among others.</summary>
    public string Key => $"{Field}\0{Term}";
}
