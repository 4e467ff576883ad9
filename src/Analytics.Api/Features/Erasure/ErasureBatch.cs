using System.Text;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// One step of an erasure: the next part of the workspace's events, those of the erased person scrubbed. Nobody adds
/// events to these people any more, so what lies behind the cursor stays clean; a second pass proves it.
/// </summary>
sealed class ErasureBatch
{
    const int EventsAtOnce = 5_000;

    const string Unfinished = """
        select workspace_id, job_id
        from erasures
        where status <> 'done'
        order by requested_at
        """;

    const string Take = """
        select workspace_id, job_id, people, status, cursor_time, cursor_id, pseudonym
        from erasures
        where workspace_id = $1 and job_id = $2 and status <> 'done'
        for update skip locked
        """;

    const string End = """
        select timestamp, id
        from events
        where workspace_id = $1 and timestamp >= $2 and (timestamp, id) > ($2, $3)
        order by timestamp, id
        offset $4
        limit 1
        """;

    const string Find = """
        select timestamp, id, external_id, parent_ref is not null, metadata::text, portal
        from events
        where workspace_id = $1
            and timestamp >= $2 and (timestamp, id) > ($2, $3)
            and timestamp <= $4 and (timestamp, id) <= ($4, $5)
            and person = any($6)
        """;

    // Who sent it is nobody any more, but still no backend: what it names links nothing.
    const string Scrub = """
        update events
        set external_id = null, parent_ref = null, metadata = scrubbed.metadata::jsonb, portal = case when portal is not null then $5 end
        from unnest($2::timestamptz[], $3::uuid[], $4::text[]) as scrubbed (timestamp, id, metadata)
        where events.workspace_id = $1
            and events.timestamp = scrubbed.timestamp
            and events.id = scrubbed.id
        """;

    // Others' children keep their parent; only the erased external id they were sent with goes.
    const string Unname = """
        update events
        set parent_ref = null
        where workspace_id = $1 and parent = any($2) and parent_ref is not null
        """;

    // The hash cannot be told from an external id that is gone: children that came first name their parent by its id from now on.
    const string Adopt = """
        update events
        set parent = named.id, parent_ref = null
        from unnest($2::uuid[], $3::uuid[]) as named (hash, id)
        where events.workspace_id = $1
            and events.parent = named.hash
        """;

    const string Save = """
        update erasures
        set status = $3, events = $4 + case when $5 then 0 else events end, cursor_time = $6, cursor_id = $7, verified_at = $8
        where workspace_id = $1 and job_id = $2
        """;

    readonly NpgsqlConnection connection;
    readonly int workspace;
    readonly Guid job;
    readonly int[] people;
    readonly Guid pseudonym;
    readonly string status;
    readonly (DateTime Time, Guid Id) from;

    ErasureBatch(NpgsqlConnection connection, NpgsqlDataReader row)
    {
        this.connection = connection;
        workspace = row.GetInt32(0);
        job = row.GetGuid(1);
        people = row.GetFieldValue<int[]>(2);
        status = row.GetString(3);
        from = row.IsDBNull(4) ? (DateTime.MinValue.ToUniversalTime(), Guid.Empty) : (row.GetDateTime(4), row.GetGuid(5));
        pseudonym = row.GetGuid(6);
    }

