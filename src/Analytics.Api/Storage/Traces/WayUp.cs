using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>
/// The way up from events as far as it leads through events of some people, or through those that had come by some time. Any other event
/// ends it, as if that one had never come. Each event is read once, however many ways lead through it.
/// </summary>
sealed class WayUp
{
    static readonly string UpSql = $"""
        with recursive up (id, above, is_end) as (
            select one.id, one.above, one.is_end
            from unnest($2) as named (id)
            cross join lateral ({EventSql("named.id", "$1", "$3", "$4", "$6")}) one
            union
            select one.id, one.above, one.is_end
            from up
            cross join lateral ({EventSql("up.above", "$1", "$3", "$4", "$6")}) one
            where not up.is_end
        )
        select id, above, is_end
        from up
        limit $5
        """;

    readonly Dictionary<Guid, (Guid? Above, bool IsEnd)> steps = [];
    readonly Dictionary<Guid, Guid?> ends = [];

    /// <summary>Whether there was more to read than was to be read: some ways are not known to their end.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads the ways up from these ids through events of these people, at most so many events.</summary>
    /// <param name="connection">Where to read.</param>
    /// <param name="workspace">Whose events.</param>
    /// <param name="events">Where the ways begin; ids of no event lead nowhere.</param>
    /// <param name="people">Through whose events they lead; null for everybody's.</param>
    /// <param name="portal">
    /// Ways may end where all above is known to be this customer's: at what its portal keys sent, and in traces of one person. Null when
    /// they are to be read up to their roots.
    /// </param>
    /// <param name="most">So many events at most.</param>
    /// <param name="through">Through those up to this sequence; null for all.</param>
    /// <param name="cancel">Ends the read.</param>
    public static async Task<WayUp> ReadAsync(
        NpgsqlConnection connection, int workspace, Guid[] events, int[]? people, Guid? portal, int most, long? through,
        CancellationToken cancel)
    {
        var way = new WayUp();
        if (events.Length == 0)
            return way;
        SqlValue[] values = [workspace, events, SqlValue.Of(people), SqlValue.Of(portal), most + 1, SqlValue.Of(through)];
        await connection.EachAsync(
            UpSql, values, row => way.steps[row.GetGuid(0)] = (row.GetFieldValue<Guid?>(1), row.GetBoolean(2)), cancel);
        way.IsCut = way.steps.Count > most;
        return way;
    }

    /// <summary>The event's parent, where the way leads through it; null otherwise.</summary>
    public Guid? ParentOf(Guid id) =>
        steps.TryGetValue(id, out var step) && step.Above is { } above && steps.ContainsKey(above) ? above : null;

    /// <summary>The root at the end of the way up, or where the way ends surely; null where it ends before.</summary>
    public Guid? EndOf(Guid id)
    {
        var way = new List<Guid>();
        Guid? at = id;
        while (at is { } passed && steps.TryGetValue(passed, out var step) && !step.IsEnd && !ends.ContainsKey(passed))
        {
            way.Add(passed);
            at = step.Above;
        }

        var end = at is not { } last || !steps.ContainsKey(last) ? null : ends.TryGetValue(last, out var known) ? known : last;
        foreach (var passed in way)
            ends[passed] = end;
        return end;
    }

    /// <summary>
    /// The event of an id, should it be one of these people's and have come by then: <c>id</c>, its parent's id <c>above</c>,
    /// <c>is_end</c>.
    /// </summary>
    public static string EventSql(string id, string workspace, string people, string portal, string through = "null::bigint") => $"""
        select
            e.id,
            {ParentSql("e", workspace)} as above,
            e.parent is null or ({portal} is not null and (coalesce(e.portal = {portal}, false) or exists (
                select
                from trace_nodes
                where workspace_id = {workspace}
                  and id = e.trace
                  and up is null
                  and type is not null
                  and not mixed
                  and person = any({people})))) as is_end
        from events e
        where e.workspace_id = {workspace}
          and e.timestamp = {TimeSql(id)}
          and e.id = {id}
          and ({people} is null or e.person = any({people}))
          and ({through} is null or e.seq <= {through})
        offset 0
        """;

    /// <summary>The id of a row's parent; null while it is pending. One that had not come stands as a hash, whose key tells it.</summary>
    public static string ParentSql(string row, string workspace) => $"""
        case
            when substr({row}.parent::text, 15, 1) <> '8' then {row}.parent
            else (
                select id
                from event_keys
                where workspace_id = {workspace}
                  and kind = 0
                  and hash = {row}.parent)
        end
        """;

    // An id holds its event's time, so one partition is looked into.
    static string TimeSql(string id)
    {
        var head = $"('x' || translate(left({id}::text, 18), '-', ''))::bit(64)::bigint";
        return $"'epoch'::timestamptz + (({head} >> 16) * 1000 + ({head} & 4095)) * interval '1 microsecond'";
    }
}
