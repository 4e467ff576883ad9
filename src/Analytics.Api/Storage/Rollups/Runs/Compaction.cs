using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>
/// Keeps what readers merge small: flushes deltas to runs and merges runs into larger ones, a transaction each, in which the parts
/// vanish and their sum appears. Only adds and deletes rows of the rollup tables, so writers never wait for it.
/// </summary>
sealed class Compaction(NpgsqlDataSource store, int workspace, Catalogue catalogue)
{
    const int MaxFlushes = 8;
    internal const int Lock = 0x616e6c79;

    /// <summary>What came of a run.</summary>
    public enum Outcome
    {
        Done,
        MoreWaits,

        /// <summary>Another node is at it.</summary>
        BusyElsewhere,
    }

    /// <summary>Gives every run its coarser grains, however small it is.</summary>
    public bool IsAlwaysCoarse { get; init; }

    /// <summary>Whether nothing more comes for now, so that smaller piles are worth merging too.</summary>
    public Func<bool> IsAtRest { get; init; } = () => false;

    /// <summary>Told how many bytes of deltas were flushed, after each commit.</summary>
    public Action<long> Flushed { get; init; } = _ => { };

    /// <summary>Told how many bytes of pages and deltas were deleted, after each commit.</summary>
    public Func<long, CancellationToken, Task> Deleted { get; init; } = (_, _) => Task.CompletedTask;

    long deleted;

    /// <summary>Flushes waiting deltas, so many at a time that other workspaces get their turn, and merges what has piled up.</summary>
    public async Task<Outcome> RunAsync(CancellationToken cancel)
    {
        var more = false;
        foreach (var section in await WaitingAsync(cancel))
            for (var flushes = 0; flushes < MaxFlushes; flushes++)
            {
                long flushed = 0;
                var isMore = await InTransactionAsync(async (connection, stop) =>
                {
                    (var isLeft, flushed) = await FlushAsync(connection, section, stop);
                    return isLeft;
                }, cancel);
                if (isMore is null)
                    return Outcome.BusyElsewhere;
                Flushed(flushed);
                if (isMore is false)
                    break;
                more |= flushes == MaxFlushes - 1;
            }

        foreach (var (rollup, section) in await PiledUpAsync(cancel))
            await MergeAsync(rollup, section, cancel);
        return more ? Outcome.MoreWaits : Outcome.Done;
    }

    /// <summary>The sections of which deltas wait; one of them all the same when none do: the workspace's zone may have changed.</summary>
    async Task<IReadOnlyList<Section>> WaitingAsync(CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        var all = catalogue.Sections.ToList();
        var waiting = await new DeltaTable(connection, workspace).WaitingAsync(all, cancel);
        return waiting.Count > 0 ? waiting : all[..1];
    }

    /// <summary>What there is to merge. Most rollups have no deltas: a transaction for each would be most of the work.</summary>
    async Task<List<(Rollup Rollup, Section Section)>> PiledUpAsync(CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        var runs = (await new RunTable(connection, workspace).AllAsync(cancel)).ToLookup(one => (one.Rollup, one.Section), one => one.Run);
        return
        [
            .. from section in catalogue.Sections
               from rollup in catalogue.Of(section)
               let mine = runs[(rollup.Id, section.Id)].ToList()
               where Piles.Full(mine).Count > 0 || Piles.Small(mine, TimesOf(rollup)).Count > 0
               select (rollup, section),
        ];
    }

    // At rest hardly more than one run is left of a dense rollup.
    int TimesOf(Rollup rollup) => IsAtRest() ? (rollup.IsDense ? 64 : Piles.FanOut) : rollup.IsDense ? 2 : 0;

    async Task MergeAsync(Rollup rollup, Section section, CancellationToken cancel)
    {
        while (await InTransactionAsync((connection, stop) => MergeTierAsync(connection, rollup, section, stop), cancel) is true)
        {
            // one size after the other, smallest first
        }

        if (TimesOf(rollup) is > 0 and var times)
            await InTransactionAsync((connection, stop) => MergeSmallAsync(connection, rollup, section, times, stop), cancel);
    }

    /// <summary>Does a piece of work and gives whether there may be more; null, and nothing done, while another node is at it.</summary>
    async Task<bool?> InTransactionAsync(Func<NpgsqlConnection, CancellationToken, Task<bool>> work, CancellationToken cancel)
    {
        deleted = 0;
        var more = await CommittedAsync(work, cancel);
        // Its connection is free again for whoever is told.
        await Deleted(deleted, cancel);
        return more;
    }

