using Analytics.Contract;
using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Events;

/// <summary>
/// Pages of events in another order than that of time. There is no index for these: every row of the interval is looked
/// at, within the time a read may take.
/// </summary>
static class SortedEvents
{
    /// <summary>Fields in the order of the primary key: an id holds its event's time, and all rows are of one workspace.</summary>
    public static bool IsByTime(string sort) => sort is "timestamp" or "id" or "workspace_id";

    const string DataException = "22";

    const string SelectorsSql = """
        select type, label_property_selector
        from event_types
        where workspace_id = $1
          and label_property_selector is not null
        """;

    /// <summary>One row more than the page holds. Rows without the field come last, ties are broken by id.</summary>
    public static async Task<List<StoredEvent>> ReadAsync(
        BoundedRead read, Workspace workspace, EventFilter filter, DateTime from, DateTime to, PageRequest page)
    {
        var values = new SqlValues();
        var key = page.Sort switch
        {
            "label" => await LabelAsync(read, workspace, values),
            "root_id" => TraceOrder.Root(workspace, filter.Visible, values),
            "parent_id" when filter.Visible is { } people => TraceOrder.SeenParent(workspace, people, values),
            "pending_parent_id" when filter.Visible is { } people => TraceOrder.UnseenParent(workspace, people, values),
            "child_count" => TraceOrder.Children(workspace, filter.Visible, values),
            "descendant_count" => await TraceOrder.DescendantsAsync(read, workspace, filter, from, to, values),
            _ => Key(page.Sort),
        };
        var direction = page.Descending ? "desc" : "asc";
        var order = $"e.sort_key is null, e.sort_key {direction}, e.id {direction}";
        var sql = $"""
            select
            {StoredEvent.Columns},
            e.sort_key::text
            from (
                select *
                from (
                    select e.*, {key} as sort_key
                    from {filter.Source(values)}
                    {JoinsFor(page.Sort, filter.WorkspaceIn(values))}
                    where {filter.Conditions(values)}
                      and e.timestamp >= {values.Add(from)}
                      and e.timestamp < {values.Add(to)}
                ) e
                where {After(page, values)}
                order by {order}
                limit {values.Add(page.Limit + 1)}
            ) e
            {StoredEvent.Joins(filter.WorkspaceIn(values))}
            order by {order}
            """;
        try
        {
            return await StoredEvents.ReadAsync(read, sql, values);
        }
        catch (PostgresException e) when (page.After is not null && e.SqlState.StartsWith(DataException, StringComparison.Ordinal))
        {
            // A cursor of somebody's own making, which holds no value of the field.
            throw ProblemException.Invalid(PageCursor.Garbage);
        }
    }

    /// <summary>The sort key as a cursor holds it: an absent one must differ from an empty one.</summary>
    public static string CursorKey(StoredEvent row) => row.SortKey is null ? "" : "=" + row.SortKey;

    static string After(PageRequest page, SqlValues values)
    {
        if (page.After is not { } after)
            return "true";
        var beyond = page.Descending ? "<" : ">";
        var id = values.Add(after.Guid(1));
        if (after.Text(0) is not ['=', .. var value])
            return $"e.sort_key is null and e.id {beyond} {id}";
        var last = $"{values.Add(value)}::text::{KeyType(page.Sort)}";
        return $"(e.sort_key is null or e.sort_key {beyond} {last} or (e.sort_key = {last} and e.id {beyond} {id}))";
    }

    static string Key(string sort) => sort switch
    {
        "name" => """types.name collate "C" """,
        "source" => "case types.source when 0 then 'user' else 'system' end",
        "external_id" => """e.external_id collate "C" """,
        "ingested_at" => "e.ingested_at",
        "customer_id" => "coalesce(people.customer_id, customers.id)",
        "external_customer_id" => """people.external_id collate "C" """,
        "parent_id" => "coalesce(arrived.id, case when substr(e.parent::text, 15, 1) = '7' then e.parent end)",
        "pending_parent_id" => """
            case when arrived.id is null and substr(e.parent::text, 15, 1) <> '7' then e.parent_ref end collate "C"
            """,
        _ => throw new InvalidOperationException($"No order by {sort}."),
    };

    static string JoinsFor(string sort, string workspace) => sort switch
    {
        "name" or "label" or "source" => StoredEvent.TypesJoin(workspace),
        "customer_id" or "external_customer_id" => StoredEvent.PeopleJoins(workspace),
        "parent_id" or "pending_parent_id" => StoredEvent.ArrivedJoin(workspace),
        _ => "",
    };

    static string KeyType(string sort) => sort switch
    {
        "ingested_at" => "timestamptz",
        "customer_id" or "parent_id" or "root_id" => "uuid",
        "child_count" or "descendant_count" => "bigint",
        _ => "text",
    };

    static async Task<string> LabelAsync(BoundedRead read, Workspace workspace, SqlValues values)
    {
        var cases = "";
        await read.Connection.EachAsync(SelectorsSql, [workspace.Key], row =>
        {
            var path = new MetadataPath(row.GetString(1));
            var keys = values.Add(path.Keys);
            cases += $"""

                when e.type = {values.Add(row.GetInt32(0))}
                  and jsonb_typeof({path.Jsonb("e.metadata", keys)}) in ('string', 'number', 'boolean')
                then {path.AsText("e.metadata", keys)}
                """;
        }, read.Cancel);

        return cases.Length == 0 ? """types.label collate "C" """ : $"""(case {cases} else types.label end) collate "C" """;
    }
}
