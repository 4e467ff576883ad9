using System.Data;
using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>
/// A workspace as of one moment. Everything that is compared is read through one of these, and none is kept for long: an old
/// snapshot makes Postgres keep every former version of the rows that writers change all the time.
/// </summary>
sealed class StoreSnapshot : IAsyncDisposable
{
    // Whatever the planner thinks of fresh tables, look-ups go by index; nothing here is worth a pass over all events.
    const string SettingsSql = """
        set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off; set local jit = off;
        set local statement_timeout = 0
        """;

    const string CountersSql = """
        select w.hash_key, s.seq, s.commits, s.people, s.types, s.shares, s.fields, s.rollup_zone, s.horizon,
               array(select distinct rollup::int from rollup_runs where workspace_id = $1)
        from workspace_seq s
        join workspaces w using (workspace_id)
        where s.workspace_id = $1
        """;

    // Lateral and by whole keys: over a table without statistics a join goes through all of it for each name.
    const string EventsSql = """
        select e.id, e.parent, e.external_id, e.type, coalesce(e.share, 0), e.metadata->>'payment_id', e.portal
        from unnest($2, $3) as wanted (at, name)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and timestamp = wanted.at
              and id = wanted.name
            offset 0
        ) e
        """;

    readonly NpgsqlConnection connection;
    readonly NpgsqlTransaction transaction;

    StoreSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, int workspace) =>
        (this.connection, this.transaction, Workspace) = (connection, transaction, workspace);

    public int Workspace { get; }
    public Counters Counters { get; private set; } = null!;
    public FieldNames Fields { get; private set; } = null!;
    public IReadOnlyDictionary<int, string> Types { get; private set; } = null!;

    /// <summary>Billable units, for whoever has loaded them.</summary>
    public RawUnits Usage { get; } = new();

    /// <summary>Of the timeline only its zone is asked.</summary>
    public SlotCalendar Calendar { get; private set; } = null!;

    /// <summary>The numbers of the rollups that have runs.</summary>
    public IReadOnlySet<int> Rollups { get; private set; } = null!;

    /// <summary>From when on all raw facts are retained; what rollups say of earlier days is sealed and left alone.</summary>
    public long Horizon { get; private set; } = long.MinValue;

    /// <summary>Whether raw events may be gone: then what is left of a trace need not be all of it.</summary>
    public bool HasHorizon => Horizon != long.MinValue;

    /// <summary>Whether an event of this id may be gone.</summary>
    public bool IsSealed(Guid id) => EventId.TimestampOf(id) < Horizon;

    /// <summary>Null when the workspace is gone.</summary>
    public static async Task<StoreSnapshot?> OpenAsync(NpgsqlDataSource store, int workspace, CancellationToken cancel)
    {
        var opened = await store.OpenConnectionAsync(cancel);
        var snapshot = new StoreSnapshot(opened, await opened.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel), workspace);
        await opened.ExecuteAsync(SettingsSql, [], cancel);
        if (await snapshot.LoadAsync(cancel))
            return snapshot;
        await snapshot.DisposeAsync();
        return null;
    }

    public string TypeName(int type) => Types.GetValueOrDefault(type) ?? $"unknown type {type}";

    /// <summary>The rows of a statement whose first parameter is the workspace.</summary>
    public async Task<List<T>> ReadAsync<T>(string sql, SqlValue[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        var rows = new List<T>();
        await EachAsync(sql, values, row => rows.Add(read(row)), cancel);
        return rows;
    }

    /// <summary>The same, row by row as they come.</summary>
    public Task EachAsync(string sql, SqlValue[] values, Action<NpgsqlDataReader> each, CancellationToken cancel) =>
        connection.EachForAsLongAsItTakesAsync(sql, [Workspace, .. values], each, cancel);

    /// <summary>The events with these ids that exist; names that are no ids are none.</summary>
    public async Task<Dictionary<Guid, FoundEvent>> EventsAsync(IEnumerable<Guid> ids, CancellationToken cancel)
    {
        var known = ids.Where(id => EventId.TimeOf(id) is not null).Distinct().ToArray();
        if (known.Length == 0)
            return [];
        var events = await ReadAsync(
            EventsSql, [known.Select(id => EventId.TimeOf(id)!.Value).ToArray(), known],
            row => new FoundEvent(
                row.GetGuid(0), row.GetFieldValue<Guid?>(1), RawEvent.Text(row, 2), row.GetInt32(3), row.GetInt32(4),
                RawEvent.Text(row, 5), row.GetFieldValue<Guid?>(6)),
            cancel);
        return events.ToDictionary(e => e.Id);
    }

    /// <summary>The events whose external ids have these hashes, as the deduplication keys say.</summary>
    public async Task<Dictionary<Guid, Guid>> KeysAsync(IEnumerable<Guid> hashes, CancellationToken cancel) => (await ReadAsync(
        "select hash, id from event_keys where workspace_id = $1 and kind = 0 and hash = any($2)",
        [hashes.Distinct().ToArray()], row => (row.GetGuid(0), row.GetGuid(1)), cancel)).ToDictionary();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    async Task<bool> LoadAsync(CancellationToken cancel)
    {
        await EachAsync(CountersSql, [], row =>
        {
            Counters = new Counters(
                row.GetFieldValue<byte[]>(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5),
                row.GetInt16(6));
            Calendar = SlotCalendar.Of(row.GetString(7));
            Horizon = row.IsDBNull(8) ? long.MinValue : row.Microseconds(8);
            Rollups = row.GetFieldValue<int[]>(9).ToHashSet();
        }, cancel);
        if (Counters is null)
            return false;
        var fields = await ReadAsync(
            "select field, path, ready from fields where workspace_id = $1", [],
            row => (Number: row.GetInt16(0), Path: row.GetString(1), IsReady: row.GetBoolean(2)), cancel);
        Fields = new FieldNames(
            fields.Where(field => field.IsReady).ToDictionary(field => field.Number, field => field.Path),
            fields.Where(field => !field.IsReady).Select(field => field.Number).ToHashSet());
        var types = await ReadAsync(
            "select type, name from event_types where workspace_id = $1", [], row => (row.GetInt32(0), row.GetString(1)), cancel);
        Types = types.ToDictionary();
        return true;
    }
}

/// <summary>What the workspace's row of counters says.</summary>
sealed record Counters(byte[] HashKey, long Sequence, long Commits, int People, int Types, int Shares, short Fields)
{
    public Guid HashOf(string id, KeyKind kind, Guid? portal = null) =>
        KeyHash.Of(HashKey, kind, portal, System.Text.Encoding.UTF8.GetBytes(id)).ToUuid();
}
