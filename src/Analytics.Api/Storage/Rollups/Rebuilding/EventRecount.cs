using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Analytics.Storage.Mcp;
using Analytics.Storage.Sales;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>Counts raw events anew: what they are, what traces come to at their roots, and what shares and payments count for.</summary>
sealed class EventRecount(RawCount count)
{
    const int EventsAtOnce = 100_000;

    const string EventsSql = """
        select e.type, coalesce(e.person, 0), e.timestamp, e.id, e.parent is null, e.metadata::text, coalesce(e.share, 0),
            coalesce(e.cost_key, -1), e.subscription, e.seq, e.usage
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
          and e.timestamp < $3
        """;

    const string TypesSql = "select type, name from event_types where workspace_id = $1";

    readonly CommitFacts facts = new(EventFacts.Section);
    readonly CommitFacts log = new(LogFacts.Section);
    readonly CommitSales sales = new() { From = count.From, To = count.To, HasCosts = count is { Only: null, Fields: null } };
    readonly ByteWriter packed = new();
    readonly Dictionary<int, string> names = [];
    readonly Dictionary<int, int> plain = [];
    List<string> registered = [];
    UsageRecount? usage;

    public async Task RunAsync(CancellationToken cancel)
    {
        registered = count.Registered ?? await RegisteredFields.ReadAsync(count.Reading, count.Workspace, cancel);
        await count.Reading.EachAsync(TypesSql, [count.Workspace], row => names.Add(row.GetInt32(0), row.GetString(1)), cancel);
        var traces = count.IsOfAllTime
            ? await TraceValues.OfAllAsync(count, registered, cancel)
            : await TraceValues.OfRootsAsync(count, registered, cancel);
        usage = count is { Fields: null, Only: null } ? await UsageRecount.OpenAsync(count, cancel) : null;
        var counted = count.Fields is null ? await SalesRecount.OpenAsync(sales, count.Reading, count.Workspace, cancel) : null;

        var (pending, done) = (0, 0L);
        await using var command = count.Reading.Command(
            $"{EventsSql} {count.AndOfPeople("coalesce(e.person, 0)")} order by e.timestamp, e.id", count.Values);
        command.CommandTimeout = 0;
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
            {
                Add(reader, traces, counted);
                if (++done % EventsAtOnce == 0)
                    count.Progress?.Report(done);
                if (++pending < EventsAtOnce)
                    continue;
                pending = 0;
                await GiveAsync(cancel);
            }

        counted?.AddExpiries();
        await GiveAsync(cancel);
        count.Progress?.Report(done);
    }

    void Add(NpgsqlDataReader reader, TraceValues traces, SalesRecount? counted)
    {
        var (type, person, id, timestamp) = (reader.GetInt32(0), reader.GetInt32(1), reader.GetGuid(3), reader.Microseconds(2));
        var isRoot = reader.GetBoolean(4);
        var metadata = reader.Bytes(5);
        var values = EventValues.Of(metadata, registered);
        var key = EventFacts.Section.KeyOf(timestamp, person, type);
        if (counted is not null)
        {
            var cost = values.Find(value => value.Field == FieldCatalogue.Cost).Value;
            facts.Add(key, timestamp, 1, isRoot ? 1 : 0, cost);
            if (OwnNames.Events.Contains(names[type]))
                facts.Add(key, EventFacts.ServiceEvents, 1);
            var logged = LogClass.Of(names[type], LogWords.In(metadata));
            log.Add(LogFacts.Section.KeyOf(timestamp, 0, logged.Number), LogFacts.Records, 1);
            usage?.Add(type, person, timestamp, reader.GetInt64(9), metadata, reader.Numbers(10));
            var named = new CostCount(
                reader.GetInt32(6), reader.GetFieldValue<Guid?>(8) ?? Guid.Empty, reader.GetInt32(7), timestamp, 1, cost);
            counted.Add(type, person, new Moment(timestamp, id), named, metadata);
        }

        if (!isRoot)
            return;
        traces.AddTo(id, values);
        foreach (var (field, value) in values)
            if (count.Fields?.Contains(field) != false)
                facts.AddValue(key, field, value, 1);
    }

    async Task GiveAsync(CancellationToken cancel)
    {
        if (sales.HasCosts)
            await CountCostsAsync(cancel);
        foreach (var part in (CommitFacts[])[facts, .. sales.Sections, log])
        {
            var delta = part.Pack(packed, out _);
            part.Clear();
            if (delta.Length > 0)
                await count.Add(part.Section, delta);
        }
        if (usage is not null)
            await usage.GiveAsync(cancel);
    }

    // What an older version of the service counted may have no number without its subscription.
    async Task CountCostsAsync(CancellationToken cancel)
    {
        var unknown = sales.CostKeys.Where(key => !plain.ContainsKey(key)).ToHashSet();
        if (unknown.Count > 0)
            await count.LockedAsync(async connection =>
            {
                var hashKey = await KeyHash.KeyOfAsync(connection, count.Workspace, cancel);
                var texts = new TextNumbers(connection, count.Workspace, hashKey, new KnownTexts());
                await new PlainKeys(connection, count.Workspace, texts, plain, adds: true).LearnAsync(unknown, cancel);
            }, cancel);
        sales.CountCosts(plain);
    }
}

/// <summary>Events: what products post and what the service says of them itself.</summary>
sealed class EventKind() : FactKind(
    "events", EventFacts.Section, SalesFacts.Section, LogFacts.Section, CostFacts.Section, CostFacts.OfSubscriptions,
    McpFacts.OfTools, McpFacts.OfAgents, McpFacts.OfSessions, UsageFacts.Everybody, UsageFacts.People, UsageFacts.Products)
{
    public override async Task RecountAsync(RawCount count, CancellationToken cancel)
    {
        if (count.Units is not null || count.Only == UsageFacts.Everybody || count.Only == UsageFacts.People
            || count.Only == UsageFacts.Products)
        {
            await (await UsageRecount.OpenAsync(count, cancel)).RunAsync(cancel);
            return;
        }

        // Money and sessions may count for others than the people whom their events name.
        if (count.Only is not { IsOfPeople: true })
            count = count with { People = null };
        if (count.Only?.CountedWith == CostFacts.Section)
        {
            await new CostRecount(count).RunAsync(cancel);
            return;
        }

        if (count.Only == EventFacts.Section && !count.HasValues)
        {
            await new EventSumsRecount(count).RunAsync(cancel);
            return;
        }

        if (count.Only is null || !McpRecount.Counts(count.Only))
            await new EventRecount(count).RunAsync(cancel);
        if (count.Fields is null && (count.Only is null || McpRecount.Counts(count.Only)))
            await new McpRecount(count).RunAsync(cancel);
    }
}
