using System.Text.Json;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>What became of the items of a bulk.</summary>
/// <param name="Again">Indexes of items to send again.</param>
/// <param name="Refused">Items that will never go through.</param>
/// <param name="Fault">Why items are to be sent again, or what concerns the whole index; null when nothing is.</param>
/// <param name="IsFenced">Whether the alias written through is gone: another run took over.</param>
internal sealed record BulkAnswer(List<int> Again, List<BulkRefusal> Refused, OpenSearchException? Fault, bool IsFenced)
{
    /// <summary>Reads the answer: one entry an item, in the order they were sent.</summary>
    /// <exception cref="OpenSearchException">It is no answer to this batch.</exception>
    public static BulkAnswer Read(JsonElement root, BulkBatch batch)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array || items.GetArrayLength() != batch.Items.Count)
        {
            throw new OpenSearchException(OpenSearchErrors.InvalidAnswer, "OpenSearch answered a bulk of products with something else than one outcome each. Check what stands between the platform and the cluster.");
        }

        var (again, refused, fenced) = (new List<int>(), new List<BulkRefusal>(), false);
        OpenSearchException? fault = null;
        if (!root.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.False)
        {
            var at = -1;
            foreach (var item in items.EnumerateArray())
            {
                at++;
                var (status, type, reason) = Outcome(item);
                switch (Judge(status, type))
                {
                    case Verdict.Done:
                        break;
                    case Verdict.Fenced:
                        fenced = true;
                        break;
                    case Verdict.Again:
                        again.Add(at);
                        fault ??= FaultOf(status, type, reason);
                        break;
                    case Verdict.Refused:
                        refused.Add(new BulkRefusal(batch.Items[at].Slot, batch.Items[at].Sequence, type, reason));
                        break;
                }
            }
        }

        return new BulkAnswer(again, refused, fault, fenced);
    }

    private static Verdict Judge(int status, string type) => (status, type) switch
    {
        // 409: this very write, or a later one, is there already. 404 of a delete: it is gone already.
        ( >= 200 and < 300, _) or (409, _) or (404, "") => Verdict.Done,
        (404, _) => Verdict.Fenced,
        (_, "cluster_block_exception") or (401 or 403 or 429 or >= 500, _) => Verdict.Again,
        _ => Verdict.Refused,
    };

    private static (int Status, string Type, string Reason) Outcome(JsonElement item)
    {
        var outcome = item.EnumerateObject().First().Value;
        if (!outcome.TryGetProperty("error", out var error))
        {
            return (outcome.GetProperty("status").GetInt32(), "", "");
        }

        var (type, reason, _) = ErrorBody.Of(error);
        return (outcome.GetProperty("status").GetInt32(), type.Length == 0 ? "unknown" : type, reason);
    }

    private static OpenSearchException FaultOf(int status, string type, string reason)
    {
        var code = (status, type) switch
        {
            (_, "cluster_block_exception") => OpenSearchErrors.Blocked,
            (401, _) => OpenSearchErrors.Unauthorized,
            (403, _) => OpenSearchErrors.Forbidden,
            (429, _) => OpenSearchErrors.Overloaded,
            _ => OpenSearchErrors.Unavailable,
        };
        var advice = code == OpenSearchErrors.Blocked ? " Free disk space or lift the block." : "";
        return new OpenSearchException(code, $"OpenSearch answered products of a bulk with {status}: {type}, {reason}.{advice}") { Status = status, Type = type, Reason = reason };
    }

    private enum Verdict
    {
        Done,
        Again,
        Refused,
        Fenced,
    }
}
