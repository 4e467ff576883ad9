using Analytics.Storage.Rollups;
using NodaTime;
using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>
/// Recounts everything a workspace's rollups say from its raw events, while the service runs or not, and logs what differs. It
/// shares no arithmetic with the writer: stored bytes are decoded cell by cell, all adding up is done here. The work is cut
/// into short snapshots; whatever is compared comes from one of them.
/// </summary>
sealed class Verifier(NpgsqlDataSource store, int workspace, DifferenceLog log, Action<string>? progress = null)
{
    const string MonthsSql = "select min(timestamp), max(timestamp) from events where workspace_id = $1";
    const int RowsAtOnce = 5_000;
    const int LastMonth = 12 * 402;

    // Sequence numbers are handed out without a gap, so those up to the first snapshot's last are all there, once each.
    long lastSequence;
    long sequences;
    Int128 sumOfSequences;

    /// <summary>The differences of one workspace, all of it in memory.</summary>
    public static async Task<IReadOnlyList<Difference>> DifferencesAsync(NpgsqlDataSource store, int workspace, CancellationToken cancel = default)
    {
        var log = new DifferenceLog();
        await new Verifier(store, workspace, log).RunAsync(cancel);
        return log.Shown;
    }

    /// <summary>Recounts. A workspace that is deleted meanwhile ends it early.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await InSnapshotAsync(snapshot => BeginAsync(snapshot, cancel), cancel);
        await DayRangesAsync(cancel);
        foreach (var rollup in RollupCatalogue.All.Where(rollup => RollupCatalogue.HasLevels(rollup.Id)))
            await CoarseAsync(rollup, cancel);
        await PagesAsync("people's days", 0, (snapshot, from) => new PeopleDaysCheck(snapshot, log).RunAsync(from, cancel), cancel);
        await PagesAsync("shares", 0, (snapshot, after) => new ShareCheck(snapshot, log).RowsAsync(after, RowsAtOnce, cancel), cancel);
        await PagesAsync(
            "payments", Guid.Empty, (snapshot, after) => new PaymentCheck(snapshot, log).RowsAsync(after, RowsAtOnce, cancel), cancel);
        await PagesAsync(
            "trees", Guid.Empty, (snapshot, after) => new TreeCheck(snapshot, log).RowsAsync(after, RowsAtOnce, cancel), cancel);
        await InSnapshotAsync(snapshot => new TreeCheck(snapshot, log).MissingAsync(cancel), cancel);
        foreach (var kind in (KeyKind[])[KeyKind.Event, KeyKind.Outbox])
            await PagesAsync(
                "keys", Guid.Empty, (snapshot, after) => new KeyCheck(snapshot, log, kind).RunAsync(after, RowsAtOnce, cancel), cancel);
    }

    async Task BeginAsync(StoreSnapshot snapshot, CancellationToken cancel)
    {
        lastSequence = snapshot.Counters.Sequence;
        var counters = new CounterCheck(snapshot, log);
        await counters.RunAsync(cancel);
        await counters.RunsAsync(cancel);
    }

    async Task DayRangesAsync(CancellationToken cancel)
    {
        int? from = null;
        var horizon = int.MinValue;
        var ended = false;
        while (!ended)
        {
            var isThere = await InSnapshotAsync(async snapshot =>
            {
                horizon = snapshot.Horizon;
                var range = new DayRangeCheck(snapshot, log) { Counted = Note };
                var start = from ?? horizon;
                from = await range.RunAsync(start, cancel);
                progress?.Invoke($"{range.Events} events {Days(start, from)}");
            }, cancel);
            ended = from is null || !isThere;
        }

        if (horizon != int.MinValue)
            return;
        log.Compare("counters", "events", "rows", lastSequence, sequences);
        log.Compare("counters", "events", "sum of sequence numbers", (Int128)lastSequence * (lastSequence + 1) / 2, sumOfSequences);
    }

    void Note(long sequence)
    {
        if (sequence > lastSequence)
            return; // came after the first snapshot
        sequences++;
        sumOfSequences += sequence;
    }

    async Task CoarseAsync(Rollup rollup, CancellationToken cancel)
    {
        var (first, last, horizon) = (0, 0, int.MinValue);
        await InSnapshotAsync(async snapshot =>
        {
            horizon = snapshot.Horizon;
            var places = await snapshot.ReadAsync(MonthsSql, [], row => (Month(row, 0), Month(row, 1)), cancel);
            (first, last) = places[0];
        }, cancel);
        // Before the first month and after the last one nothing should be.
        var months = Enumerable.Range(first, last - first + 1).Select(month => (month, month + 1));
        foreach (var (from, to) in months.Prepend((0, first)).Append((last + 1, LastMonth)))
            if (Places.QuarterOf(Places.StartOfMonth(from).AtMidnight().InUtc().ToInstant()) is var start && start >= horizon)
                await InSnapshotAsync(snapshot => new CoarseCheck(snapshot, log, rollup).MonthsAsync(from, to, cancel), cancel);

        progress?.Invoke($"{rollup.Name}, months {Places.StartOfMonth(first):yyyy-MM} to {Places.StartOfMonth(last):yyyy-MM}");
        if (horizon == int.MinValue)
            await InSnapshotAsync(snapshot => new CoarseCheck(snapshot, log, rollup).EverAsync(cancel), cancel);
    }

    static int Month(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? 0 : Places.MonthOf(Instant.FromDateTimeUtc(row.GetDateTime(column)).InUtc().Date);

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

    async Task<bool> InSnapshotAsync(Func<StoreSnapshot, Task> check, CancellationToken cancel)
    {
        await using var snapshot = await StoreSnapshot.OpenAsync(store, workspace, cancel);
        if (snapshot is null)
            return false;
        await check(snapshot);
        return true;
    }

    static string Days(int from, int? to) => (from == int.MinValue, to) switch
    {
        (true, null) => "of all time",
        (true, { } end) => $"before {Day(end)}",
        (false, null) => $"since {Day(from)}",
        (false, { } end) => $"from {Day(from)} to {Day(end - 1)}",
    };

    static string Day(int quarter) => $"{Places.DateIn(DateTimeZone.Utc, quarter):yyyy-MM-dd}";
}
