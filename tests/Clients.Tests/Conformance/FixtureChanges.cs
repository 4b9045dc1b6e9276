using System.Globalization;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>Changes what the product itself offers, as an operator would: an edit of the policy takes the right to read products away from the caller's group, the next gives it back.</summary>
internal sealed class FixtureChanges(FixedPolicy policy)
{
    private const string Group = "eu-retail";

    private int _edits;

    public void Edit()
    {
        var edit = Interlocked.Increment(ref _edits);
        var whole = FixedPolicy.Create(edit.ToString(CultureInfo.InvariantCulture));
        policy.Current = edit % 2 == 0 ? whole : whole with { Groups = whole.Groups.SetItem(Group, whole.Groups[Group] with { Permissions = [] }) };
    }
}
