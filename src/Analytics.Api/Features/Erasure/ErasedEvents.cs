using System.Text;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Sales;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// Events of erased people, and those of nobody that count as theirs by a share, payment or subscription: the ids they were sent with and
/// every text that no total hangs on go. In others' events the pseudonym takes the place of who did it, or to whom, as the log tells it.
/// </summary>
sealed class ErasedEvents(NpgsqlConnection connection, int workspace, ErasedWhom whom) : ErasedFacts(connection, workspace, whom)
{
    static readonly string Owner = InheritedOwner.Sql("e", "$4", "$5");

    static readonly string Find = $"""
        select
            e.timestamp, e.id, e.external_id, e.parent_ref is not null, e.metadata::text, e.portal, e.type, e.usage,
            coalesce(coalesce(nullif(e.person, 0), {Owner}) = any($2), false)
        from events e
        where e.workspace_id = $1
            and e.timestamp >= $6 and (e.timestamp, e.id) > ($6, $7)
            and e.timestamp <= $8 and (e.timestamp, e.id) <= ($8, $9)
            and e.seq <= $11
            and (e.person = any($2)
                or {Owner} = any($2)
                or {IsNamed("actor_id")}
                or {IsNamed("target_id")})
        order by e.timestamp, e.id
        limit $10
        """;

    // Who sent it is nobody any more, but still no backend: what it names links nothing.
    const string Scrub = """
        update events
        set external_id = case when scrubbed.is_own then null else external_id end,
            parent_ref = case when scrubbed.is_own then null else parent_ref end,
            metadata = scrubbed.metadata::jsonb,
            portal = case when scrubbed.is_own and portal is not null then $5 else portal end,
            usage = coalesce(scrubbed.usage::int[], events.usage)
        from unnest($2::timestamptz[], $3::uuid[], $4::text[], $6::text[], $7::boolean[])
            as scrubbed (timestamp, id, metadata, usage, is_own)
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

    protected override bool MayHaveAny => base.MayHaveAny || Whom.Names.All is not [];

    protected override string Table => "events";

    protected override async Task<ErasureStep?> ScrubAsync(ErasurePlace from, ErasurePlace end, CancellationToken cancel)
    {
        var hashKey = await KeyHash.KeyOfAsync(Connection, Workspace, cancel);
        var rows = await Connection.QueryAsync(
            Find,
            [
                Workspace, Whom.People, Whom.Names.Spelled, KeyHash.Before(hashKey, KeyKind.Payment),
                KeyHash.Before(hashKey, KeyKind.Subscription), from.Time, from.Id, end.Time, end.Id, ScrubbedAtOnce, Whom.AskedAt,
            ],
            row => new FoundEvent(
                new(row.GetDateTime(0), row.GetGuid(1)), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3),
                row.IsDBNull(4) ? null : row.GetString(4), row.GetFieldValue<Guid?>(5), row.GetInt32(6), row.Numbers(7),
                row.GetBoolean(8), hashKey, Whom.Names),
            cancel);
        var dirty = rows.FindAll(row => row.IsDirty || (row.IsOwn && (row.Portal ?? Whom.Pseudonym) != Whom.Pseudonym));
        if (dirty.Count > 0 && !await TryScrubAsync(dirty, hashKey, cancel))
            return null;
        return new(
            rows.Count(row => row.IsOwn || row.IsDirty), dirty.Count == 0, rows.Count == ScrubbedAtOnce ? rows[^1].Place : null);
    }

    async Task<bool> TryScrubAsync(List<FoundEvent> dirty, byte[] hashKey, CancellationToken cancel)
    {
        // As every writer: the workspace's lock before its facts.
        if (!await TryLockAsync(cancel))
            return false;
        var ids = dirty.Select(e => e.Place.Id).ToArray();
        var scrubbed = SqlValue.Of(dirty.Select(e => e.Scrubbed).ToArray());
        var kept = await new KeptUsage(Connection, Workspace, hashKey).OfAsync(
            [.. dirty.Select(e => (e.Type, e.Metadata, e.Usage))], cancel);
        await Connection.ExecuteAsync(
            Scrub,
            [
                Workspace, dirty.Select(e => e.Place.Time).ToArray(), ids, scrubbed, Whom.Pseudonym, SqlValue.Of(kept),
                SqlValue.Of(dirty.Select(e => e.IsOwn).ToArray()),
            ], cancel);
        var own = dirty.FindAll(e => e.IsOwn);
        await Connection.ExecuteAsync(Unname, [Workspace, own.Select(e => e.Place.Id).ToArray()], cancel);
        var named = own.FindAll(e => e.ExternalId is not null);
        var hashes = named.Select(
            e => KeyHash.Of(hashKey, KeyKind.Event, e.Portal, Encoding.UTF8.GetBytes(e.ExternalId!)).ToUuid());
        await Connection.ExecuteAsync(Adopt, [Workspace, hashes.ToArray(), named.Select(e => e.Place.Id).ToArray()], cancel);
        return true;
    }

    /// <summary>False where the workspace is gone.</summary>
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

    // Of what is compared without regard to upper and lower case, the names are there in lower case too.
    static string IsNamed(string member) => $$"""
        btrim(e.metadata #>> '{_log,{{member}}}') = any($3)
            or lower(btrim(e.metadata #>> '{_log,{{member}}}')) = any($3)
        """;

    sealed record FoundEvent(
        ErasurePlace Place, string? ExternalId, bool HasParentRef, string? Metadata, Guid? Portal, int Type, int[]? Usage, bool IsOwn,
        byte[] HashKey, ErasedNames Names)
    {
        readonly string? changed = Metadata is null ? null
            : IsOwn ? new ScrubbedMetadata(HashKey, Portal).Of(Metadata)
            : NamedInLog.Renamed(Metadata, Names);

        public string? Scrubbed => changed ?? Metadata;

        public bool IsDirty => changed is not null || (IsOwn && (ExternalId is not null || HasParentRef));
    }
}
