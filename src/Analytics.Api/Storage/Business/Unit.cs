using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>A billable unit as facts are counted by it.</summary>
/// <param name="Number">Its number in the workspace.</param>
/// <param name="EventName">The name of the events it counts.</param>
/// <param name="Aggregation">What of them makes its number.</param>
/// <param name="Field">The path of the number or value; null where events are only counted.</param>
/// <param name="Filters">What must hold of an event.</param>
/// <param name="Since">The number of the last event before it.</param>
/// <param name="IsReady">Whether those up to there are in the cells.</param>
/// <param name="IsOfType">Whether it counts products of one type only.</param>
sealed record Unit(
    int Number, string EventName, Aggregation Aggregation, string? Field, IReadOnlyList<FieldFilter> Filters, long Since, bool IsReady,
    bool IsOfType)
{
    const string LivingSql = """
        select unit, event_name, aggregation, field, filters::text, since, ready, product_type is not null
        from billable_units
        where workspace_id = $1
          and deleted_at is null
        """;

    /// <summary>Those of a workspace that are not deleted.</summary>
    public static Task<List<Unit>> LivingAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        connection.QueryAsync(LivingSql, [workspace], Read, cancel);

    /// <summary>Reads a row that begins with its columns.</summary>
    public static Unit Read(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetString(1), Aggregations.Of(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3),
        FieldFilter.Read(row.GetString(4)), row.GetInt64(5), row.GetBoolean(6), row.GetBoolean(7));
}
