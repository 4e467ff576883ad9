using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Verification;

/// <summary>What did the last verify come to?</summary>
sealed class VerificationQuery(NpgsqlDataSource store)
{
    const string Sql = "select checked_at, raw_events, rollup_rows, differences from verifications where workspace_id = $1";

    public async Task<VerificationAnswer> LastAsync(int workspace, CancellationToken cancel) =>
        await store.FirstAsync(
            Sql, [workspace],
            row => new VerificationAnswer(row.GetFieldValue<DateTimeOffset>(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), cancel)
        ?? new(null, 0, 0, 0);
}
