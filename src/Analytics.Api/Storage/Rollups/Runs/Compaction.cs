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
    /// <summary>Runs of a size that are merged into one of the next size.</summary>
    public const int FanOut = 4;
    const int MaxFlushes = 8;
    const int MaxDeltas = 512;
    const int MaxDeltaBytes = 4 * 1024 * 1024;
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
        foreach (var section in catalogue.Sections)
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

        foreach (var section in catalogue.Sections)
            foreach (var rollup in catalogue.Of(section))
                await MergeAsync(rollup, section, cancel);
        return more ? Outcome.MoreWaits : Outcome.Done;
    }

    async Task MergeAsync(Rollup rollup, Section section, CancellationToken cancel)
    {
        while (await InTransactionAsync((connection, stop) => MergeTierAsync(connection, rollup, section, stop), cancel) is true)
        {
            // one size after the other, smallest first
        }

        // At rest hardly more than one run is left of a dense rollup.
        var atRest = IsAtRest();
        if (atRest || rollup.IsDense)
            await InTransactionAsync(
                (connection, stop) => MergeSmallAsync(connection, rollup, section, rollup.IsDense ? (atRest ? 64 : 2) : FanOut, stop),
                cancel);
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

        var (commits, deltas, bytes) = await DeltasAsync(connection, section, cancel);
        if (deltas.Count == 0)
            return (false, 0);
        await new Flush(connection, workspace, timeline, catalogue) { IsAlwaysCoarse = IsAlwaysCoarse }
            .WriteAsync(section, deltas, 1, commits[0], commits[^1], cancel);
        await connection.ExecuteAsync(
            "delete from rollup_deltas where workspace_id = $1 and section = $2 and commit = any($3)",
            [workspace, section.Id, commits.ToArray()], cancel);
        deleted += bytes;
        return (deltas.Count == MaxDeltas || bytes >= MaxDeltaBytes, bytes);
    }

    async Task<(List<long> Commits, List<byte[]> Deltas, long Bytes)> DeltasAsync(
        NpgsqlConnection connection, Section section, CancellationToken cancel)
    {
        var (commits, deltas, bytes) = (new List<long>(), new List<byte[]>(), 0L);
        await using var command = connection.Command(
            $"""
            select commit, data
            from rollup_deltas
            where workspace_id = $1
              and section = $2
              and commit > {RunTable.Barrier}
            order by commit
            limit {MaxDeltas}
            """, [workspace, section.Id]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        for (; bytes < MaxDeltaBytes && await reader.ReadAsync(cancel); bytes += deltas[^1].Length)
        {
            commits.Add(reader.GetInt64(0));
            deltas.Add(reader.GetFieldValue<byte[]>(1));
        }

        return (commits, deltas, bytes);
    }

    /// <summary>Merges the smallest size of which there are enough runs.</summary>
    async Task<bool> MergeTierAsync(NpgsqlConnection connection, Rollup rollup, Section section, CancellationToken cancel)
    {
        var runs = await new RunTable(connection, workspace).RunsAsync(rollup, section, cancel);
        var full = runs.GroupBy(run => run.Tier).OrderBy(tier => tier.Key).FirstOrDefault(tier => tier.Count() >= FanOut);
        if (full is null)
            return false;
        await ReplaceAsync(connection, rollup, section, [.. full], (short)(full.Key + 1), cancel);
        return true;
    }

    /// <summary>
    /// Merges the smallest runs, up to the largest one that is at most so many times as large as all before it: what is left are a few
    /// runs, each much larger than the last.
    /// </summary>
    async Task<bool> MergeSmallAsync(NpgsqlConnection connection, Rollup rollup, Section section, int times, CancellationToken cancel)
    {
        var runs = await new RunTable(connection, workspace).RunsAsync(rollup, section, cancel);
        runs.Sort((a, b) => a.Bytes.CompareTo(b.Bytes));
        var (count, before) = (0, 0L);
        for (var at = 0; at < runs.Count; before += runs[at++].Bytes)
            if (at > 0 && runs[at].Bytes <= times * before)
                count = at + 1;
        if (count < 2)
            return false;
        runs.RemoveRange(count, runs.Count - count);
        await ReplaceAsync(connection, rollup, section, runs, runs.Max(run => run.Tier), cancel);
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
