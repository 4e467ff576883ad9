using Analytics.Contract;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Metrics;

/// <summary>What a workspace's metrics depend on, beside the question: as long as this is the same, so are they.</summary>
/// <param name="Sequence">Rises with every event.</param>
/// <param name="People">Rises when customers are linked, changed or erased, and with a rebuild.</param>
/// <param name="LastExpiry">When the last share ran out by itself.</param>
sealed record MetricsVersion(long Sequence, int People, DateTime? LastExpiry)
{
    // Two rows, each found by its key, however much there is.
    internal const string Sql = """
        select seq, version, (
            select expiry_at
            from shares
            where workspace_id = $1
              and expiry_at <= $2
            order by expiry_at desc
            limit 1)
        from workspace_seq
        where workspace_id = $1
        """;

    public static async Task<MetricsVersion> ReadAsync(
        NpgsqlConnection connection, int workspace, DateTimeOffset now, CancellationToken cancel) =>
        await connection.FirstAsync(
            Sql, [workspace, now.UtcDateTime],
            row => new MetricsVersion(row.GetInt64(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetDateTime(2)), cancel)
        ?? throw ProblemException.NotFound();
}
