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
        var (type, reason, index) = ErrorBody.Of(error);
        var code = status switch
        {
            429 => OpenSearchErrors.Overloaded,
            503 or 504 => OpenSearchErrors.Unavailable,
            >= 500 => OpenSearchErrors.Failed,
            _ => OpenSearchErrors.Rejected,
        };
        return new OpenSearchException(code, $"OpenSearch refused a search ({status}, {type}): {reason}") { Status = status, Type = type, Reason = reason, Index = index };
    }
}
