using System.Text.Json;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>The answers of a <see cref="MultiSearch"/>. Elements must not be used after <see cref="Dispose"/>.</summary>
internal sealed class MultiAnswer : IDisposable
{
    private readonly OpenSearchResponse _response;
    private readonly JsonElement[] _answers;

    /// <exception cref="OpenSearchException">The answer is not one of as many searches.</exception>
    public MultiAnswer(OpenSearchResponse response, int expected)
    {
        _response = response;
        _answers = response.Root.ValueKind == JsonValueKind.Object && response.Root.TryGetProperty("responses", out var answers) && answers.ValueKind == JsonValueKind.Array
            ? [.. answers.EnumerateArray()]
            : [];
        if (_answers.Length != expected)
        {
            response.Dispose();
            throw new OpenSearchException(OpenSearchErrors.InvalidAnswer, $"OpenSearch answered {_answers.Length} of {expected} searches of one request. Check that nothing between server and cluster changes answers.");
        }
    }

    /// <summary>Milliseconds the cluster says that all took.</summary>
    public int Took => _response.Took;

    /// <summary>The answer of a search.</summary>
    /// <exception cref="OpenSearchException">That search failed.</exception>
    public JsonElement this[int search] => Failure(search) is { } failure ? throw failure : _answers[search];

    /// <summary>Why a search failed; null when it did not.</summary>
    public OpenSearchException? Failure(int search)
    {
        var answer = _answers[search];
        if (answer.TryGetProperty("error", out var error))
        {
            return Read(error, answer.TryGetProperty("status", out var status) && status.TryGetInt32(out var code) ? code : 0);
        }

        var partial = (answer.TryGetProperty("timed_out", out var late) && late.ValueKind == JsonValueKind.True)
            || (answer.TryGetProperty("_shards", out var shards) && shards.TryGetProperty("failed", out var failed) && failed.TryGetInt32(out var lost) && lost > 0);
        return partial ? new OpenSearchException(OpenSearchErrors.Unavailable, "OpenSearch answered a search from a part of its shards only. Check the cluster's health.") : null;
    }

    public void Dispose() => _response.Dispose();

    private static OpenSearchException Read(JsonElement error, int status)
    {
        var type = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("type", out var t) ? t.GetString() ?? "" : "";
        var reason = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("reason", out var r) ? r.GetString() ?? "" : error.ToString();
        // "All shards failed" says nothing: the shard's own words do.
        if (error.ValueKind == JsonValueKind.Object && (Reason(error, "root_cause") ?? Reason(error, "failed_shards") ?? Reason(error, "caused_by")) is { } cause)
        {
            reason = cause;
        }

        var found = status switch
        {
            429 => OpenSearchErrors.Overloaded,
            503 or 504 => OpenSearchErrors.Unavailable,
            >= 500 => OpenSearchErrors.Failed,
            _ => OpenSearchErrors.Rejected,
        };
        return new OpenSearchException(found, $"OpenSearch refused a search ({status}, {type}): {reason}") { Status = status, Type = type, Reason = reason };
    }

    private static string? Reason(JsonElement error, string name)
    {
        if (!error.TryGetProperty(name, out var cause))
        {
            return null;
        }

        cause = cause.ValueKind != JsonValueKind.Array ? cause : cause.GetArrayLength() > 0 ? cause[0] : default;
        while (cause.ValueKind == JsonValueKind.Object && cause.TryGetProperty("reason", out var reason))
        {
            if (reason.ValueKind == JsonValueKind.String)
            {
                return reason.GetString();
            }

            cause = reason;
        }

        return null;
    }
}
