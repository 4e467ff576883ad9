using System.Diagnostics;
using DuckDB.NET.Data;

namespace Analytics.Benchmarks.Query;

/// <summary>
/// The events of a workspace in DuckDB, on two threads: it turned them into Parquet itself, from the service's export. Once metadata is a
/// column of JSON as it was exported, once each path that is asked for is a column of its own.
/// </summary>
sealed class DuckDbEvents : IAsyncDisposable
{
    const string Settings = "set threads = 2; set preserve_insertion_order = false; set timezone = 'UTC'";

    readonly string directory = Directory.CreateTempSubdirectory("analytics-duckdb-").FullName;
    readonly DuckDBConnection connection = new("DataSource=:memory:");

    /// <summary>Exports a part of the time after the other: at once the lines of many events would take room that is not there.</summary>
    public static async Task<DuckDbEvents> ExportAsync(
        ServiceUnderTest service, TestWorkspace workspace, DateTime from, DateTime to, int parts, CancellationToken cancel)
    {
        var events = new DuckDbEvents();
        try
        {
            await events.connection.OpenAsync(cancel);
            await events.ExecuteAsync(Settings, cancel);
            var step = (to - from) / parts;
            for (var part = 0; part < parts; part++)
                await events.AddAsync(service, workspace, part, from + (step * part), part == parts - 1 ? to : from + (step * (part + 1)), cancel);
            return events;
        }
        catch
        {
            await events.DisposeAsync();
            throw;
        }
    }

    public Task<(Dictionary<string, (long Count, decimal Sum)> Groups, double Seconds)> OfJsonAsync(
        AdHocQuestion question, CancellationToken cancel) => AskAsync(question, "json", question.DuckDbOfJson, cancel);

    public Task<(Dictionary<string, (long Count, decimal Sum)> Groups, double Seconds)> OfColumnsAsync(
        AdHocQuestion question, CancellationToken cancel) => AskAsync(question, "columns", question.DuckDbOfColumns, cancel);

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    async Task AddAsync(ServiceUnderTest service, TestWorkspace workspace, int part, DateTime from, DateTime to, CancellationToken cancel)
    {
        var lines = Path.Combine(directory, "events.ndjson");
        await using (var file = File.Create(lines))
            await service.CopyAsync(workspace, $"/api/export/events?format=ndjson&from={from:yyyy-MM-ddTHH:mm:ss}Z&to={to:yyyy-MM-ddTHH:mm:ss}Z", file, cancel);
        if (new FileInfo(lines).Length == 0)
            return;
        await ExecuteAsync($"""
            copy (
                select name, timestamp, metadata
                from read_json('{lines}', format = 'newline_delimited', columns = {"{"}name: 'varchar', timestamp: 'timestamptz', metadata: 'json'{"}"})
            ) to '{Path.Combine(directory, $"json-{part}.parquet")}' (format parquet);
            copy (
                select name, timestamp, metadata ->> 'region' as region, metadata ->> 'plan' as plan, (metadata ->> 'duration_ms')::bigint as duration_ms
                from '{Path.Combine(directory, $"json-{part}.parquet")}'
            ) to '{Path.Combine(directory, $"columns-{part}.parquet")}' (format parquet)
            """, cancel);
    }

    async Task<(Dictionary<string, (long Count, decimal Sum)> Groups, double Seconds)> AskAsync(
        AdHocQuestion question, string form, string sql, CancellationToken cancel)
    {
        await ExecuteAsync($"create or replace view events as select * from '{Path.Combine(directory, form)}-*.parquet'", cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        var clock = Stopwatch.StartNew();
        var groups = await QueryGroups.ReadAsync(command, question.Dimensions.Length, cancel);
        return (groups, clock.Elapsed.TotalSeconds);
    }

    async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancel);
    }
}
