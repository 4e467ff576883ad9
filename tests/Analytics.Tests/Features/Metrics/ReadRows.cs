using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Analytics.Tests.Features.Metrics;

/// <summary>Connections on which Postgres tells the plan of every statement with the rows it actually read.</summary>
sealed class ReadRows : IAsyncDisposable
{
    readonly List<JsonElement> nodes = [];

    public ReadRows(string connectionString) => Store = Explaining(connectionString);

    public NpgsqlDataSource Store { get; }

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

    void Listen(string notice)
    {
        if (notice.Contains("duration:", StringComparison.Ordinal))
            lock (nodes)
                Add(JsonElement.Parse(notice[notice.IndexOf('{', StringComparison.Ordinal)..]).GetProperty("Plan"));
    }

    void Add(JsonElement node)
    {
        nodes.Add(node);
        if (node.TryGetProperty("Plans", out var inner))
            foreach (var plan in inner.EnumerateArray())
                Add(plan);
    }

    static long Number(JsonElement node, string member) => node.TryGetProperty(member, out var number) ? (long)number.GetDouble() : 0;

    NpgsqlDataSource Explaining(string connectionString)
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
        builder.UseLoggerFactory(LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new Ear(Listen))));
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

    /// <summary>Hears what is logged: notices are, of every connection.</summary>
    sealed class Ear(Action<string> hear) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            hear(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
