using Analytics.Sketches;
using Analytics.Storage.Apps;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;

namespace Analytics.Storage.Writing;

/// <summary>Stores invocations of apps' server routes: their rows, and what they count for.</summary>
sealed class InvocationRows() : KindWriter(
    InvocationFacts.Section.Kind,
    "invocations (timestamp, id, duration, memory, commit, workspace_id, app, status, method, path, username, error)")
{
    readonly CommitFacts counted = new(InvocationFacts.Section);
    readonly ByteWriter packed = new();

    public override NewFact New(WriteRequest request, IncomingFact fact) => new NewInvocation(request, (IncomingInvocation)fact);

    public override KindWrite Begin(Workspace workspace, IReadOnlyList<NewFact> facts) =>
        new InvocationWrite(this, [.. facts.Cast<NewInvocation>()]);

    void AddRow(NewInvocation invocation, long commit)
    {
        var incoming = invocation.Incoming;
        Rows.StartRow(12);
        Rows.Timestamp(incoming.Timestamp);
        Rows.Int64(EventId.TailOf(invocation.Id));
        Rows.Int64(incoming.Duration);
        Rows.Int64(incoming.Memory);
        Rows.Int64(commit);
        Rows.Int32(invocation.Request.Workspace.Key);
        Rows.Int32(incoming.App);
        Rows.Int16(incoming.Status);
        Rows.Text(incoming.Method.Span);
        Rows.Text(incoming.Path.Span);
        Rows.Text(incoming.Username.Span);
        Rows.Text(incoming.Error.Span);
    }

    sealed class InvocationWrite(InvocationRows rows, List<NewInvocation> invocations) : KindWrite
    {
        public override Task LinkAsync(WorkspaceWrite write, CancellationToken cancel)
        {
            foreach (var invocation in InOrderOfTime(invocations))
                rows.AddRow(invocation, write.Counters.Commit);
            return Task.CompletedTask;
        }

        public override IEnumerable<PackedDelta> Finish(WorkspaceWrite write)
        {
            rows.counted.Clear();
            foreach (var invocation in invocations)
                InvocationKind.Count(
                    rows.counted, invocation.Incoming.Timestamp, invocation.Incoming.App,
                    InvocationFacts.HasFailed(invocation.Incoming.Status, !invocation.Incoming.Error.IsEmpty),
                    invocation.Incoming.Duration, invocation.Incoming.Memory);
            return [PackedDelta.Of(rows.counted, rows.packed)];
        }
    }
}