    async Task<bool?> CommittedAsync(Func<NpgsqlConnection, CancellationToken, Task<bool>> work, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await connection.ScalarAsync<bool>("select pg_try_advisory_xact_lock($2, $1)", [workspace, Lock], cancel))
            return null;
        var more = await work(connection, cancel);
        await transaction.CommitAsync(cancel);
        return more;
    }

    /// <summary>Flushes the deltas of a section that have waited longest.</summary>
    async Task<(bool IsMore, long Bytes)> FlushAsync(NpgsqlConnection connection, Section section, CancellationToken cancel)
    {
        var (timeline, wanted) = await ZonesAsync(connection, cancel);
        // The rest has to wait: changing the zone holds the workspace, which writers want.
        if (timeline.Zone != wanted.Zone && await RezoneAsync(connection, wanted, cancel))
            return (true, 0);

        var table = new DeltaTable(connection, workspace);
        var (commits, deltas, bytes, isMore) = await table.ReadAsync(section, cancel);
        if (deltas.Count == 0)
            return (false, 0);
        await new Flush(connection, workspace, timeline, catalogue) { IsAlwaysCoarse = IsAlwaysCoarse }
            .WriteAsync(section, deltas, 1, commits[0], commits[^1], cancel);
        await table.DeleteAsync(section, commits, cancel);
        deleted += bytes;
        return (isMore, bytes);
    }

    async Task<bool> MergeTierAsync(NpgsqlConnection connection, Rollup rollup, Section section, CancellationToken cancel)
    {
        var runs = await new RunTable(connection, workspace).RunsAsync(rollup, section, cancel);
        var full = Piles.Full(runs);
        if (full.Count == 0)
            return false;
        await ReplaceAsync(connection, rollup, section, full, (short)(full[0].Tier + 1), cancel);
        return true;
    }

    async Task<bool> MergeSmallAsync(NpgsqlConnection connection, Rollup rollup, Section section, int times, CancellationToken cancel)
    {
        var small = Piles.Small(await new RunTable(connection, workspace).RunsAsync(rollup, section, cancel), times);
        if (small.Count > 0)
            await ReplaceAsync(connection, rollup, section, small, small.Max(run => run.Tier), cancel);
        return false;
    }

    async Task ReplaceAsync(
        NpgsqlConnection connection, Rollup rollup, Section section, List<Run> runs, short tier, CancellationToken cancel)
    {
        var (timeline, _) = await ZonesAsync(connection, cancel);
        var grains = new Flush(connection, workspace, timeline, catalogue) { IsAlwaysCoarse = IsAlwaysCoarse }
            .GrainsOf(rollup, runs.Sum(run => run.Bytes)) | runs.Aggregate(Grains.None, (all, run) => all | run.Grains);
        await MergeAsync(connection, rollup, section, runs, new(connection, workspace, rollup, section, grains), timeline, tier, cancel);
    }

    async Task MergeAsync(
        NpgsqlConnection connection, Rollup rollup, Section section, List<Run> runs, RunWriter target, Timeline timeline, short tier,
        CancellationToken cancel, Grains without = Grains.None)
    {
        await new RunMerge(rollup, timeline, target).WriteAsync(
            runs.Select(run => new RunCursor(connection, workspace, rollup, run, without)), cancel);
        await target.FinishAsync(tier, runs.Min(run => run.FirstCommit), runs.Max(run => run.LastCommit), cancel);
        await new RunTable(connection, workspace).DeleteAsync(rollup, runs, cancel);
        deleted += runs.Sum(run => run.Bytes);
    }

    /// <summary>
    /// Makes the cells of local days, weeks and months anew. A rebuild or backfill that began meanwhile has taken its snapshot in the old
    /// zone: false then, and nothing changed.
    /// </summary>
    async Task<bool> RezoneAsync(NpgsqlConnection connection, Timeline wanted, CancellationToken cancel)
    {
        await connection.ExecuteAsync("savepoint rezone", [], cancel);
        foreach (var section in catalogue.Sections)
            foreach (var rollup in catalogue.Of(section).Where(rollup => (rollup.Grains & Grains.Local) != Grains.None))
                foreach (var run in await new RunTable(connection, workspace).RunsAsync(rollup, section, cancel))
                    if (run.Grains != rollup.Grains.OnlyFinest)
                        await MergeAsync(
                            connection, rollup, section, [run],
                            new(connection, workspace, rollup, section, wanted.Needed(rollup.Grains)), wanted, run.Tier, cancel,
                            Grains.Local);
        if (await connection.ExecuteAsync(
            "update workspace_seq set rollup_zone = $2 where workspace_id = $1 and barrier is null and unready = 0",
            [workspace, wanted.Zone.Id], cancel) > 0)
            return true;
        await connection.ExecuteAsync("rollback to savepoint rezone", [], cancel);
        return false;
    }

    /// <summary>The zone the local grains are in, and the one the workspace wants.</summary>
    async Task<(Timeline Today, Timeline Wanted)> ZonesAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var (today, wanted, isKept) = await connection.FirstAsync(
            """
            select s.rollup_zone, w.timezone, s.barrier is not null or s.unready > 0
            from workspace_seq s
            join workspaces w on w.workspace_id = s.workspace_id
            where s.workspace_id = $1
            """, [workspace], row => (row.GetString(0), row.GetString(1), row.GetBoolean(2)), cancel);
        return today is null ? (Timeline.Utc, Timeline.Utc) : (Timeline.Of(today), Timeline.Of(isKept ? today : wanted));
    }
}
