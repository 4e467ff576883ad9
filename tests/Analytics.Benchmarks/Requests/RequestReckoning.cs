using System.Globalization;
using Npgsql;

namespace Analytics.Benchmarks.Requests;

/// <summary>What was acknowledged must be stored, and counted once, by day and by endpoint.</summary>
static class RequestReckoning
{
    const string Sql = """
        select count(*), (select count(*) from event_keys k where k.workspace_id = w.workspace_id and k.kind = 4)
        from workspaces w
        left join requests r using (workspace_id)
        where w.id = $1
        group by w.workspace_id
        """;

    /// <param name="run">The run.</param>
    /// <param name="part">Of the benchmark.</param>
    /// <param name="service">Who counted.</param>
    /// <param name="workspace">Whose requests.</param>
    /// <param name="from">When the first may have been, in microseconds since 1970.</param>
    /// <param name="withIds">Whether every request had an id.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task CheckAsync(
        Run run, string part, ServiceUnderTest service, TestWorkspace workspace, long from, bool withIds, CancellationToken cancel)
    {
        var (first, last) = (DateOf(from), DateOf(Clock.Microseconds()));
        var byDay = 0L;
        for (var date = first; date <= last; date = date.AddDays(1))
            byDay += (await service.GetAsync(workspace, $"/api/requests/dashboard?timezone=UTC&date={Text(date)}", cancel))
                .GetProperty("totalRequests").GetInt64();
        var byEndpoint = await ByEndpointAsync(service, workspace, $"from={Text(first)}&to={Text(last.AddDays(1))}", cancel);
        var (rows, keys) = await RowsAsync(run.Postgres, service.Database, workspace, cancel);
        var told = workspace.Tally.Inserted;
        if (rows != told || byDay != told || byEndpoint != told || keys != (withIds ? told : 0) || workspace.Tally.Duplicates > 0)
            run.Report.Fault($"{part}: acknowledged {told} new and {workspace.Tally.Duplicates} duplicate requests; there are {rows} rows "
                + $"and {keys} keys, and the service counts {byDay} by day, {byEndpoint} by endpoint.");
        else
            Report.Say($"  {rows:#,0} rows = requests on the days' dashboards = requests of all endpoints = acknowledged; {keys:#,0} keys");
    }

    static async Task<long> ByEndpointAsync(ServiceUnderTest service, TestWorkspace workspace, string range, CancellationToken cancel)
    {
        var (requests, cursor) = (0L, "");
        do
        {
            var page = await service.GetAsync(workspace, $"/api/requests/endpoints?timezone=UTC&limit=1000&{range}{cursor}", cancel);
            requests += page.GetProperty("data").EnumerateArray().Sum(endpoint => endpoint.GetProperty("count").GetInt64());
            var next = page.GetProperty("meta").GetProperty("nextCursor").GetString();
            cursor = next is null ? "" : $"&cursor={Uri.EscapeDataString(next)}";
        }
        while (cursor.Length > 0);
        return requests;
    }

    static DateOnly DateOf(long microseconds) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks(microseconds * 10));

    static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static async Task<(long Rows, long Keys)> RowsAsync(
        PostgresUnderTest postgres, string database, TestWorkspace workspace, CancellationToken cancel)
    {
        await using var connection = await postgres.OpenAsync(database, cancel);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = workspace.Id } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
