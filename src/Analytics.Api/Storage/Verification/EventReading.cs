using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Mcp;
using Analytics.Storage.Rollups;
using Analytics.Storage.Sales;

namespace Analytics.Storage.Verification;

/// <summary>
/// Raw events and what they count for: under their person and type, with their trace if they are its root; and, where
/// they name a share or payment, for the share and person they are counted for, less what they say themselves.
/// </summary>
sealed class EventReading(StoreSnapshot snapshot, DifferenceLog log) : KindReading
{
    const int EventsAtOnce = 5_000;

    const string EventsSql = $"""
        select {RawEvent.Columns}
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
          and (e.timestamp, e.id) > ($2, $3)
        order by e.timestamp, e.id
        limit $4
        """;

    const string DoubtsSql = """
        select person, quarter
        from activity_doubts
        where workspace_id = $1
          and quarter >= $2
          and quarter < $3
        """;

    static readonly Section Events = EventFacts.Section;
    static readonly Section Sales = SalesFacts.Section;
    static readonly Section Costs = CostFacts.Section;
    static readonly Section Subscriptions = CostFacts.OfSubscriptions;

    readonly EventCheck events = new(snapshot, log);
    readonly TraceCheck nodes = new(snapshot, log);
    readonly BookingCheck bookings = new(snapshot, log);
    readonly CostCheck costs = new(snapshot, log);
    readonly InvoiceCheck invoices = new(snapshot, log);
    readonly Expiries expiries = new(snapshot);
    readonly McpReading mcp = new(snapshot, log);
    readonly RawUsage usage = new(snapshot);
    TraceWalk traces = null!;
    (DateTime Time, Guid Id) after;
    List<RawEvent> read = [];

    public override IReadOnlyList<Section> Sections { get; } =
        [Events, Sales, LogFacts.Section, Costs, Subscriptions, McpFacts.OfTools, McpFacts.OfAgents, McpFacts.OfSessions,
            UsageFacts.Everybody, UsageFacts.People, UsageFacts.Products];

    public override async Task BeginAsync(long from, CancellationToken cancel)
    {
        traces = await TraceWalk.OpenAsync(snapshot, cancel);
        await snapshot.Usage.LoadAsync(snapshot, cancel);
        after = (Sql.TimeOf(from), Guid.Empty);
    }

    public override async Task<long?> ReadAsync(CancellationToken cancel)
    {
        read = await snapshot.ReadAsync(EventsSql, [after.Time, after.Id, EventsAtOnce], RawEvent.Read, cancel);
        if (read.Count == 0)
            return null;
        after = (read[^1].Time, read[^1].Id);
        return read[^1].Timestamp;
    }

    public override async Task<int> CountAsync(long to, Action<Entry> add, CancellationToken cancel)
    {
        var batch = read.TakeWhile(e => e.Timestamp < to).ToList();
        var roots = new Dictionary<RawEvent, CountedTrace>(ReferenceEqualityComparer.Instance);
        var amounts = new List<Int128>();
        foreach (var e in batch)
        {
            var values = traces.Numbers.Of(e.Metadata);
            if (e.Parent is null)
                roots.Add(e, CountedTrace.Of(e.Person, values));
            amounts.Add(values.GetValueOrDefault(FieldCatalogue.Cost));
            add(new Entry(
                LogFacts.Section, KeyOf(LogFacts.Section, e.Timestamp, 0, RawLog.ClassOf(snapshot.TypeName(e.Type), e.Metadata)), (0, 1)));
        }

        await traces.FollowAsync(roots.ToDictionary(root => root.Key.Id, root => root.Value), areConsecutive: true, cancel);
        await nodes.RootsAsync(roots, cancel);
        var sales = batch.Select((e, at) => RawSale.Of(e, amounts[at], snapshot.TypeName(e.Type))).ToList();
        foreach (var sale in sales)
            add(EntryOf(sale, roots.GetValueOrDefault(sale.Event)));
        await CountSalesAsync(sales, add, cancel);
        await invoices.RunAsync(batch, cancel);
        await mcp.CountAsync(batch, add, cancel);
        await usage.CountAsync(batch, add, cancel);
        await events.RunAsync(batch, cancel);
        return batch.Count;
    }

    Entry EntryOf(RawSale sale, CountedTrace? trace)
    {
        (int, Int128)[] sums =
        [
            (EventFacts.Events, 1), (EventFacts.Roots, trace is null ? 0 : 1), (EventFacts.Cost, sale.Cost),
            (EventFacts.ServiceEvents, sale.IsServices ? 1 : 0),
        ];
        var entry = new Entry(Events, KeyOf(Events, sale.Event.Timestamp, sale.Event.Person, sale.Event.Type), sums);
        return trace is null ? entry : entry with { Values = trace.Sums };
    }

