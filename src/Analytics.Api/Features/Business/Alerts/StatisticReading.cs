using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Apps;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Features.Business.Alerts;

/// <summary>What a statistic of apps comes to day by day, in UTC, from their rollups.</summary>
/// <param name="read">The snapshot.</param>
/// <param name="workspace">Whose apps.</param>
sealed class StatisticReading(BoundedRead read, int workspace)
{
    const int Month = 30;

    const string AppSql = """
        select app
        from apps
        where workspace_id = $1
          and deleted_at is null
          and (natural_id = $2 or id::text = lower($2))
        """;

    // What waits to be flushed, and what was.
    const string CommitSql = """
        select greatest(
            (select max(commit) from rollup_deltas where workspace_id = $1 and section = any($2)),
            (select max(last_commit) from rollup_runs where workspace_id = $1 and section = any($2)))
        """;

    static readonly Rollup[] Rollups =
        [AppRollups.WorkspaceDevices, AppRollups.WorkspaceTraffic, AppRollups.AppDevices, AppRollups.AppTraffic];

    static readonly short[] Sections = [AppFacts.Devices.Id, AppFacts.Traffic.Id];

    static readonly DateOnly Earliest = DateOnly.FromDateTime(TimeRange.Earliest.UtcDateTime);

    /// <summary>The last commit that a statistic may have changed with.</summary>
    public Task<long> CommitAsync() => read.Connection.ScalarAsync<long>(CommitSql, [workspace, Sections], read.Cancel);

    /// <summary>An app's number by its UUID or natural id; null when there is none.</summary>
    public async Task<int?> AppAsync(string id) =>
        await read.Connection.QueryAsync(AppSql, [workspace, id], row => row.GetInt32(0), read.Cancel) is [var app, ..] ? app : null;

    /// <summary>The value of each of some days, in units of 1e-12; null where the app is gone.</summary>
    public async Task<Int128[]?> OfAsync(AlertStatistic statistic, string window, DateOnly first, int days)
    {
        int[]? apps = null;
        if (statistic.Scope == AlertWords.OfApp)
            apps = await AppAsync(statistic.Id!) is { } app ? [app] : [];
        if (apps is [])
            return null;
        var snapshot = await RollupSnapshot.WithinAsync(read, workspace, Rollups);
        var values = statistic.Measure switch
        {
            AlertWords.Mau => await DevicesAsync(snapshot, apps, first, days),
            AlertWords.Storage => await StorageAsync(snapshot, apps, first, days),
            _ => await BandwidthAsync(snapshot, apps, first, days, window == AlertWords.Day ? 1 : Month),
        };
        return Array.ConvertAll(values, value => value * DecimalUnits.One);
    }

    async Task<Int128[]> DevicesAsync(RollupSnapshot snapshot, int[]? apps, DateOnly first, int days)
    {
        var cells = await CellsAsync(
            snapshot, apps is null ? AppRollups.WorkspaceDevices : AppRollups.AppDevices, apps, CellParts.SumsAndSet,
            Days(first.AddDays(1 - Month), days + Month - 1));
        return Array.ConvertAll(new WindowCounts(Month).Of([.. cells.Select(cell => cell?.Set)]), count => (Int128)count);
    }

    async Task<Int128[]> StorageAsync(RollupSnapshot snapshot, int[]? apps, DateOnly first, int days)
    {
        var cells = await CellsAsync(snapshot, Traffic(apps), apps, CellParts.Sums, [BucketOf(Earliest, first), .. Days(first, days)]);
        var stored = cells[0]?[AppFacts.Storage] ?? 0;
        return [.. cells.Skip(1).Select(cell => stored += cell?[AppFacts.Storage] ?? 0)];
    }

    async Task<Int128[]> BandwidthAsync(RollupSnapshot snapshot, int[]? apps, DateOnly first, int days, int length)
    {
        var cells = await CellsAsync(snapshot, Traffic(apps), apps, CellParts.Sums, Days(first.AddDays(1 - length), days + length - 1));
        var bytes = Array.ConvertAll(cells, cell => cell?[AppFacts.Bandwidth] ?? 0);
        return [.. Enumerable.Range(0, days).Select(day => bytes.AsSpan(day, length).ToArray().Aggregate((sum, one) => sum + one))];
    }

    static Rollup Traffic(int[]? apps) => apps is null ? AppRollups.WorkspaceTraffic : AppRollups.AppTraffic;

    async Task<Cell?[]> CellsAsync(RollupSnapshot snapshot, Rollup rollup, int[]? apps, CellParts parts, List<Bucket> buckets)
    {
        var cells = new Cell?[buckets.Count];
        await snapshot.ReadAsync(
            rollup, new BucketCover(buckets, snapshot.Timeline, rollup), apps, parts,
            (bucket, _, _) => cells[bucket] ??= new Cell(), read.Cancel);
        return cells;
    }

    static List<Bucket> Days(DateOnly first, int count) =>
        [.. Enumerable.Range(0, count).Select(day => BucketOf(first.AddDays(day), first.AddDays(day + 1)))];

    static Bucket BucketOf(DateOnly first, DateOnly end)
    {
        var (from, to) = (StartOf(first), StartOf(end));
        return new(from, to, from, to);
    }

    static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
