using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>
/// Which node is asked next. Nodes take turns; one that failed is left alone for a second, then two, four … up to a minute. When every node
/// failed several times in a row the circuit opens: requests fail at once until one, let through to try, succeeds. Thread-safe.
/// </summary>
internal sealed class ClusterNodes(OpenSearchOptions options, TimeProvider time, ILogger logger)
{
    private const int MaxBackOffSeconds = 60;
    private readonly Lock _gate = new();
    private readonly ClusterNode[] _nodes = [.. options.Nodes.Select(n => new ClusterNode(new Uri(n)))];
    private OpenSearchException? _last;
    private int _turn;
    private int _failures;
    private long _openUntil;
    private bool _trying;

    /// <summary>Nodes there are.</summary>
    public int Count => _nodes.Length;

    /// <summary>How often the cluster came back after nothing could reach it: what was learned of it before may have changed.</summary>
    public int Reconnections { get; private set; }

    /// <summary>The node to ask.</summary>
    /// <exception cref="OpenSearchException">The circuit is open.</exception>
    public ClusterNode Take()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_openUntil != 0)
            {
                if (now < _openUntil || _trying)
                {
                    throw Open();
                }

                _trying = true;
            }

            for (var i = 0; i < _nodes.Length; i++)
            {
                _turn = (_turn + 1) % _nodes.Length;
                if (_nodes[_turn].DeadUntil <= now)
                {
                    return _nodes[_turn];
                }
            }

            // All are thought dead: the one whose rest ends first is as good a guess as any, and better than an error.
            return _nodes.MinBy(n => n.DeadUntil)!;
        }
    }

    /// <summary>The node answered.</summary>
    public void Succeeded(ClusterNode node)
    {
        lock (_gate)
        {
            if (node.Failures > 0)
            {
                Log.NodeBack(logger, node.Name);
            }

            if (_failures >= _nodes.Length && _nodes.All(n => n.Failures > 0))
            {
                Reconnections++;
            }

            (node.Failures, node.DeadUntil) = (0, 0);
            (_failures, _openUntil, _trying) = (0, 0, false);
        }
    }

    /// <summary>The node could not be reached, hung up or was late.</summary>
    public void Failed(ClusterNode node, OpenSearchException reason)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            node.Failures++;
            var seconds = Math.Min(MaxBackOffSeconds, 1L << Math.Min(node.Failures - 1, 6));
            node.DeadUntil = now + (seconds * time.TimestampFrequency);
            if (node.Failures == 1)
            {
                Log.NodeLost(logger, node.Name, reason.Message);
            }

            _failures++;
            _last = reason;
            if (_trying || _failures >= options.BreakerFailures * _nodes.Length)
            {
                _openUntil = now + (options.BreakerMilliseconds * time.TimestampFrequency / 1000);
                _trying = false;
            }
        }
    }

    /// <summary>What is told instead of asking: it is no more and no less than the last failure, which was the true cause.</summary>
    private OpenSearchException Open() => new(
        _last?.Code == OpenSearchErrors.Untrusted ? OpenSearchErrors.Untrusted : OpenSearchErrors.Unavailable,
        $"OpenSearch did not answer lately ({string.Join(", ", _nodes.Select(n => n.Name))}), so it is not asked for a moment. {_last?.Message}",
        _last) { NeverSent = true, CircuitOpen = true };

    /// <summary>The request was given up by its caller: that says nothing of the node, and another may try.</summary>
    public void Abandoned()
    {
        lock (_gate)
        {
            _trying = false;
        }
    }
}
