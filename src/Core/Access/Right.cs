using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>
/// A right that something here asks for: what a <see cref="Permission"/> has to cover. <see cref="All"/> is the one table of them: scopes offered to
/// clients, the checks of a policy file and its documentation come from it, so what is not in it cannot be asked for.
/// </summary>
public sealed record Right
{
    private const string Catalog = "catalog";

    private Right(string resource, string action, string? condition = null, bool isServed = true)
    {
        Resource = resource;
        Action = action;
        Condition = condition;
        IsServed = isServed;
    }

    /// <summary>See products, as far as the other rules go.</summary>
    public static Right ReadProducts { get; } = new(DataFilter.Products, "read", Catalog);

    /// <summary>Ask why a caller sees a product. An administrator's own right: a ceiling that does not reach it leaves no administrator.</summary>
    public static Right ExplainAccess { get; } = new("access", "explain");

    /// <summary>List API keys, never their secrets.</summary>
    public static Right ReadKeys { get; } = new("keys", "read");

    /// <summary>Make and revoke API keys. No client can: the command line does.</summary>
    public static Right WriteKeys { get; } = new("keys", "write", isServed: false);

    /// <summary>See the jobs and generations of a catalog.</summary>
    public static Right ReadReindex { get; } = new("reindex", "read", Catalog);

    /// <summary>Start a job, and see and give up the job one started.</summary>
    public static Right StartReindex { get; } = new("reindex", "start", Catalog);

    /// <summary>Cancel any job of a catalog.</summary>
    public static Right CancelReindex { get; } = new("reindex", "cancel", Catalog);

    /// <summary>Make the previous generation live again.</summary>
    public static Right RollbackReindex { get; } = new("reindex", "rollback", Catalog);

    /// <summary>Every right there is, in the order of the documentation.</summary>
    public static ImmutableArray<Right> All { get; } =
        [ReadProducts, ReadReindex, StartReindex, CancelReindex, RollbackReindex, ExplainAccess, ReadKeys, WriteKeys];

    /// <summary>The resource, such as <c>products</c>.</summary>
    public string Resource { get; }

    /// <summary>The action, such as <c>read</c>.</summary>
    public string Action { get; }

    /// <summary>The condition a permission may set for it; null when it knows none and any condition makes a permission give nothing.</summary>
    public string? Condition { get; }

    /// <summary>Whether something a client can call asks for it, so that it is worth asking an authorization server for.</summary>
    public bool IsServed { get; }

    /// <summary>The right as a scope writes it, <c>resource:action</c>.</summary>
    public string Name => $"{Resource}:{Action}";
}
