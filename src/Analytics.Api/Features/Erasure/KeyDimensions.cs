using System.Text.Json.Nodes;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>What the keys that alerts told are values of.</summary>
sealed class KeyDimensions
{
    const string OfCrossingsSql = """
        select distinct on (alert_id, at) alert_id, at, dimension
        from alert_crossings
        where workspace_id = $1
          and dimension is not null
        """;

    readonly Dictionary<(Guid Alert, DateTimeOffset At), string> known;

    KeyDimensions(Dictionary<(Guid Alert, DateTimeOffset At), string> known) => this.known = known;

    public static async Task<KeyDimensions> OfAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) => new(
        (await connection.QueryAsync(
            OfCrossingsSql, [workspace],
            row => (Crossing: (row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1)), Dimension: row.GetString(2)), cancel))
        .ToDictionary(told => told.Crossing, told => told.Dimension));

    /// <summary>That of the key in a record's payload; where nobody knows any more it may be anybody's name.</summary>
    public string Of(JsonNode payload) => payload["alertId"] is { } alert && payload["to"] is { } to
        ? known.GetValueOrDefault((alert.GetValue<Guid>(), to.GetValue<DateTimeOffset>()), ErasedNames.Customer)
        : ErasedNames.Customer;
}
