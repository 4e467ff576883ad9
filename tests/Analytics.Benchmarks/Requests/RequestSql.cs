using System.Diagnostics;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Benchmarks.Requests;

/// <summary>Questions as one would ask them of the raw rows.</summary>
static class RequestSql
{
    public static readonly string ByHour = Grouped("date_bin('1 hour', timestamp, '2000-01-01Z')");
    public static readonly string ByEndpoint = Grouped("endpoint");
    public static readonly string ByCustomer = Grouped("person");

    public static readonly string OfEndpoint = Grouped("status", $"""
        and endpoint = (
                select number
                from request_texts
                where workspace_id = $1 and kind = {(short)RequestText.Endpoint} and text = '{Traffic.EndpointKey(0)}')
        """);

    const string KeySql = "select workspace_id from workspaces where id = $1";
    const int PatienceSeconds = 120;

    /// <summary>How long bare Postgres takes, in milliseconds; it is stopped after two minutes.</summary>
    public static async Task<double> AskAsync(
        NpgsqlConnection connection, Guid workspace, RequestQuestion question, CancellationToken cancel)
    {
        await using var key = new NpgsqlCommand(KeySql, connection) { Parameters = { new() { Value = workspace } } };
        var (from, to) = RequestQuestion.Range(1, TimeSpan.FromDays(30));
        await using var command = new NpgsqlCommand(question.Sql, connection) { CommandTimeout = PatienceSeconds };
        foreach (var value in (object[])[(await key.ExecuteScalarAsync(cancel))!, from, to])
            command.Parameters.Add(new() { Value = value });
        var clock = Stopwatch.StartNew();
        try
        {
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
            {
                // to the last row
            }
        }
        catch (NpgsqlException slow) when (slow.InnerException is TimeoutException)
        {
            Report.Say($"  {question.Name}: bare Postgres was stopped after {clock.Elapsed.TotalSeconds:0} s");
        }

        return clock.Elapsed.TotalMilliseconds;
    }

    static string Grouped(string by, string and = "") => $"""
        select {by}, count(*), avg(latency), count(*) filter (where status >= 400), sum(response_size), sum(request_size),
            percentile_cont(array[0.5, 0.9, 0.95, 0.99]) within group (order by latency)
        from requests
        where workspace_id = $1
            and timestamp >= $2
            and timestamp < $3
            {and}
        group by 1
        """;
}
