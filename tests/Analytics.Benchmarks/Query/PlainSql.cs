using System.Diagnostics;
using Npgsql;

namespace Analytics.Benchmarks.Query;

/// <summary>The same rows, in the service's own database, asked by hand: by Postgres's own parallel query on two processes.</summary>
sealed class PlainSql : IAsyncDisposable
{
    const int Processes = 2;

    // As many workers as there are cores beside the one that leads, whatever the planner thinks they cost.
    const string SettingsSql = """
        set max_parallel_workers_per_gather = 1;
        set parallel_setup_cost = 0;
        set parallel_tuple_cost = 0;
        set min_parallel_table_scan_size = 0;
        set min_parallel_index_scan_size = 0;
        set work_mem = '64MB';
        """;

    const string KeySql = "select workspace_id from workspaces where id = $1";
    const string CountSql = "select count(*) from events where workspace_id = $1 and timestamp >= $2";

    readonly NpgsqlConnection connection;

    PlainSql(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<PlainSql> OpenAsync(PostgresUnderTest postgres, string database, CancellationToken cancel)
    {
        var opened = await postgres.OpenAsync(database, cancel);
        await using var settings = new NpgsqlCommand(SettingsSql, opened);
        await settings.ExecuteNonQueryAsync(cancel);
        return new(opened);
    }

    public async Task<int> KeyOfAsync(Guid workspace, CancellationToken cancel)
    {
        await using var key = Command(KeySql, workspace);
        return (int)(await key.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>How many events a workspace has from an instant on.</summary>
    public async Task<long> CountAsync(int workspace, DateTime from, CancellationToken cancel)
    {
        await using var count = Command(CountSql, workspace, from);
        return (long)(await count.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>What it answers, and how long it takes in seconds.</summary>
    public async Task<(Dictionary<string, (long Count, decimal Sum)> Groups, double Seconds)> AskAsync(
        AdHocQuestion question, int workspace, DateTime from, DateTime to, CancellationToken cancel)
    {
        await using var command = Command(question.PlainSql, workspace, from, to);
        var clock = Stopwatch.StartNew();
        var groups = await QueryGroups.ReadAsync(command, question.Dimensions.Length, cancel);
        return (groups, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Whether two processes work on a question, by Postgres's own word.</summary>
    public async Task<bool> WorksInParallelAsync(AdHocQuestion question, int workspace, DateTime from, DateTime to, CancellationToken cancel)
    {
        await using var command = Command("explain (analyze, timing off) " + question.PlainSql, workspace, from, to);
        await using var lines = await command.ExecuteReaderAsync(cancel);
        while (await lines.ReadAsync(cancel))
            if (lines.GetString(0).TrimStart() == $"Workers Launched: {Processes - 1}")
                return true;
        return false;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
