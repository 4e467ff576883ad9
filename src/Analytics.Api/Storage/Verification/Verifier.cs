using Analytics.Storage.Rollups;
using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>
/// Recounts everything a workspace's rollups say from its raw facts, while the service runs or not, and logs what differs. It
/// shares no arithmetic with the writer: stored bytes are decoded cell by cell, all adding up is done here. The work is cut
/// into short snapshots; whatever is compared comes from one of them.
/// </summary>
sealed class Verifier(NpgsqlDataSource store, int workspace, DifferenceLog log, Action<string>? progress = null)
{
    const int RowsAtOnce = 5_000;

    /// <summary>The rollups that are checked.</summary>
    public Catalogue Catalogue { get; init; } = Catalogue.Default;

    /// <summary>How the raw facts are read, one for each kind of the catalogue.</summary>
    public IReadOnlyList<Func<StoreSnapshot, DifferenceLog, KindReading>> Readings { get; init; } =
        [
            (snapshot, log) => new EventReading(snapshot, log), (snapshot, log) => new RequestReading(snapshot, log),
            (snapshot, _) => new AppReading(snapshot), (snapshot, _) => new InvocationReading(snapshot),
        ];

    /// <summary>How many pages of a rollup are compared at once: some megabytes.</summary>
    public long PagesAtOnce { get; init; } = 500;

    /// <summary>What it does between its snapshots, for whoever does not want all of the store.</summary>
    public Func<CancellationToken, Task>? Rest { get; init; }

    long facts;

    static readonly (KeyKind Kind, string Table, bool HasTails)[] FactKeys =
    [
        (KeyKind.Request, "requests", false), (KeyKind.Audit, "audit", false), (KeyKind.View, "app_facts", true),
        (KeyKind.Download, "app_facts", true), (KeyKind.StorageChange, "app_facts", true), (KeyKind.Invocation, "invocations", true),
    ];

    /// <summary>The differences of one workspace, all of it in memory.</summary>
    public static async Task<IReadOnlyList<Difference>> DifferencesAsync(
        NpgsqlDataSource store, int workspace, CancellationToken cancel = default)
    {
        var log = new DifferenceLog();
        await new Verifier(store, workspace, log).RunAsync(cancel);
        return log.Shown;
    }

    /// <summary>Recounts. A workspace that is deleted meanwhile ends it early.</summary>
    public async Task<Verified> RunAsync(CancellationToken cancel)
    {
        IReadOnlySet<int> compacted = new HashSet<int>();
        await InSnapshotAsync(async snapshot =>
        {
            compacted = snapshot.Rollups;
            if (Catalogue.Sections.Except(ReadingsOf(snapshot).SelectMany(reading => reading.Sections)).FirstOrDefault() is { } unread)
                throw new InvalidOperationException($"Nothing reads the raw facts of the section '{unread.Name}'.");
            await new CounterCheck(snapshot, log).RunAsync(cancel);
            await new RunCheck(snapshot, log, Catalogue).RunAsync(cancel);
        }, cancel);
        foreach (var reading in Readings)
            await RangesAsync(reading, cancel);
        // What waits to be flushed counts in all grains alike.
        foreach (var rollup in Catalogue.Rollups.Where(rollup => rollup.Times || compacted.Contains(rollup.Id)))
            await CoarseAsync(rollup, cancel);
        await TablesAsync(cancel);
        return new(facts, log.Cells, log.Total);
    }

