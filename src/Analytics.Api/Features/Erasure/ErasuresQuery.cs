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

    public async Task<ErasureAnswer?> FindAsync(int workspace, Guid job, CancellationToken cancel)
    {
        await using var command = store.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = job });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(job, row.GetString(0), row.GetInt64(1), row.GetInt64(2),
                await row.IsDBNullAsync(3, cancel) ? null : row.GetFieldValue<DateTimeOffset>(3))
            : null;
    }
}
