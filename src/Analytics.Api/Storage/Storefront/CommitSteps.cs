using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Storage.Storefront;

/// <summary>The steps that one commit's events are.</summary>
sealed class CommitSteps(byte[] hashKey, List<NewEvent> events)
{
    public const string VisitorField = "visitor_id";

    const string AddSql = "insert into storefront_deltas (workspace_id, commit, steps) values ($1, $2, $3)";

    readonly List<(NewEvent Event, int Step, UInt128 Visitor)> taken = [.. Of(hashKey, events)];

    /// <summary>Under the lock: sees to it that the visitors have numbers.</summary>
    public Task AssignAsync(TextNumbers numbers, CancellationToken cancel) =>
        taken.Count == 0 ? Task.CompletedTask : numbers.AssignAsync(TextKind.Visitor, taken.Select(step => step.Visitor), cancel);

    /// <summary>The statement that stores them; null when there are none.</summary>
    public NpgsqlBatchCommand? Save(WorkspaceWrite write)
    {
        if (taken.Count == 0)
            return null;
        var steps = taken.ConvertAll(step => new VisitorStep(
            step.Event.Incoming.Timestamp, step.Step, write.Names.Texts.Find(TextKind.Visitor, step.Visitor)));
        steps.Sort(VisitorStep.Compare);
        return Sql.Statement(AddSql, [write.Counters.Workspace, write.Counters.Commit, PackedSteps.Pack(steps)]);
    }

    static IEnumerable<(NewEvent Event, int Step, UInt128 Visitor)> Of(byte[] hashKey, List<NewEvent> events)
    {
        foreach (var e in events)
            if (StorefrontSteps.Of(e.Incoming.Name) is >= 0 and var step
                && MetadataPath.TryReadString(e.Incoming.Metadata.Span, VisitorField, out var visitor) && visitor.Length > 0)
                yield return (e, step, HashedId.Of(hashKey, KeyKind.Visitor, e.Incoming.Portal, visitor));
    }
}
