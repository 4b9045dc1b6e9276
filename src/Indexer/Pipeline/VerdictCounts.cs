using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>How many changes mean what.</summary>
internal sealed class VerdictCounts
{
    public int Added { get; private set; }

    public int Updated { get; private set; }

    /// <summary>Products that stay as they are because the same row came.</summary>
    public int Kept { get; private set; }

    public int Deleted { get; private set; }

    public int Stale { get; private set; }

    /// <summary>Products that stay although a row of them came, because it was stale.</summary>
    public int StaleKept { get; private set; }

    public bool HasChange => Added + Updated + Deleted > 0;

    public void Count(Verdict verdict, ProductStamp? before)
    {
        switch (verdict)
        {
            case Verdict.Add:
                Added++;
                break;
            case Verdict.Update:
                Updated++;
                break;
            case Verdict.Keep:
                Kept++;
                break;
            case Verdict.Delete:
                Deleted++;
                break;
            case Verdict.Stale:
                Stale++;
                StaleKept += before is null ? 0 : 1;
                break;
            default:
                break;
        }
    }
}
