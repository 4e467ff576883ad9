using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>Hands out stored cells one by one, each decoded into a cell of its own. Adding them up is left to the recount.</summary>
sealed class StoredCells(StoreSnapshot snapshot, DifferenceLog log)
{
    // Of every run the pages that meet the range: from the last one that starts before it.
    const string PagesSql = """
        select p.run, p.page, p.first_key, p.last_key, p.data
        from rollup_runs r
        join rollup_pages p on p.workspace_id = $1 and p.rollup = $2 and p.run = r.run
        where r.workspace_id = $1
          and r.rollup = $2
          and p.first_key <= $4
          and p.first_key >= coalesce((
              select max(before.first_key)
              from rollup_pages before
              where before.workspace_id = $1
                and before.rollup = $2
                and before.run = r.run
                and before.first_key < $3), -1)
          and ($5 or r.has_days)
        """;

    /// <summary>A stored fact that is not folded into runs yet.</summary>
    public readonly record struct Fact(int Person, int Quarter, int Type, long? First, long Last, Cell Cell);

    /// <summary>
    /// The cells of all runs, or of those whose days are stored too, with keys in [from, to]; a predicate may leave some undecoded.
    /// </summary>
    public Task PagesAsync(
        RollupId rollup, long from, long to, Func<long, bool>? isWanted, Action<long, int, Cell> each, CancellationToken cancel,
        bool inRunsWithDays = false) =>
        snapshot.EachAsync(PagesSql, [(short)rollup, from, to, !inRunsWithDays], row =>
        {
            try
            {
                Read(row.GetFieldValue<byte[]>(4), (row.GetInt64(2), row.GetInt64(3)), from, to, isWanted, each);
            }
            catch (Exception e) when (e is not (OperationCanceledException or Npgsql.NpgsqlException))
            {
                log.Add("runs", $"{rollup} run {row.GetInt64(0)}, page {row.GetInt32(1)}", "bytes", "unreadable", "cells");
            }
        }, cancel);

    static void Read(
        byte[] data, (long First, long Last) keys, long from, long to, Func<long, bool>? isWanted, Action<long, int, Cell> each)
    {
        var page = new PageReader(data);
        while (page.Read())
        {
            // Readers find pages by these two, so a cell outside of them is lost to them.
            if (page.Key < keys.First || page.Key > keys.Last || page.Key < from || page.Key > to || isWanted?.Invoke(page.Key) == false)
                continue;
            var cell = new Cell();
            CellFormat.Merge(page.Cell.Span, cell, CellParts.Everything);
            each(page.Key, page.Type, cell);
        }
    }

    /// <summary>The cells of quarter hours, hours and days, from the start of one day to that of another.</summary>
    public async Task FinePlacesAsync(RollupId rollup, int from, long to, Action<long, int, Cell> each, CancellationToken cancel)
    {
        var first = Places.FineKeys(Math.Max(0, from));
        for (var at = 0; at < first.Length; at++)
        {
            var end = to == long.MaxValue ? Timeline.Key((Level)(at + 1), 0) : Places.FineKeys((int)to)[at];
            await PagesAsync(rollup, first[at], end - 1, null, each, cancel);
        }
    }

    /// <summary>Every fact that waits to be folded, whose quarter hour is in [from, to).</summary>
    public Task DeltasAsync(long from, long to, Action<Fact> each, CancellationToken cancel) =>
        DeltasAsync("select seq, data from rollup_deltas where workspace_id = $1", from, to, each, cancel);

    /// <summary>The same of what counts by share: the share stands in the person's place, the person in the type's.</summary>
    public Task ActivityAsync(long from, long to, Action<Fact> each, CancellationToken cancel) => DeltasAsync(
        "select seq, activity from rollup_deltas where workspace_id = $1 and activity is not null", from, to, each, cancel);

    Task DeltasAsync(string sql, long from, long to, Action<Fact> each, CancellationToken cancel) => snapshot.EachAsync(
        sql, [], row =>
        {
            try
            {
                Read(row.GetFieldValue<byte[]>(1), from, to, each);
            }
            catch (Exception e) when (e is not (OperationCanceledException or Npgsql.NpgsqlException))
            {
                log.Add("runs", $"delta {row.GetInt64(0)}", "bytes", "unreadable", "facts");
            }
        }, cancel);

    static void Read(byte[] data, long from, long to, Action<Fact> each)
    {
        var delta = new DeltaReader(data);
        while (delta.Read())
        {
            var quarter = Places.QuarterOfPeopleKey(delta.Key);
            if (quarter < from || quarter >= to)
                continue;
            var cell = new Cell();
            CellFormat.Merge(delta.Cell, cell, CellParts.Everything);
            each(new Fact(
                (int)(delta.Key >> Places.QuarterBits), quarter, delta.Type, delta.HasTimes ? delta.First : null, delta.Last, cell));
        }
    }
}
