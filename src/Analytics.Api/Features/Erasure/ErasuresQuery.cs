using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>How far is an erasure?</summary>
sealed class ErasuresQuery(NpgsqlDataSource store)
{
    const string Sql = """
        select status, events, rollups, verified_at
        from erasures
        where workspace_id = $1 and job_id = $2
        """;

    public Task<ErasureAnswer?> FindAsync(int workspace, Guid job, CancellationToken cancel) => store.FirstAsync(
        Sql, [workspace, job],
        row => new ErasureAnswer(
            job, row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3)),
        cancel);
}
