using System.Diagnostics;
using Npgsql;

namespace Analytics.Benchmarks;

/// <summary>A database with only the bare tables of <c>baseline.sql</c>.</summary>
public sealed class Baseline : IAsyncDisposable
{
    readonly PostgresUnderTest postgres;
    readonly string database;

    Baseline(PostgresUnderTest postgres, string database) => (this.postgres, this.database) = (postgres, database);

    public string Database => database;

    public static async Task<Baseline> CreateAsync(PostgresUnderTest postgres, string database, CancellationToken cancel)
    {
        await postgres.CreateDatabaseAsync(database, cancel);
        await using var sql = typeof(Baseline).Assembly.GetManifestResourceStream("baseline.sql")!;
        using var reader = new StreamReader(sql);
        await using var connection = await postgres.OpenAsync(database, cancel);
        await using var command = new NpgsqlCommand(await reader.ReadToEndAsync(cancel), connection);
        await command.ExecuteNonQueryAsync(cancel);
        return new(postgres, database);
    }

    /// <summary>Copies every batch, keys and rows in one transaction each; answers rows a second.</summary>
    public async Task<double> CopyAsync(IReadOnlyList<PreparedBatch> batches, int connections, CancellationToken cancel)
    {
        var open = new NpgsqlConnection[connections];
        for (var i = 0; i < connections; i++)
            open[i] = await postgres.OpenAsync(database, cancel);
        try
        {
            var next = -1;
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(open.Select(connection => Task.Run(
                async () =>
                {
                    while (Interlocked.Increment(ref next) is var at && at < batches.Count)
                        await CopyAsync(connection, batches[at], cancel);
                },
                cancel)));
            return batches.Sum(batch => batch.Events) / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            foreach (var connection in open)
                await connection.DisposeAsync();
        }
    }

    /// <summary>One event and its key per commit, each connection as fast as it can for some time.</summary>
    public async Task<LoopResult> InsertOneByOneAsync(
        IReadOnlyList<Lane> lanes, TimeSpan duration, CancellationToken cancel)
    {
        var open = new SingleInsert[lanes.Count];
        for (var i = 0; i < open.Length; i++)
            open[i] = await SingleInsert.PrepareAsync(await postgres.OpenAsync(database, cancel), lanes[i], cancel);
        try
        {
            var clock = Stopwatch.StartNew();
            var latencies = await Task.WhenAll(open.Select(insert => Task.Run(() => insert.RepeatAsync(clock, duration, cancel), cancel)));
            return new(clock.Elapsed.TotalSeconds, latencies.Sum(lane => lane.Count), [.. latencies.SelectMany(lane => lane)]);
        }
        finally
        {
            foreach (var insert in open)
                await insert.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await postgres.DropDatabaseAsync(database);

    static async Task CopyAsync(NpgsqlConnection connection, PreparedBatch batch, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (batch.Keys is { } keys)
            await CopyAsync(connection, CopyKeys.Sql, keys, cancel);
        await CopyAsync(connection, batch.CopySql, batch.Rows, cancel);
        await transaction.CommitAsync(cancel);
    }

    static async Task CopyAsync(NpgsqlConnection connection, string sql, byte[] rows, CancellationToken cancel)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(sql, cancel);
        await copy.WriteAsync(rows, cancel);
    }
}