    async Task CountSalesAsync(List<RawSale> sales, Action<Entry> add, CancellationToken cancel)
    {
        var known = await StoredSales.LoadAsync(snapshot, sales, cancel);
        await bookings.RunAsync(sales, known, cancel);
        foreach (var sale in sales)
        {
            var (time, own, (share, person)) = (sale.Event.Timestamp, sale.Event.Person, known.TargetOf(sale));
            if (share != 0 || person != own)
            {
                add(new Entry(Sales, KeyOf(Sales, time, share, person), (EventFacts.Events, 1), (EventFacts.Cost, sale.Cost)));
                add(new Entry(Sales, KeyOf(Sales, time, 0, own), (EventFacts.Events, -1), (EventFacts.Cost, -sale.Cost)));
            }

            foreach (var counted in known.SumsOf(sale))
                add(EntryOf(counted.Share, counted.Person, time, counted.Sum, counted.Amount));
        }

        await CountCostsAsync(sales, known, add, cancel);
    }

    async Task CountCostsAsync(List<RawSale> sales, StoredSales known, Action<Entry> add, CancellationToken cancel)
    {
        var stored = await StoredCosts.LoadAsync(snapshot, sales, known, cancel);
        costs.Run(sales, known, stored);
        foreach (var sale in sales)
        {
            var time = sale.Event.Timestamp;
            if (sale.Costs.IsCost)
                Add(
                    stored.OwnerOf(sale, known.TargetOf(sale).Person), sale.Event.CostKey ?? 0,
                    (CostFacts.Costs, 1), (CostFacts.Cost, sale.Cost));
            if (known.RevenueOf(sale) is { } paid)
                Add(paid.Person, paid.CostKey, (CostFacts.Payments, 1), (CostFacts.Revenue, paid.Revenue));

            void Add(int person, int costKey, (int Sum, Int128 Amount) times, (int Sum, Int128 Amount) amount)
            {
                var plain = stored.PlainOf(costKey);
                add(new Entry(Costs, KeyOf(Costs, time, person, plain), times, amount));
                if (plain == costKey)
                    return;
                add(new Entry(Subscriptions, KeyOf(Subscriptions, time, person, costKey), times, amount));
                add(new Entry(
                    Subscriptions, KeyOf(Subscriptions, time, person, plain), (times.Sum, -times.Amount), (amount.Sum, -amount.Amount)));
            }
        }
    }

    /// <summary>
    /// Sessions of MCP servers, shares that end by themselves, and those who may have lost their last event of a quarter hour: they still
    /// are in its sets.
    /// </summary>
    public override async Task CountWithoutFactsAsync(long from, long to, Action<Entry> add, CancellationToken cancel)
    {
        await mcp.SessionsAsync(from, to, add, cancel);
        await expiries.EachAsync(from, to, (share, person, time, sum) => add(EntryOf(share, person, time, sum, 1)), cancel);
        SqlValue[] quarters = [snapshot.Calendar.SlotOf(Grain.QuarterHour, from), snapshot.Calendar.SlotOf(Grain.QuarterHour, to)];
        await snapshot.EachAsync(DoubtsSql, quarters, row =>
        {
            var key = new FactKey(0, row.GetInt32(1), row.GetInt32(0));
            add(new Entry(Sales, key, (EventFacts.Events, 1)) { IsForSetsOnly = true });
        }, cancel);
    }

    public override Task<long?> EndAsync(long after, CancellationToken cancel) => expiries.EndAsync(after, cancel);

    public override async Task TimesAsync(Section section, Rollup rollup, Action<FactKey, long, long> each, CancellationToken cancel)
    {
        if (section != Events)
            return; // nobody asks when something was sold first
        string Column(Dimension dimension, string sql) => rollup.Lead == dimension || rollup.Second == dimension ? sql : "0";
        await snapshot.EachAsync(
            $"""
            select {Column(Dimension.Person, "coalesce(person, 0)")}, {Column(Dimension.EventType, "type")}, min(timestamp), max(timestamp)
            from events
            where workspace_id = $1
            group by 1, 2
            """, [], row => each(
                new FactKey(row.GetInt32(0), 0, row.GetInt32(1)), row.Microseconds(2), row.Microseconds(3)), cancel);
    }

    Entry EntryOf(int share, int person, long time, SalesSum sum, Int128 amount) =>
        new(Sales, KeyOf(Sales, time, share, person), (SalesFacts.NumberOf(sum), amount));

    FactKey KeyOf(Section section, long time, int first, int second) =>
        new(first, snapshot.Calendar.SlotOf(section.Finest, time), second);
}