    /// <summary>The oldest unfinished erasure, held until the transaction ends.</summary>
    public static async Task<ErasureBatch?> TakeAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // Each by its workspace: in a cluster rows of several cannot be locked together.
        foreach (var (workspace, job) in await connection.QueryAsync(Unfinished, [], row => (row.GetInt32(0), row.GetGuid(1)), cancel))
            if (await connection.FirstAsync(Take, [workspace, job], row => new ErasureBatch(connection, row), cancel) is { } taken)
                return taken;
        return null;
    }

    public async Task WorkAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var end = people.Length == 0 ? null : await EndAsync(cancel);
        var found = people.Length == 0 ? [] : await FindAsync(end ?? (DateTime.MaxValue.ToUniversalTime(), Guid.AllBitsSet), cancel);
        var dirty = found.Where(row => row.IsDirty || (row.Portal ?? pseudonym) != pseudonym).ToList();
        if (dirty.Count > 0)
            await ScrubAsync(dirty, cancel);

        var isVerifying = status == "verifying";
        if (isVerifying && dirty.Count > 0)
            await SaveAsync("running", 0, startOver: true, null, null, cancel);
        else if (end is not null)
            await SaveAsync(status, isVerifying ? 0 : found.Count, startOver: false, end, null, cancel);
        else if (isVerifying)
            await SaveAsync("done", 0, startOver: false, null, now, cancel);
        else
            await SaveAsync("verifying", found.Count, startOver: false, null, null, cancel);
    }

    Task<(DateTime Time, Guid Id)?> EndAsync(CancellationToken cancel) => connection.FirstAsync<(DateTime, Guid)?>(
        End, [workspace, from.Time, from.Id, EventsAtOnce - 1], row => (row.GetDateTime(0), row.GetGuid(1)), cancel);

    Task<List<FoundEvent>> FindAsync((DateTime Time, Guid Id) end, CancellationToken cancel) => connection.QueryAsync(
        Find, [workspace, from.Time, from.Id, end.Time, end.Id, people],
        row => new FoundEvent(
            row.GetDateTime(0), row.GetGuid(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3),
            row.IsDBNull(4) ? null : row.GetString(4), row.GetFieldValue<Guid?>(5)),
        cancel);

    async Task ScrubAsync(List<FoundEvent> dirty, CancellationToken cancel)
    {
        // As every writer: the workspace's lock before its facts.
        var hashKey = await HashKeyAsync(cancel);
        var ids = dirty.Select(e => e.Id).ToArray();
        var scrubbed = SqlValue.Of(dirty.Select(e => e.Scrubbed).ToArray());
        await connection.ExecuteAsync(Scrub, [workspace, dirty.Select(e => e.Timestamp).ToArray(), ids, scrubbed, pseudonym], cancel);
        await connection.ExecuteAsync(Unname, [workspace, ids], cancel);
        var named = dirty.Where(e => e.ExternalId is not null).ToList();
        var hashes = named.Select(
            e => KeyHash.Of(hashKey, KeyKind.Event, e.Portal, Encoding.UTF8.GetBytes(e.ExternalId!)).ToUuid());
        await connection.ExecuteAsync(Adopt, [workspace, hashes.ToArray(), named.Select(e => e.Id).ToArray()], cancel);
    }

    async Task<byte[]> HashKeyAsync(CancellationToken cancel)
    {
        const string Lock = """
            select hash_key
            from workspace_seq
            join workspaces using (workspace_id)
            where workspace_id = $1
            for update of workspace_seq
            """;
        return await connection.ScalarAsync<byte[]>(Lock, [workspace], cancel)
            ?? throw new InvalidOperationException("The workspace is gone.");
    }

    async Task SaveAsync(
        string next, long events, bool startOver, (DateTime Time, Guid Id)? cursor, DateTimeOffset? verifiedAt, CancellationToken cancel) =>
        await connection.ExecuteAsync(Save,
        [
            workspace, job, next, events, startOver,
            SqlValue.Of(cursor?.Time), SqlValue.Of(cursor?.Id), SqlValue.Of(verifiedAt?.UtcDateTime),
        ], cancel);

    sealed record FoundEvent(DateTime Timestamp, Guid Id, string? ExternalId, bool HasParentRef, string? Metadata, Guid? Portal)
    {
        readonly string? shorter = Metadata is null ? null : ScrubbedMetadata.Of(Metadata);

        public string? Scrubbed => shorter ?? Metadata;

        public bool IsDirty => ExternalId is not null || HasParentRef || shorter is not null;
    }
}
