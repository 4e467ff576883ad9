using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>
/// The way down from some roots, events or pending parents to all that is below them: one statement on the server, however deep it goes,
/// which finds each event once and by index, and holds none of them. A start that is below another one is met there and goes on by itself.
/// </summary>
/// <param name="connection">Reads everything.</param>
/// <param name="workspace">Whose events.</param>
/// <param name="hashKey">The workspace's secret.</param>
/// <param name="from">The ids of events, or the hashes that pending parents were named by.</param>
sealed class WayDown(NpgsqlConnection connection, int workspace, byte[] hashKey, IEnumerable<Guid> from)
{
    /// <summary>Enough for any trace a person looks at; more would take longer than a read may.</summary>
    public const int MaxEvents = 300_000;

    // Ids are sorted, so that what stands below is looked for among them in a few steps.
    const string StartsSql = """
        select start.at::int as at, start.id, e.external_id, e.portal, e.person, e.metadata
        from unnest($2, $3) with ordinality as start (id, time, at)
        left join lateral (
            select *
            from events
            where workspace_id = $1
              and timestamp = start.time
              and id = start.id
            offset 0
        ) e on true
        """;

    const string MetSql = "case when ($2::uuid[])[width_bucket(child.id, $2)] = child.id then width_bucket(child.id, $2) end";

    /// <summary>An event below a start, or the start itself.</summary>
    /// <param name="Start">The place of the start in <see cref="Starts"/>.</param>
    /// <param name="IsStart">Whether it is the start itself.</param>
    /// <param name="Met">The place of another start that it is; what is below it belongs to that one.</param>
    /// <param name="Metadata">Empty where there is none, or where it is not wanted.</param>
    public readonly record struct Step(int Start, bool IsStart, int? Met, byte[] Metadata);

    /// <summary>Where it starts, sorted.</summary>
    public Guid[] Starts { get; } = [.. from.Distinct().OrderBy(id => id.ToSortable())];

    /// <summary>Only these people's events: what is below another's is not reached. Null for everybody's.</summary>
    public int[]? Visible { get; init; }

    /// <summary>Only events up to this sequence; null for all.</summary>
    public long? Through { get; init; }

    public bool WithMetadata { get; init; } = true;

    /// <summary>
    /// Beyond so many events it ends with <see cref="TooMuchToReadException"/>; null for any number, for as long as it takes.
    /// </summary>
    public int? Max { get; init; } = MaxEvents;

    /// <summary>Gives the starts and every event below them.</summary>
    public async Task EachAsync(Action<Step> each, CancellationToken cancel)
    {
        if (Starts.Length == 0)
            return;
        var sql = $"""
            {Sql("$1", "$4", StartsSql, "$5", MetSql, "$7")}
            select at, is_below, met, {(WithMetadata ? "metadata::text" : "null")}
            from down
            limit $6
            """;
        SqlValue[] values =
        [
            workspace, Starts, SqlValue.Of(Array.ConvertAll(Starts, EventId.TimeOf)), KeyHash.EventKey(hashKey), SqlValue.Of(Visible),
            SqlValue.Of(Max + 1 + Starts.Length), SqlValue.Of(Through),
        ];
        var left = Max + Starts.Length;
        void Row(NpgsqlDataReader row)
        {
            if (left-- == 0)
                throw new TooMuchToReadException("There are too many events below these to be looked at at once.");
            each(new Step(row.GetInt32(0) - 1, !row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetInt32(2) - 1, row.Bytes(3)));
        }

        await (Max is null
            ? connection.EachForAsLongAsItTakesAsync(sql, values, Row, cancel)
            : connection.EachAsync(sql, values, Row, cancel));
    }

    /// <summary>
    /// The common table <c>down (at, id, hash, person, metadata, is_below, met)</c>: the starts and all below them. Children name their
    /// parent by its id, or, when they came first, by the hash of its external id: only where that was ever awaited is it looked for.
    /// </summary>
    /// <param name="workspace">The workspace's number.</param>
    /// <param name="key">What <see cref="KeyHash.EventKey"/> gives.</param>
    /// <param name="starts">Selects <c>at, id, external_id, portal, person, metadata</c>.</param>
    /// <param name="visible">The people whose events are reached; null for everybody.</param>
    /// <param name="met">The place of the start that <c>child</c> is; null when it is none.</param>
    /// <param name="through">The sequence of the last event that is reached; null for all.</param>
    public static string Sql(
        string workspace, string key, string starts, string visible = "null::int[]", string met = "null::int",
        string through = "null::bigint") => $"""
        with recursive down (at, id, hash, person, metadata, is_below, met) as (
            select e.at, e.id, {Awaited(workspace, key)}, e.person, e.metadata, false, null::int
            from ({starts}) e
            union all
            select above.at, child.*, true, {met}
            from down above
            cross join lateral (
                select e.id, {Awaited(workspace, key)} as hash, e.person, e.metadata
                from unnest(array[above.id, above.hash]) as named (parent)
                cross join lateral (
                    select *
                    from events
                    where workspace_id = {workspace}
                      and parent = named.parent
                      and ({visible} is null or person = any({visible}))
                      and ({through} is null or seq <= {through})
                    offset 0
                ) e
                where named.parent is not null
            ) child
            where above.met is null
        )
        """;

    /// <summary>
    /// The hash that children which came first call the event <c>e</c>; null when nobody ever did: whoever was awaited has left a node.
    /// </summary>
    public static string Awaited(string workspace, string key) => $"""
        case when e.external_id is not null then (
            select node.id
            from trace_nodes node
            where node.workspace_id = {workspace}
              and node.id = {KeyHash.OfEventSql("e.external_id", "e.portal", key)}) end
        """;
}
