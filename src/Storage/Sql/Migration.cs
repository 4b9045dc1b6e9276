namespace AiPlatform.Storage.Sql;

/// <summary>One step of the schema. Once released its text never changes; a correction is a new step.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">What it does, in a word or two.</param>
/// <param name="Sql">One text for both databases; <c>{identity}</c> stands for each one's self-counting primary key.</param>
internal sealed record Migration(int Number, string Name, string Sql);
