using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Analytics.Storage.Mcp;
using Analytics.Storage.People;
using Analytics.Storage.Sales;
using Analytics.Storage.Schema;
using Analytics.Storage.Storefront;
using Analytics.Storage.Traces;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>Stores events: rows, traces, what is known of shares and payments, the commit that streams read.</summary>
sealed class EventRows(CompleteTraces complete) : KindWriter(EventFacts.Section.Kind, """
    events (
        workspace_id, type, timestamp, id, seq, ingested_at, person, parent, trace, external_id, parent_ref, metadata, share, portal,
        cost_key, subscription)
    """)
{
    readonly CompleteTraces complete = complete;
    readonly CommitFacts facts = new(EventFacts.Section);
    readonly CommitFacts log = new(LogFacts.Section);
    readonly CommitSales sales = new();
    readonly McpCommit mcp = new();
    readonly UsageCount usage = new();
    readonly ByteWriter packed = new(64 * 1024);
    readonly List<(short Field, Int128 Value)> values = [];

    public override NewFact New(WriteRequest request, IncomingFact fact) => new NewEvent(request, (IncomingEvent)fact);

    public override KindWrite Begin(Workspace workspace, IReadOnlyList<NewFact> newFacts) =>
        new EventWrite(this, workspace, [.. newFacts.Cast<NewEvent>()]);

    void AddRow(NewEvent e, DateTime now)
    {
        var incoming = e.Incoming;
        Rows.StartRow(16);
        Rows.Int32(e.Request.Workspace.Key);
        Rows.Int32(e.Type);
        Rows.Timestamp(incoming.Timestamp);
        Rows.Uuid(e.Id);
        Rows.Int64(e.Sequence);
        Rows.Timestamp((now.Ticks - DateTime.UnixEpoch.Ticks) / 10);
        Rows.NumberOrNull(e.Person);
        Rows.UuidOrNull(e.Parent);
        Rows.UuidOrNull(e.Trace);
        Rows.TextOrNull(incoming.ExternalId.Span);
        Rows.TextOrNull(incoming.ParentId.Span);
        Rows.JsonOrNull(incoming.Metadata.Span);
        Rows.NumberOrNull(e.Share);
        Rows.UuidOrNull(incoming.Portal);
        Rows.Int32OrNull(e.CostKey);
        Rows.UuidOrNull(e is { CostKey: not null, Person: 0 } && e.Subscription != Guid.Empty ? e.Subscription : null);
    }

    sealed class EventWrite(EventRows rows, Workspace workspace, List<NewEvent> events) : KindWrite
    {
        readonly TraceLinks traces = new(workspace.Key, workspace.HashKey, rows.complete, events);
        readonly CommitSteps steps = new(workspace.HashKey, events);
        CostCurrency? currency;
        List<PackedDelta> booked = [];

        public override IEnumerable<NpgsqlBatchCommand> Questions() => traces.Questions();

        public override Task ReadAsync(NpgsqlDataReader answers, CancellationToken cancel) => traces.ReadAsync(answers, cancel);

        public override async Task LinkAsync(WorkspaceWrite write, CancellationToken cancel)
        {
            var (counters, names, connection) = (write.Counters, write.Names, write.Connection);
            await RegisteredFields.RefreshAsync(connection, names, counters, cancel);
            await TypeNumbers.AssignAsync(connection, names, counters, events, write.Now, cancel);
            var portals = await PortalCustomers.CheckAsync(connection, workspace.Key, events, cancel);
            await PeopleNumbers.AssignAsync(connection, names, counters, events, cancel);
            var texts = new TextNumbers(connection, workspace.Key, workspace.HashKey, names.Texts) { Written = counters.Sequence };
            await steps.AssignAsync(texts, cancel);
            currency = await CostCurrency.CheckAsync(connection, names, events, cancel);
            await traces.FindPortalParentsAsync(connection, portals, cancel);
            await traces.LinkAsync(connection, counters.Fields, names.Fields, cancel);
            var plain = new PlainKeys(connection, workspace.Key, texts, names.PlainKeys, adds: true);
            await CostKeys.AssignAsync(texts, plain, events, cancel);
            rows.sales.Clear();
            var ledger = new ShareLedger(
                new ShareStore(connection, workspace.Key), new SubscriptionStore(connection, workspace.Key), counters, workspace.HashKey);
            await ledger.BookAsync(events, rows.sales, cancel);
            await plain.LearnAsync(rows.sales.CostKeys, cancel);
            rows.sales.CountCosts(names.PlainKeys);
            foreach (var e in events)
            {
                e.Sequence = ++counters.Sequence;
                rows.AddRow(e, write.Now);
            }

            // What counts for several workspaces is packed before the next one has its turn.
            var used = await UsedAsync(write, texts, cancel);
            foreach (var statement in ledger.Save().Concat(rows.sales.Doubts(workspace.Key, counters.Commit)))
                write.Save(statement);
            booked = [.. rows.sales.Sections.Select(section => PackedDelta.Of(section, rows.packed))];
            booked.AddRange(used);
            booked.AddRange(await rows.mcp.BookAsync(events, write, texts, rows.packed, cancel));
        }

        public override IEnumerable<PackedDelta> Finish(WorkspaceWrite write)
        {
            if (currency?.Fix(write.Names) is { } first)
                write.Save(first);
            if (steps.Save(write) is { } taken)
                write.Save(taken);
            traces.AddUp(write.Names.Fields);
            foreach (var statement in traces.Save(write.Counters.Sequence))
                write.Save(statement);
            DeliveryRows.Add(
                write, events, static e => e is NewEvent { Incoming.Name: var name } && OwnNames.Events.Contains(name) ? name : null);
            write.Save(CommitRow.Add(write.Counters, events, write.Now));
            if (Invoices.Save(workspace.Key, workspace.HashKey, events) is { } invoices)
                write.Save(invoices);
            return [Counted(write.Names), .. booked, Logged()];
        }

        async Task<List<PackedDelta>> UsedAsync(WorkspaceWrite write, TextNumbers texts, CancellationToken cancel)
        {
            await write.Names.Units.RefreshAsync(write.Connection, write.Counters, cancel);
            rows.usage.Clear();
            foreach (var e in events)
                rows.usage.Add(
                    write.Names.Units.Of(e.Incoming.Name), UnitPart.All, e.Sequence, e.Incoming.Timestamp, e.Person,
                    e.Incoming.Metadata.Span, [], e.Incoming.Portal is not null);
            await rows.usage.NumberAsync(texts, cancel);
            return [.. rows.usage.Pack(rows.packed).Select(delta => new PackedDelta(delta.Section, delta.Facts, delta.Data))];
        }

        PackedDelta Logged()
        {
            rows.log.Clear();
            foreach (var e in events)
            {
                var kind = LogClass.Of(e.Incoming.Name, e.Incoming.Log);
                rows.log.Add(LogFacts.Section.KeyOf(e.Incoming.Timestamp, 0, kind.Number), LogFacts.Records, 1);
            }

            return PackedDelta.Of(rows.log, rows.packed);
        }

        PackedDelta Counted(WorkspaceNames names)
        {
            var (facts, values) = (rows.facts, rows.values);
            facts.Clear();
            foreach (var e in events)
            {
                var key = EventFacts.Section.KeyOf(e.Incoming.Timestamp, e.Person, e.Type);
                facts.Add(key, e.Incoming.Timestamp, 1, e.HasParent ? 0 : 1, e.Incoming.Fields.Cost ?? 0);
                if (OwnNames.Events.Contains(e.Incoming.Name))
                    facts.Add(key, EventFacts.ServiceEvents, 1);
                if (e.HasParent || traces.HasNode(e))
                    continue;
                values.Clear();
                EventValues.Of(e.Incoming, names.Fields, values);
                foreach (var (field, value) in values)
                    facts.AddValue(key, field, value, 1);
            }

            foreach (var root in traces.GrownRoots)
                foreach (var field in root.Sums.Keys)
                {
                    var (before, after) = (root.Counted?.GetValueOrDefault(field) ?? 0, root.Sums[field]);
                    if (before == after)
                        continue;
                    var key = EventFacts.Section.KeyOf(EventId.TimestampOf(root.Root)!.Value, root.Person!.Value, root.Type!.Value);
                    facts.AddValue(key, field, before, -1);
                    facts.AddValue(key, field, after, 1);
                }

            return PackedDelta.Of(facts, rows.packed);
        }
    }
}
