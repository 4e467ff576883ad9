using System.Text.Json;
using Npgsql;

namespace Analytics.Tests.Features.Metrics;

/// <summary>Connections on which Postgres tells the plan of every statement with the rows it actually read.</summary>
sealed class ReadRows(string connectionString) : IAsyncDisposable
{
    readonly List<JsonElement> nodes = [];

    public NpgsqlDataSource Store { get; } = Explaining(connectionString);

    /// <summary>From now on listens to the statements of a connection.</summary>
    public void Listen(NpgsqlConnection connection) => connection.Notice += (_, told) =>
    {
        var text = told.Notice.MessageText;
        if (text.StartsWith("duration:", StringComparison.Ordinal))
            Add(JsonElement.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..]).GetProperty("Plan"));
    };

    /// <summary>By table: rows that were looked at, whether they were used or not.</summary>
    public SortedDictionary<string, long> ByTable()
    {
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var node in nodes.Where(node => node.TryGetProperty("Relation Name", out _)))
        {
            var table = node.GetProperty("Relation Name").GetString()!;
            var read = Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Index Recheck");
            rows[table] = rows.GetValueOrDefault(table) + (read * Number(node, "Actual Loops"));
        }

        return rows;
    }

    /// <summary>Which tables were read in which ways.</summary>
    public IEnumerable<string> Ways() => nodes.Where(node => node.TryGetProperty("Relation Name", out _))
        .Select(node => $"{node.GetProperty("Node Type")} {node.GetProperty("Relation Name")}").Distinct();

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    void Add(JsonElement node)
    {
        nodes.Add(node);
        if (node.TryGetProperty("Plans", out var inner))
            foreach (var plan in inner.EnumerateArray())
                Add(plan);
    }

    static long Number(JsonElement node, string member) => node.TryGetProperty(member, out var number) ? (long)number.GetDouble() : 0;

    static NpgsqlDataSource Explaining(string connectionString)
    {
        const string Settings = """
            load 'auto_explain';
            set auto_explain.log_min_duration = 0;
            set auto_explain.log_analyze = on;
            set auto_explain.log_timing = off;
            set auto_explain.log_format = json;
            set auto_explain.log_level = notice;
            """;
        var builder = new NpgsqlDataSourceBuilder(connectionString + ";Pooling=false");
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(Settings, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(Settings, connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }
}
