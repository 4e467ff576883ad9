using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tests.Features.Erasure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.Tests.Storage;

/// <summary>Whose rows somebody else delivers at the same time has had its turn: it does not sit out for that.</summary>
[Collection<Timed>]
public sealed class OutboxTurnTests(TimedApi timed)
{
    [Fact]
    public async Task Rows_that_another_node_is_just_deleting_are_done()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var number = await workspace.NumberAsync();
        var outbox = timed.Api.Services.GetRequiredService<Outbox>();
        await LeaveAsync(number);
        await using var other = await timed.Api.Store.OpenConnectionAsync();
        await using (var deletes = new NpgsqlCommand($"begin; delete from outbox where workspace_id = {number}", other))
            await deletes.ExecuteNonQueryAsync();
        outbox.Wake();
        await Until.HoldsAsync(
            () => timed.Api.Store.ScalarAsync<bool>(
                "select exists (select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))", [other.ProcessID], default),
            "Nobody waits for who deletes them.");
        await using (var deleted = new NpgsqlCommand("commit", other))
            await deleted.ExecuteNonQueryAsync();

        await LeaveAsync(number);
        outbox.Wake();

        // The clock stands: who sat out would do so for good.
        await workspace.ToldAsync();
    }

    async Task LeaveAsync(int workspace)
    {
        await using var db = await timed.Api.Services.GetRequiredService<IDbContextFactory<AnalyticsDb>>().CreateDbContextAsync();
        db.Set<OutboxRow>().Add(OutboxRow.OfCustomer("customer.updated", workspace, Guid.NewGuid(), timed.Now));
        await db.SaveChangesAsync();
    }
}
