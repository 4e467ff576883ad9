using System.Text;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// One step of an erasure: the next part of the workspace's events, those of the erased person scrubbed. Nobody adds
/// events to these people any more, so what lies behind the cursor stays clean; a second pass proves it. It is small, for
/// writers of the workspace wait while events are scrubbed.
/// </summary>
sealed class ErasureBatch
{
    const int LookedThroughAtOnce = 5_000;
    const int ScrubbedAtOnce = 500;

    const string Take = """
        select workspace_id, job_id, people, status, cursor_time, cursor_id, failures, pseudonym
        from erasures
        where workspace_id = $1 and status <> 'done' and again_at <= $2
        order by requested_at
        limit 1
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
        order by timestamp, id
        limit $7
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
        set status = $3, events = $4 + case when $5 then 0 else events end, cursor_time = $6, cursor_id = $7, verified_at = $8,
            failures = 0
        where workspace_id = $1 and job_id = $2
        """;

    readonly NpgsqlConnection connection;
    readonly int workspace;
    readonly int[] people;
    readonly Guid pseudonym;
    readonly string status;
    readonly (DateTime Time, Guid Id) from;

    ErasureBatch(NpgsqlConnection connection, NpgsqlDataReader row)
    {
        this.connection = connection;
        workspace = row.GetInt32(0);
        Job = row.GetGuid(1);
        people = row.GetFieldValue<int[]>(2);
        status = row.GetString(3);
        from = row.IsDBNull(4) ? (DateTime.MinValue.ToUniversalTime(), Guid.Empty) : (row.GetDateTime(4), row.GetGuid(5));
        Failures = row.GetInt32(6);
        pseudonym = row.GetGuid(7);
    }

    public Guid Job { get; }

    /// <summary>How often it failed since it last got on.</summary>
    public int Failures { get; }

    /// <summary>The workspace's oldest erasure that is to go on and that no other node works on, held until the transaction ends.</summary>
    public static Task<ErasureBatch?> TakeAsync(
        NpgsqlConnection connection, int workspace, DateTimeOffset now, CancellationToken cancel) =>
        connection.FirstAsync(Take, [workspace, now.UtcDateTime], row => new ErasureBatch(connection, row), cancel);

    /// <summary>Does the step. Where the workspace was deleted meanwhile there is nothing to do: its events go as they are.</summary>
    public async Task WorkAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var end = people.Length == 0 ? null : await EndAsync(cancel);
        var found = people.Length == 0 ? [] : await FindAsync(end ?? (DateTime.MaxValue.ToUniversalTime(), Guid.AllBitsSet), cancel);
        if (found.Count == ScrubbedAtOnce)
            end = (found[^1].Timestamp, found[^1].Id);
        var dirty = found.Where(row => row.IsDirty || (row.Portal ?? pseudonym) != pseudonym).ToList();
        if (dirty.Count > 0 && !await TryScrubAsync(dirty, cancel))
            return;

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
        End, [workspace, from.Time, from.Id, LookedThroughAtOnce - 1], row => (row.GetDateTime(0), row.GetGuid(1)), cancel);

    Task<List<FoundEvent>> FindAsync((DateTime Time, Guid Id) end, CancellationToken cancel) => connection.QueryAsync(
        Find, [workspace, from.Time, from.Id, end.Time, end.Id, people, ScrubbedAtOnce],
        row => new FoundEvent(
            row.GetDateTime(0), row.GetGuid(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3),
            row.IsDBNull(4) ? null : row.GetString(4), row.GetFieldValue<Guid?>(5)),
        cancel);

    async Task<bool> TryScrubAsync(List<FoundEvent> dirty, CancellationToken cancel)
    {
        // As every writer: the workspace's lock before its facts.
        if (await HashKeyAsync(cancel) is not { } hashKey)
            return false;
        var ids = dirty.Select(e => e.Id).ToArray();
        var scrubbed = SqlValue.Of(dirty.Select(e => e.Scrubbed).ToArray());
        await connection.ExecuteAsync(Scrub, [workspace, dirty.Select(e => e.Timestamp).ToArray(), ids, scrubbed, pseudonym], cancel);
        await connection.ExecuteAsync(Unname, [workspace, ids], cancel);
        var named = dirty.Where(e => e.ExternalId is not null).ToList();
        var hashes = named.Select(
            e => KeyHash.Of(hashKey, KeyKind.Event, e.Portal, Encoding.UTF8.GetBytes(e.ExternalId!)).ToUuid());
        await connection.ExecuteAsync(Adopt, [workspace, hashes.ToArray(), named.Select(e => e.Id).ToArray()], cancel);
        return true;
    }

    Task<byte[]?> HashKeyAsync(CancellationToken cancel)
    {
        const string Lock = """
            select hash_key
            from workspace_seq
            join workspaces using (workspace_id)
            where workspace_id = $1
            for update of workspace_seq
            """;
        return connection.ScalarAsync<byte[]>(Lock, [workspace], cancel);
    }

    async Task SaveAsync(
        string next, long events, bool startOver, (DateTime Time, Guid Id)? cursor, DateTimeOffset? verifiedAt, CancellationToken cancel) =>
        await connection.ExecuteAsync(Save,
        [
            workspace, Job, next, events, startOver,
            SqlValue.Of(cursor?.Time), SqlValue.Of(cursor?.Id), SqlValue.Of(verifiedAt?.UtcDateTime),
        ], cancel);

    sealed record FoundEvent(DateTime Timestamp, Guid Id, string? ExternalId, bool HasParentRef, string? Metadata, Guid? Portal)
    {
        readonly string? shorter = Metadata is null ? null : ScrubbedMetadata.Of(Metadata);

        public string? Scrubbed => shorter ?? Metadata;

        public bool IsDirty => ExternalId is not null || HasParentRef || shorter is not null;
    }
}
