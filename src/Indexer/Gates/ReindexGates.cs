using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Gates;

/// <summary>What stands between a finished generation and its swap. A gate that refuses is opened by an override of its name, which is audited first; no override opens the leak probes. Thread-safe.</summary>
/// <param name="live">Answers from the live generation; null to compare with none.</param>
/// <param name="policies">The policy whose groups are tried; null for made-up callers only.</param>
/// <param name="audit">Where overrides are written down; without it there are none.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told what each gate measured.</param>
public sealed class ReindexGates(ICatalogIndex? live, IAccessPolicySource? policies, IAccessAudit? audit, TimeProvider time, ILogger<ReindexGates> logger)
{
    /// <summary>A node that answers again may still be opening its indexes: so many pauses are given to it.</summary>
    private const int MaxAttempts = 120;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ImmutableArray<IReindexGate> _gates = [new CountsGate(), new ParityGate(), new VectorsGate(), new LeaksGate(policies, time), new CanariesGate(), new RelevanceGate()];

    internal ICatalogIndex? Live => live;

    /// <summary>Refuses overrides of gates that there are not or that cannot be opened, and reasons that say nothing.</summary>
    /// <exception cref="ReindexException">An override is wrong (<c>invalid_override</c>).</exception>
    internal static void CheckOverrides(IReadOnlyDictionary<string, string> overrides)
    {
        foreach (var (gate, reason) in overrides)
        {
            if (!GateNames.Overridable.Contains(gate, StringComparer.Ordinal))
            {
                throw new ReindexException("invalid_override", gate == GateNames.Leaks
                    ? "The gate 'leaks' cannot be overridden: what it refuses would show products to people who may not see them."
                    : $"There is no gate '{gate}'. Choose one of {string.Join(", ", GateNames.Overridable)}.");
            }

            if (reason.Trim().Length is < 5 or > 500)
            {
                throw new ReindexException("invalid_override", $"The override of the gate '{gate}' needs a reason of 5 to 500 characters: it is written to the audit.");
            }
        }
    }

    /// <summary>Passes one result on, opened by its override where it refuses and there is one.</summary>
    /// <exception cref="ReindexException">It refuses.</exception>
    /// <exception cref="AccessRefusedException">The override cannot be written to the audit.</exception>
    internal GateResult Demand(AccessScope system, ReindexRequest request, GateResult result)
    {
        Log.GateMeasured(logger, request.Catalog, result.Gate, result.Passed, result.Measured, result.Threshold);
        if (result.Passed)
        {
            return result;
        }

        if (audit is null || !GateNames.Overridable.Contains(result.Gate, StringComparer.Ordinal) || !request.Overrides.TryGetValue(result.Gate, out var reason))
        {
            throw new ReindexException(result);
        }

        audit.SystemScopeIssued(system.Subject, $"gate '{result.Gate}' of catalog '{request.Catalog}' overridden ({result.Measured:0.####} measured, {result.Threshold:0.####} allowed): {reason}");
        Log.GateOverridden(logger, request.Catalog, result.Gate, system.Subject, reason);
        return result with { OverrideReason = reason };
    }

    /// <summary>Passes all gates, one after the other.</summary>
    /// <exception cref="ReindexException">One refuses, or cannot measure.</exception>
    internal async ValueTask<ImmutableArray<GateResult>> PassAsync(ReindexRequest request, Candidate candidate, CancellationToken cancellationToken)
    {
        var results = ImmutableArray.CreateBuilder<GateResult>();
        foreach (var gate in _gates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                results.Add(Demand(candidate.System, request, await CheckAsync(gate, candidate, cancellationToken).ConfigureAwait(false)));
            }
            catch (GateFileException e)
            {
                throw new ReindexException("invalid_gate_file", $"{e.Message} The catalog is left as it is.");
            }
        }

        return results.ToImmutable();
    }

    /// <summary>What a gate measures. It only reads, so an engine that goes away in the middle is waited for and asked again: a build of hours does not end by a restart of a node.</summary>
    private async ValueTask<GateResult> CheckAsync(IReindexGate gate, Candidate candidate, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await gate.CheckAsync(candidate, cancellationToken).ConfigureAwait(false);
            }
            catch (CatalogEngineException away) when (away.IsTransient && candidate.ReadyAsync is not null && attempt < MaxAttempts)
            {
                Log.GateWaits(logger, candidate.Catalog, away.Message);
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
                await candidate.ReadyAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
