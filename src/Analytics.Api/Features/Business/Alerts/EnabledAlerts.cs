using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>Which alerts of a workspace are to be looked at?</summary>
static class EnabledAlerts
{
    const string Sql = """
        select id, name, severity, query::text, statistic::text, span, condition::text, too_large, created_at
        from alerts
        where workspace_id = $1
          and enabled
        """;

    public static Task<List<Alert>> OfAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        connection.QueryAsync(Sql, [workspace], row => new Alert
        {
            WorkspaceKey = workspace,
            Id = row.GetGuid(0),
            Name = row.GetString(1),
            Enabled = true,
            Severity = row.GetString(2),
            Query = TextOf(row, 3),
            Statistic = TextOf(row, 4),
            Span = row.GetString(5),
            Condition = row.GetString(6),
            TooLarge = row.GetBoolean(7),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(8),
        }, cancel);

    static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