    async Task TablesAsync(CancellationToken cancel)
    {
        await PagesAsync("shares", 0, (snapshot, after) => new ShareCheck(snapshot, log).RowsAsync(after, RowsAtOnce, cancel), cancel);
        await PagesAsync(
            "payments", Guid.Empty, (snapshot, after) => new PaymentCheck(snapshot, log).RowsAsync(after, RowsAtOnce, cancel), cancel);
        await PagesAsync(
            "subscriptions", Guid.Empty,
            (snapshot, after) => new SubscriptionCheck(snapshot, log).RowsAsync(after, RowsAtOnce, cancel), cancel);
        await PagesAsync(
            "invoices", Guid.Empty, (snapshot, after) => new InvoiceCheck(snapshot, log).RowsAsync(after, RowsAtOnce, cancel), cancel);
        await PagesAsync(
            "traces", Guid.Empty, (snapshot, after) => new TraceCheck(snapshot, log).RowsAsync(after, RowsAtOnce, cancel), cancel);
        await InSnapshotAsync(snapshot => new TraceCheck(snapshot, log).MissingAsync(cancel), cancel);
        await PagesAsync("steps", int.MinValue, (snapshot, after) => new StepCheck(snapshot, log).DayAsync(after, cancel), cancel);
        await PagesAsync(
            "mcp sessions", 0, (snapshot, after) => new SessionCheck(snapshot, log).RowsAsync(after, RowsAtOnce, cancel), cancel);
        foreach (var kind in (KeyKind[])[KeyKind.Event, KeyKind.Outbox])
            await PagesAsync(
                "keys", Guid.Empty, (snapshot, after) => new KeyCheck(snapshot, log, kind).RunAsync(after, RowsAtOnce, cancel), cancel);
        foreach (var (kind, table, hasTails) in FactKeys)
            await PagesAsync(
                "keys", Guid.Empty,
                (snapshot, after) => new FactKeyCheck(snapshot, log, kind, table, hasTails).RunAsync(after, RowsAtOnce, cancel), cancel);
    }

    async Task RangesAsync(Func<StoreSnapshot, DifferenceLog, KindReading> reading, CancellationToken cancel)
    {
        for (long? from = long.MinValue; from is { } start;)
        {
            from = null;
            await InSnapshotAsync(async snapshot =>
            {
                var range = new RangeCheck(snapshot, log, Catalogue, reading(snapshot, log));
                from = await range.RunAsync(Math.Max(start, snapshot.Horizon), cancel);
                facts += range.Facts;
                progress?.Invoke($"{range.Facts} facts before {Sql.TimeOf(from ?? long.MaxValue):yyyy-MM-dd}");
            }, cancel);
        }
    }

    async Task CoarseAsync(Rollup rollup, CancellationToken cancel)
    {
        List<(int From, int To)> windows = [];
        await InSnapshotAsync(async snapshot =>
        {
            var check = new CoarseCheck(snapshot, log, rollup, PagesAtOnce);
            await check.AllTimeAsync(cancel);
            if (rollup.Times && !snapshot.HasHorizon)
                await new TimesCheck(snapshot, log, rollup).RunAsync(ReadingsOf(snapshot), cancel);
            windows = await check.WindowsAsync(cancel);
        }, cancel);
        foreach (var (from, to) in windows)
            await InSnapshotAsync(snapshot => new CoarseCheck(snapshot, log, rollup, PagesAtOnce).WindowAsync(from, to, cancel), cancel);
        progress?.Invoke(rollup.Name);
    }

    async Task PagesAsync<TKey>(string what, TKey before, Func<StoreSnapshot, TKey, Task<TKey?>> step, CancellationToken cancel)
        where TKey : struct
    {
        for (TKey? after = before; after is { } last;)
        {
            after = null;
            await InSnapshotAsync(async snapshot => after = await step(snapshot, last), cancel);
        }

        progress?.Invoke(what);
    }

    async Task InSnapshotAsync(Func<StoreSnapshot, Task> check, CancellationToken cancel)
    {
        await using (var snapshot = await StoreSnapshot.OpenAsync(store, workspace, cancel))
            if (snapshot is not null)
                await check(snapshot);
        if (Rest is not null)
            await Rest(cancel);
    }

    IEnumerable<KindReading> ReadingsOf(StoreSnapshot snapshot) => Readings.Select(reading => reading(snapshot, log));
}
