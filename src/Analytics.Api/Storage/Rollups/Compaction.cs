using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Keeps what readers merge small: folds deltas into runs and runs into larger ones, a transaction each, in which the parts
/// vanish and their sum appears. Only adds and deletes rows of the rollup tables, so writers never wait for it.
/// </summary>
sealed class Compaction(NpgsqlDataSource database, int workspace)
{
    /// <summary>Runs of a size that are merged into one of the next size.</summary>
    public const int FanOut = 4;
    const int MaxFolds = 8;
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

    /// <summary>The size from which runs of people's quarter hours have their days too.</summary>
    public long MinBytesForDays { get; init; } = PersonDays.MinBytes;

    // What a rebuild counts anew (everything up to its barrier) is left to it.
    const string AfterBarrier = "coalesce((select barrier from workspace_seq where workspace_id = $1), -1)";

    /// <summary>Whether nothing more comes for now, so that smaller piles are worth merging too.</summary>
    public Func<bool> IsAtRest { get; init; } = () => false;

    /// <summary>Folds waiting deltas, so many at a time that other workspaces get their turn, and merges what has piled up.</summary>
    public async Task<Outcome> RunAsync(CancellationToken cancel)
    {
        for (var folds = 0; folds < MaxFolds; folds++)
        {
            if (await InTransactionAsync(FoldAsync, cancel) is not { } more)
                return Outcome.BusyElsewhere;
            if (more)
                continue;
            await MergeAsync(cancel);
            return Outcome.Done;
        }

        await MergeAsync(cancel);
        return Outcome.MoreWaits;
    }

    async Task MergeAsync(CancellationToken cancel)
    {
        foreach (var rollup in RollupCatalogue.All)
        {
            while (await InTransactionAsync((connection, stop) => MergeTierAsync(connection, rollup.Id, stop), cancel) is true)
            {
                // one size after the other, smallest first
            }

            // The timeline's keys are few and come again in every run: there merging costs little and spares readers much,
            // so at rest hardly more than one run is left of it.
            var (isTimeline, atRest) = (RollupCatalogue.HasLevels(rollup.Id), IsAtRest());
            if (atRest || isTimeline)
                await InTransactionAsync(
                    (connection, stop) => MergeSmallAsync(connection, rollup.Id, isTimeline && atRest ? 64 : 2, stop), cancel);
        }
    }

