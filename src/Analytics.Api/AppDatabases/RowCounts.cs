using System.Diagnostics;
using System.Text.Json;
using Analytics.Storage;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>
/// How many rows tables have. A small table, and one that was never analysed, is counted, as long as that takes no second, nor all of them
/// together a few; the others are estimated: by their statistics, else from their size.
/// </summary>
sealed class RowCounts(NpgsqlConnection reader, AppPlace place)
{
    const long SmallBytes = 8 << 20;
    const string ASecond = "set statement_timeout = '1s'; set lock_timeout = '300ms'";
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    readonly Dictionary<uint, long> counts = [];
    readonly Stopwatch clock = Stopwatch.StartNew();

    public long Of(SizedTable table) => counts.GetValueOrDefault(table.Oid, table.Rows);

    public async Task CountAsync(SizedTable table, CancellationToken cancel)
    {
        if (table.IsLocked || (table.IsAnalysed && table.Bytes > SmallBytes))
            return;
        counts[table.Oid] = (clock.Elapsed < Longest ? await CountAsync(reader, place, table.Name, cancel) : null)
            ?? await EstimateAsync(reader, place, table.Name, cancel) ?? table.Rows;
    }

    /// <summary>Null when it takes longer than a second, or cannot be done.</summary>
    public static Task<long?> CountAsync(NpgsqlConnection reader, AppPlace place, string table, CancellationToken cancel) => TryAsync(
        async () => await reader.ScalarAsync<long>($"select count(*) from {place.Quoted(table)}", [], cancel), reader, cancel);

    /// <summary>What the planner thinks, from the table's size, its statistics and its columns' widths. Null when it cannot say.</summary>
    public static Task<long?> EstimateAsync(NpgsqlConnection reader, AppPlace place, string table, CancellationToken cancel) => TryAsync(
        async () => RowsOf((await reader.ScalarAsync<string>($"explain (format json) select from {place.Quoted(table)}", [], cancel))!),
        reader, cancel);

    static async Task<long?> TryAsync(Func<Task<long>> count, NpgsqlConnection reader, CancellationToken cancel)
    {
        try
        {
            await reader.ExecuteAsync(ASecond, [], cancel);
            return await count();
        }
        // Code of the app's may fail on the way as well; what the reader has no right to is put right elsewhere.
        catch (PostgresException e) when (e.SqlState is not PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    static long RowsOf(string plan)
    {
        using var parsed = JsonDocument.Parse(plan);
        return (long)Math.Min(parsed.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble(), long.MaxValue / 2);
    }
}
