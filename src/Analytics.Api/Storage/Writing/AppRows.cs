using Analytics.Sketches;
using Analytics.Storage.Apps;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;

namespace Analytics.Storage.Writing;

/// <summary>
/// Stores views, devices, downloads and changes of storage: their rows, the numbers of whom they name, and what they count for.
/// </summary>
sealed class AppRows(Installation installation) : KindWriter(
    AppFacts.Views.Kind, "app_facts (timestamp, id, amount, commit, workspace_id, app, subject, kind)")
{
    readonly AppCount counted = new();
    readonly ByteWriter packed = new();
    byte[] deviceKey = [];

    public override async ValueTask OpenAsync(CancellationToken cancel) => deviceKey = await installation.SecretAsync(cancel);

    public override NewFact New(WriteRequest request, IncomingFact fact) =>
        new NewAppFact(request, (IncomingAppFact)fact, deviceKey);

    public override KindWrite Begin(Workspace workspace, IReadOnlyList<NewFact> facts) =>
        new AppWrite(this, workspace, [.. facts.Cast<NewAppFact>()]);

    void AddRow(NewAppFact fact, long commit)
    {
        Rows.StartRow(8);
        Rows.Timestamp(fact.Incoming.Timestamp);
        Rows.Int64(EventId.TailOf(fact.Id));
        Rows.Int64OrNull(AppFacts.HasAmount(fact.Incoming.What) ? fact.Incoming.Amount : null);
        Rows.Int64(commit);
        Rows.Int32(fact.Request.Workspace.Key);
        Rows.Int32(fact.Incoming.App);
        Rows.Int32(fact.Subject);
        Rows.Int16((short)fact.Incoming.What);
    }

    sealed class AppWrite(AppRows rows, Workspace workspace, List<NewAppFact> facts) : KindWrite
    {
        public override async Task LinkAsync(WorkspaceWrite write, CancellationToken cancel)
        {
            await new SubjectNumbers(write.Connection, workspace.Key, write.Names.Subjects).AssignAsync(facts, cancel);
            foreach (var fact in InOrderOfTime(facts))
                rows.AddRow(fact, write.Counters.Commit);
        }

        public override IEnumerable<PackedDelta> Finish(WorkspaceWrite write)
        {
            rows.counted.Clear();
            foreach (var fact in facts)
                rows.counted.Add(
                    fact.Incoming.What, fact.Incoming.Timestamp, fact.Incoming.App, fact.Subject, fact.Incoming.Amount);
            return [.. rows.counted.Sections.Select(section => PackedDelta.Of(section, rows.packed))];
        }
    }
}