    /// <summary>Does a piece of work and gives whether there may be more of its kind; null, and nothing done, while another node is at it.</summary>
    async Task<bool?> InTransactionAsync(Func<NpgsqlConnection, CancellationToken, Task<bool>> work, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var command = Command(connection, "select pg_try_advisory_xact_lock($2, $1)"))
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Lock });
            if (await command.ExecuteScalarAsync(cancel) is not true)
                return null;
        }

        var more = await work(connection, cancel);
        await transaction.CommitAsync(cancel);
        return more;
    }

    /// <summary>Folds the deltas that have waited longest.</summary>
    async Task<bool> FoldAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var (timeline, wanted) = await ZonesAsync(connection, cancel);
        // The rest has to wait: changing the zone holds the workspace, which writers want.
        if (timeline.Zone != wanted.Zone && await RezoneAsync(connection, wanted, cancel))
            return true;

        var sequences = new List<long>();
        var deltas = new List<StoredDelta>();
        var bytes = 0;
        await using (var command = Command(connection, $"""
            select seq, data, coalesce(activity, '')
            from rollup_deltas
            where workspace_id = $1
              and seq > {AfterBarrier}
            order by seq
            limit {MaxDeltas}
            """))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            for (; bytes < MaxDeltaBytes && await reader.ReadAsync(cancel); bytes += deltas[^1].Length)
            {
                sequences.Add(reader.GetInt64(0));
                deltas.Add(new StoredDelta(reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)));
            }

        if (deltas.Count == 0)
            return false;
        await new DeltaFold(connection, workspace, timeline, MinBytesForDays).WriteAsync(deltas, 1, sequences[0], sequences[^1], cancel);
        await using var delete = Command(connection, "delete from rollup_deltas where workspace_id = $1 and seq = any($2)");
        delete.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sequences] });
        await delete.ExecuteNonQueryAsync(cancel);
        return deltas.Count == MaxDeltas || bytes >= MaxDeltaBytes;
    }

    /// <summary>Merges the smallest size of which there are enough runs.</summary>
    async Task<bool> MergeTierAsync(NpgsqlConnection connection, RollupId rollup, CancellationToken cancel)
    {
        var runs = await RunsAsync(connection, rollup, cancel);
        var full = runs.GroupBy(run => run.Tier).OrderBy(tier => tier.Key).FirstOrDefault(tier => tier.Count() >= FanOut);
        if (full is null)
            return false;
        await ReplaceAsync(connection, rollup, [.. full], (short)(full.Key + 1), null, cancel);
        return true;
    }

    /// <summary>
    /// Merges runs from the smallest on while the next is at most so many times as large as all before it: what is left are a few
    /// runs, each much larger than the last.
    /// </summary>
    async Task<bool> MergeSmallAsync(NpgsqlConnection connection, RollupId rollup, int times, CancellationToken cancel)
    {
        var runs = await RunsAsync(connection, rollup, cancel);
        runs.Sort((a, b) => a.Bytes.CompareTo(b.Bytes));
        var (count, bytes) = (0, 0L);
        while (count < runs.Count && (count == 0 || runs[count].Bytes <= times * bytes))
            bytes += runs[count++].Bytes;
        if (count < 2)
            return false;
        runs.RemoveRange(count, runs.Count - count);
        await ReplaceAsync(connection, rollup, runs, runs.Max(run => run.Tier), null, cancel);
        return false;
    }

    /// <summary>
    /// Makes the local levels anew. A rebuild that began meanwhile has taken its snapshot in the old zone: false then, and nothing changed.
    /// </summary>
    async Task<bool> RezoneAsync(NpgsqlConnection connection, Timeline wanted, CancellationToken cancel)
    {
        await ExecuteAsync(connection, "savepoint rezone", cancel);
        foreach (var rollup in RollupCatalogue.All.Where(rollup => RollupCatalogue.HasLevels(rollup.Id)))
        {
            var runs = await RunsAsync(connection, rollup.Id, cancel);
            if (runs.Count > 0)
                await ReplaceAsync(connection, rollup.Id, runs, runs.Max(run => run.Tier), wanted, cancel);
        }

        await RemakeDaysAsync(connection, wanted, cancel);
        await using var update = Command(connection, "update workspace_seq set rollup_zone = $2 where workspace_id = $1 and barrier is null");
        update.Parameters.Add(new NpgsqlParameter<string> { TypedValue = wanted.Zone.Id });
        if (await update.ExecuteNonQueryAsync(cancel) > 0)
            return true;
        await ExecuteAsync(connection, "rollback to savepoint rezone", cancel);
        return false;
    }

    async Task RemakeDaysAsync(NpgsqlConnection connection, Timeline wanted, CancellationToken cancel)
    {
        var former = await RunsAsync(connection, RollupId.PeopleDays, cancel);
        foreach (var run in await RunsAsync(connection, RollupId.People, cancel))
            if (run.HasDays)
            {
                var days = new PersonDays(new RunWriter(connection, workspace, RollupId.PeopleDays), wanted);
                var cursor = new RunCursor(connection, workspace, RollupId.People, run.Number);
                while (await cursor.ReadAsync(cancel))
                    await days.AddAsync(cursor.Key, cursor.Type, cursor.Cell, cancel);
                await days.FinishAsync(1, run.FirstSequence, run.LastSequence, cancel);
            }

        await DeleteAsync(connection, RollupId.PeopleDays, former, cancel);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    async Task ReplaceAsync(
        NpgsqlConnection connection, RollupId rollup, List<Run> runs, short tier, Timeline? newZone, CancellationToken cancel)
    {
        var (first, last) = (runs.Min(run => run.FirstSequence), runs.Max(run => run.LastSequence));
        var withDays = rollup == RollupId.People && (runs.Exists(run => run.HasDays) || runs.Sum(run => run.Bytes) >= MinBytesForDays);
        var withoutDays = runs.Where(run => !run.HasDays).Select(run => run.Number).ToHashSet();
        var days = withDays && withoutDays.Count > 0
            ? new PersonDays(new RunWriter(connection, workspace, RollupId.PeopleDays), (await ZonesAsync(connection, cancel)).Today)
            : null;
        var target = new RunWriter(connection, workspace, rollup) { HasDays = withDays };
        await new RunMerge(connection, workspace, rollup) { Days = days is null ? null : (days, withoutDays) }
            .WriteAsync([.. runs.Select(run => run.Number)], target, newZone, cancel);
        await target.FinishAsync(tier, first, last, cancel);
        if (days is not null)
            await days.FinishAsync(1, first, last, cancel);
        await DeleteAsync(connection, rollup, runs, cancel);
    }

    async Task DeleteAsync(NpgsqlConnection connection, RollupId rollup, List<Run> runs, CancellationToken cancel)
    {
        foreach (var table in new[] { "rollup_pages", "rollup_runs" })
        {
            await using var delete = Command(connection, $"delete from {table} where workspace_id = $1 and rollup = $2 and run = any($3)");
            delete.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)rollup });
            delete.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. runs.Select(run => run.Number)] });
            await delete.ExecuteNonQueryAsync(cancel);
        }
    }

    sealed record Run(long Number, short Tier, long FirstSequence, long LastSequence, long Bytes, bool HasDays);

    async Task<List<Run>> RunsAsync(NpgsqlConnection connection, RollupId rollup, CancellationToken cancel)
    {
        var runs = new List<Run>();
        await using var command = Command(connection, $"""
            select run, tier, first_seq, last_seq, bytes, has_days
            from rollup_runs
            where workspace_id = $1
              and rollup = $2
              and first_seq > {AfterBarrier}
            order by run
            """);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)rollup });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            runs.Add(new Run(
                reader.GetInt64(0), reader.GetInt16(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetBoolean(5)));
        return runs;
    }

    /// <summary>The zone the local levels are in, and the one the workspace wants.</summary>
    async Task<(Timeline Today, Timeline Wanted)> ZonesAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = Command(connection, """
            select s.rollup_zone, w.timezone, s.barrier is not null
            from workspace_seq s
            join workspaces w on w.workspace_id = s.workspace_id
            where s.workspace_id = $1
            """);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
            return (Timeline.Utc, Timeline.Utc);
        var today = Timeline.Of(reader.GetString(0));
        return (today, reader.GetBoolean(2) ? today : Timeline.Of(reader.GetString(1)));
    }

    NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        return command;
    }
}
