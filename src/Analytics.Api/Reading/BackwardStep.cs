using Analytics.Storage;

namespace Analytics.Reading;

/// <summary>
/// Looks at some rows of a table of facts from a place back, along the primary key: no plan has to sort, and it is known how far it got.
/// </summary>
/// <param name="Table">The table; its rows are <c>e</c>.</param>
/// <param name="Workspace">Whose rows.</param>
/// <param name="From">Not before this.</param>
/// <param name="Before">Where to begin; this place is not looked at.</param>
/// <param name="Size">So many are looked at.</param>
/// <param name="Wanted">So many of those that fit are wanted.</param>
readonly record struct BackwardStep(string Table, int Workspace, DateTime From, FactPlace Before, int Size, int Wanted)
{
    /// <summary>Adds the places of rows that fit, the newest first; gives where to go on, null when that was all.</summary>
    /// <param name="read">The snapshot.</param>
    /// <param name="condition">What a row must fulfil; null when every row does.</param>
    /// <param name="values">What the condition was made with.</param>
    /// <param name="found">Where they are added.</param>
    public async Task<FactPlace?> LookAsync(BoundedRead read, string? condition, SqlValues values, List<FactPlace> found)
    {
        var (size, wanted) = (Size, Wanted);
        var sql = $"""
            with looked_at as materialized (
                select e.timestamp, e.id, {condition ?? "true"} as fits
                from {Table} e
                where e.workspace_id = {values.Add(Workspace)}
                  and e.timestamp >= {values.Add(From)}
                  and e.timestamp <= {values.Add(Before.Timestamp)}
                  and (e.timestamp, e.id) < ({values.Add(Before.Timestamp)}, {values.Add(Before.Id)})
                order by e.timestamp desc, e.id desc
                limit {values.Add(size)}
            )
            (select timestamp, id, null::bigint
            from looked_at
            where fits
            order by timestamp desc, id desc
            limit {values.Add(wanted)})
            union all
            (select timestamp, id, (select count(*) from looked_at)
            from looked_at
            order by timestamp, id
            limit 1)
            """;
        var (end, before) = ((FactPlace?)null, found.Count);
        await read.Connection.EachAsync(sql, values, row =>
        {
            var place = new FactPlace(row.GetDateTime(0), row.GetGuid(1));
            if (row.IsDBNull(2))
                found.Add(place);
            else if (row.GetInt64(2) == size)
                end = place;
        }, read.Cancel);
        // Those that fit may be more than were wanted: then it goes on after the last of these.
        return found.Count - before == wanted ? found[^1] : end;
    }
}
