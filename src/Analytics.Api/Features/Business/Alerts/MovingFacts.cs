using Analytics.Storage;
using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>In which workspaces do facts move, of those that nothing has come to?</summary>
static class MovingFacts
{
    // The bounds leave all other partitions out.
    static string Sql(string table) => $"""
        select distinct wanted.workspace_id
        from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as wanted (workspace_id, start, stop)
        cross join lateral (
            select
            from {table}
            where workspace_id = wanted.workspace_id
              and timestamp >= wanted.start
              and timestamp < wanted.stop
              and timestamp >= $4
              and timestamp < $5
            limit 1
        ) fact
        """;

    public static async Task<HashSet<int>> OfAsync(
        NpgsqlDataSource store, List<WatchedWorkspace> quiet, long end, CancellationToken cancel)
    {
        var moving = new HashSet<int>();
        var ranges = quiet.SelectMany(workspace => workspace.Moving(end)
            .Select(range => (range.Kind, Workspace: workspace.Workspace.Key, range.From, range.To)));
        foreach (var kind in ranges.GroupBy(range => range.Kind))
        {
            DateTime[] starts = [.. kind.Select(range => Storage.Sql.TimeOf(range.From))];
            DateTime[] stops = [.. kind.Select(range => Storage.Sql.TimeOf(range.To))];
            moving.UnionWith(await store.QueryAsync(
                Sql(kind.Key == StreamedKind.Event ? "events" : "requests"),
                [kind.Select(range => range.Workspace).ToArray(), starts, stops, starts.Min(), stops.Max()],
                row => row.GetInt32(0), cancel));
        }

        return moving;
    }
}
