using Analytics.Storage;
using Npgsql;

namespace Analytics.Benchmarks;

/// <summary>Fast but wrong is worth nothing: what was acknowledged must be stored, and counted once.</summary>
public static class Reckoning
{
    static readonly string Sql = $"""
        select count(*), (select count(*) from event_keys k where k.workspace_id = w.workspace_id and k.kind = {(short)KeyKind.Event})
        from workspaces w
        left join events e using (workspace_id)
        where w.id = $1
        group by w.workspace_id
        """;

    public static async Task CheckAsync(
        Run run, string part, ServiceUnderTest service, TestWorkspace workspace, CancellationToken cancel)
    {
        var tally = workspace.Tally;
        var counted = await service.OccurrencesAsync(workspace, cancel);
        var (rows, keys) = await RowsAsync(run.Postgres, service.Database, workspace, cancel);
        // Requests that got no answer may have been stored or not; both are right, as long as all counts agree.
        var possible = rows >= tally.Inserted && rows <= tally.Inserted + tally.Unknown;
        if (!possible || rows != counted || rows != keys || tally.Duplicates > 0)
            run.Report.Fault($"{part}: acknowledged {tally.Inserted} new and {tally.Duplicates} duplicate events, {tally.Unknown} unknown; "
                + $"there are {rows} rows and {keys} keys, and the service counts {counted}.");
        else
            Report.Say($"  {rows:#,0} rows = keys = events counted by the service = {tally.Inserted:#,0} acknowledged"
                + (tally.Unknown > 0 ? $" and {rows - tally.Inserted:#,0} of {tally.Unknown:#,0} without an answer" : ""));
    }

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
