using System.Text;
using Analytics.Storage;
using Analytics.Storage.Business;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>Events of erased people: the ids they were sent with and every text that no total hangs on go.</summary>
sealed class ErasedEvents(NpgsqlConnection connection, int workspace, int[] people, Guid pseudonym)
    : ErasedFacts(connection, workspace, people)
{
    const string Find = """
        select timestamp, id, external_id, parent_ref is not null, metadata::text, portal, type
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
        set external_id = null, parent_ref = null, metadata = scrubbed.metadata::jsonb, portal = case when portal is not null then $5 end,
            usage = coalesce(events.usage, scrubbed.usage::int[])
        from unnest($2::timestamptz[], $3::uuid[], $4::text[], $6::text[]) as scrubbed (timestamp, id, metadata, usage)
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

    protected override string EndSql => """
        select timestamp, id
        from events
        where workspace_id = $1 and timestamp >= $2 and (timestamp, id) > ($2, $3)
        order by timestamp, id
        offset $4
        limit 1
        """;

    protected override async Task<ErasureStep?> ScrubAsync(ErasurePlace from, ErasurePlace end, CancellationToken cancel)
    {
        var hashKey = await KeyHash.KeyOfAsync(Connection, Workspace, cancel);
        var found = await Connection.QueryAsync(
            Find, [Workspace, from.Time, from.Id, end.Time, end.Id, People, ScrubbedAtOnce],
            row => new FoundEvent(
                new(row.GetDateTime(0), row.GetGuid(1)), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3),
                row.IsDBNull(4) ? null : row.GetString(4), row.GetFieldValue<Guid?>(5), row.GetInt32(6), hashKey),
            cancel);
        var dirty = found.FindAll(row => row.IsDirty || (row.Portal ?? pseudonym) != pseudonym);
        if (dirty.Count > 0 && !await TryScrubAsync(dirty, hashKey, cancel))
            return null;
        return new(found.Count, dirty.Count == 0, found.Count > 0 ? found[^1].Place : null);
    }

    async Task<bool> TryScrubAsync(List<FoundEvent> dirty, byte[] hashKey, CancellationToken cancel)
    {
        // As every writer: the workspace's lock before its facts.
        if (!await TryLockAsync(cancel))
            return false;
        var ids = dirty.Select(e => e.Place.Id).ToArray();
        var scrubbed = SqlValue.Of(dirty.Select(e => e.Scrubbed).ToArray());
        var kept = await new KeptUsage(Connection, Workspace, hashKey).OfAsync([.. dirty.Select(e => (e.Type, e.Metadata))], cancel);
        await Connection.ExecuteAsync(
            Scrub, [Workspace, dirty.Select(e => e.Place.Time).ToArray(), ids, scrubbed, pseudonym, SqlValue.Of(kept)], cancel);
        await Connection.ExecuteAsync(Unname, [Workspace, ids], cancel);
        var named = dirty.Where(e => e.ExternalId is not null).ToList();
        var hashes = named.Select(
            e => KeyHash.Of(hashKey, KeyKind.Event, e.Portal, Encoding.UTF8.GetBytes(e.ExternalId!)).ToUuid());
        await Connection.ExecuteAsync(Adopt, [Workspace, hashes.ToArray(), named.Select(e => e.Place.Id).ToArray()], cancel);
        return true;
    }

    Task<bool> TryLockAsync(CancellationToken cancel)
    {
        const string Lock = """
            select true
            from workspace_seq
            join workspaces using (workspace_id)
            where workspace_id = $1
            for update of workspace_seq
            """;
        return Connection.ScalarAsync<bool>(Lock, [Workspace], cancel);
    }

    sealed record FoundEvent(
        ErasurePlace Place, string? ExternalId, bool HasParentRef, string? Metadata, Guid? Portal, int Type, byte[] HashKey)
    {
        readonly string? shorter = Metadata is null ? null : new ScrubbedMetadata(HashKey, Portal).Of(Metadata);

        public string? Scrubbed => shorter ?? Metadata;

        public bool IsDirty => ExternalId is not null || HasParentRef || shorter is not null;
    }
}
