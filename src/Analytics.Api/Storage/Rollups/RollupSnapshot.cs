using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Analytics.Storage.Rollups;

/// <summary>
/// A workspace's rollups as of one moment: stored runs and what has not been folded yet, read in one snapshot, so that every
/// acknowledged write is in it and nothing is in it twice.
/// </summary>
sealed class RollupSnapshot : IAsyncDisposable
{
    // Per run and range, the pages whose keys meet the range: from the last page that starts before it.
    const string PagesSql = """
        select page.data, wanted.low, wanted.high
        from rollup_runs run
        cross join unnest($3, $4) as wanted (low, high)
        cross join lateral (
            select p.data
            from rollup_pages p
            where p.workspace_id = $1
              and p.rollup = $2
              and p.run = run.run
              and p.first_key <= wanted.high
              and p.first_key >= coalesce((
                  select max(q.first_key)
                  from rollup_pages q
                  where q.workspace_id = $1
                    and q.rollup = $2
                    and q.run = run.run
                    and q.first_key < wanted.low), 0)
            offset 0
        ) page
        where run.workspace_id = $1
          and run.rollup = $2
          and ($5::boolean is null or run.has_days = $5)
        """;

    readonly NpgsqlConnection connection;
    readonly NpgsqlTransaction? transaction;
    readonly int workspace;
    readonly List<StoredDelta> deltas = [];

    readonly NpgsqlDataSource store;
    (int Version, int People) peopleAsOf;

    RollupSnapshot(NpgsqlDataSource store, NpgsqlConnection connection, NpgsqlTransaction? transaction, int workspace) =>
        (this.store, this.connection, this.transaction, this.workspace) = (store, connection, transaction, workspace);

    /// <summary>The timeline's levels, with the zone its local days are in.</summary>
    public Timeline Timeline { get; private set; } = Timeline.Utc;

    /// <summary>What has not been folded yet.</summary>
    internal IReadOnlyList<StoredDelta> Deltas => deltas;

    /// <summary>For further reads in the same snapshot.</summary>
    public NpgsqlConnection Connection => connection;

    public static async Task<RollupSnapshot> OpenAsync(NpgsqlDataSource database, int workspace, CancellationToken cancel)
    {
        var opened = await database.OpenConnectionAsync(cancel);
        try
        {
            var reading = await opened.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            var snapshot = new RollupSnapshot(database, opened, reading, workspace);
            await snapshot.LoadAsync(cancel);
            return snapshot;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>The rollups as the read sees everything else: on its connection, which stays its own.</summary>
    public static async Task<RollupSnapshot> WithinAsync(BoundedRead read, int workspace)
    {
        var snapshot = new RollupSnapshot(read.Store, read.Connection, null, workspace);
        await snapshot.LoadAsync(read.Cancel);
        return snapshot;
    }

    async Task LoadAsync(CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select rollup_zone, people_version, people from workspace_seq where workspace_id = $1")
                {
                    Parameters = { new NpgsqlParameter<int> { TypedValue = workspace } },
                },
                new("select data, coalesce(activity, '') from rollup_deltas where workspace_id = $1")
                {
                    Parameters = { new NpgsqlParameter<int> { TypedValue = workspace } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        if (await reader.ReadAsync(cancel))
            (Timeline, peopleAsOf) = (Timeline.Of(reader.GetString(0)), (reader.GetInt32(1), reader.GetInt32(2)));
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
            deltas.Add(new StoredDelta(reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1)));
    }

    /// <summary>
    /// Merges the timeline cells of a level with places in [from, to] into the cells <paramref name="route"/> names by place
    /// and event type; those it answers null for are stepped over.
    /// </summary>
    public async Task TimelineAsync(
        Level level, int from, int to, CellParts parts, Func<int, int, Cell?> route, CancellationToken cancel)
    {
        await PagesAsync(
            RollupId.Timeline, [Timeline.Key(level, from)], [Timeline.Key(level, to)], parts,
            (key, type) => route(Timeline.IndexOf(key), type), cancel);
        foreach (var delta in deltas)
        {
            var fact = new DeltaReader(delta.Facts);
            while (fact.Read())
            {
                var index = Timeline.IndexOf(level, fact.Quarter);
                if (index >= from && index <= to && route(index, fact.Type) is { } cell)
                    TimelineFold.AddTo(cell, in fact, parts);
            }
        }
    }

    /// <summary>Merges what falls into each bucket into the cells <paramref name="route"/> names by bucket and event type.</summary>
    public async Task TimelineAsync(BucketCover cover, CellParts parts, Func<int, int, Cell?> route, CancellationToken cancel)
    {
        foreach (var level in cover.Levels)
        {
            var ranges = cover.RangesOf(level).ToList();
            await PagesAsync(
                RollupId.Timeline,
                [.. ranges.Select(range => Timeline.Key(level, range.From))],
                [.. ranges.Select(range => Timeline.Key(level, range.To))],
                parts,
                (key, type) => cover.BucketOf(level, Timeline.IndexOf(key)) is var bucket and >= 0 ? route(bucket, type) : null,
                cancel);
        }

        foreach (var delta in deltas)
        {
            var fact = new DeltaReader(delta.Facts);
            while (fact.Read())
                if (cover.BucketOf(fact.Quarter) is var bucket and >= 0 && route(bucket, fact.Type) is { } cell)
                    TimelineFold.AddTo(cell, in fact, parts);
        }
    }

    Task PagesAsync(RollupId rollup, long[] lows, long[] highs, CellParts parts, Func<long, int, Cell?> route, CancellationToken cancel) =>
        CellsAsync(rollup, lows, highs, null, (key, type, bytes) =>
        {
            if (route(key, type) is { } cell)
                CellFormat.Merge(bytes.Span, cell, parts);
        }, cancel);

    /// <summary>
    /// Gives every stored cell of a rollup whose key is in one of the ranges, run by run; a key may come several times. The bytes
    /// are good until the next one. <paramref name="inRunsWithDays"/> leaves out the other runs.
    /// </summary>
    internal async Task CellsAsync(
        RollupId rollup, long[] lows, long[] highs, bool? inRunsWithDays, Action<long, int, ReadOnlyMemory<byte>> each, CancellationToken cancel)
    {
        if (lows.Length == 0)
            return;
        await using var command = new NpgsqlCommand(PagesSql, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)rollup });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = lows });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = highs });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Boolean, Value = (object?)inRunsWithDays ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        // One buffer for all pages: hundreds of them would otherwise be garbage after each question.
        var bytes = new byte[PageWriter.UsualSize];
        while (await reader.ReadAsync(cancel))
        {
            var length = (int)reader.GetBytes(0, 0, null, 0, 0);
            if (length > bytes.Length)
                bytes = new byte[length];
            reader.GetBytes(0, 0, bytes, 0, length);
            var page = new PageReader(bytes.AsMemory(0, length));
            var (low, high) = (reader.GetInt64(1), reader.GetInt64(2));
            while (page.Read() && page.Key <= high)
                if (page.Key >= low)
                    each(page.Key, page.Type, page.Cell);
        }
    }

    /// <summary>The people who have two numbers.</summary>
    public Task<LinkedPeople> LinkedPeopleAsync(CancellationToken cancel) =>
        LinkedPeople.ReadAsync(store, connection, workspace, peopleAsOf, cancel);

    public async ValueTask DisposeAsync()
    {
        if (transaction is null)
            return;
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
