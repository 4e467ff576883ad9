using System.Text.Json;
using Analytics.Tests.Commands;
using Npgsql;

namespace Analytics.Tests.Storage;

/// <summary>What is told of a customer after its erasure does not bring the person back.</summary>
[Collection<Untold>]
public sealed class UntoldErasureTests(UntoldChanges changes)
{
    [Fact]
    public async Task What_was_untold_of_an_erased_customer_names_nobody()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var customer = await changes.NewCustomerAsync(workspace, "bob-external");
        await changes.MuteOf(workspace).PatchAsync($"/api/customers/{customer}", new { email = "bob@secret.example" });
        await changes.MuteOf(workspace).DeleteAsync($"/api/customers/{customer}", 202);

        await changes.ToldAsync(await changes.WorkspaceAsync(workspace));

        var told = await UntoldChanges.EventsAsync(workspace);
        Assert.Equal(["customer.created", "customer.updated", "customer.deleted"], UntoldChanges.Names(told));
        Assert.Equal(UntoldChanges.Names(told), await changes.NamesAsStoredAsync(workspace));
        Assert.All(told, e => Assert.Equal(JsonValueKind.Null, e.GetProperty("customer_id").ValueKind));
        Assert.Single(told.Select(e => e.GetProperty("metadata").GetProperty("customer_id").GetString()).Distinct());
        foreach (var trace in (string[])["bob", "Bob", customer.ToString()])
            Assert.DoesNotContain(told, e => e.GetRawText().Contains(trace, StringComparison.Ordinal));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task An_erasure_in_the_middle_of_a_delivery_leaves_no_name()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        var customers = new List<Guid>();
        for (var i = 0; i < 20; i++)
            customers.Add(await changes.NewCustomerAsync(workspace, $"bob-{i}"));

        var erasures = await Task.WhenAll(customers.Select(async customer =>
        {
            var telling = changes.Elsewhere.TellAsync(stored, customer, CancellationToken.None);
            var erasure = await workspace.DeleteAsync($"/api/customers/{customer}", 202);
            await telling;
            return erasure.GetProperty("job_id").GetString();
        }));
        await changes.ToldAsync(stored);
        foreach (var erasure in erasures)
            await ErasedAsync(workspace, erasure!);

        var told = await UntoldChanges.EventsAsync(workspace);
        Assert.Equal(20, told.Count(e => e.GetProperty("name").GetString() == "customer.created"));
        Assert.Equal(20, told.Count(e => e.GetProperty("name").GetString() == "customer.deleted"));
        Assert.All(customers, customer =>
            Assert.DoesNotContain(told, e => e.GetRawText().Contains(customer.ToString(), StringComparison.Ordinal)));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_delivery_that_read_the_name_before_the_erasure_and_writes_after_it_is_refused()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        var customer = await changes.NewCustomerAsync(workspace, "bob-external");
        await using (var holder = await changes.Api.Store.OpenConnectionAsync())
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await using var take = new NpgsqlCommand($"select seq from workspace_seq where workspace_id = {stored.Key} for update", holder);
            await take.ExecuteScalarAsync();
            var erasure = changes.MuteOf(workspace).DeleteAsync($"/api/customers/{customer}", 202);
            await WaitingForAsync(holder, 1);
            var telling = changes.Elsewhere.TellAsync(stored, customer, CancellationToken.None);
            await WaitingForAsync(holder, 2);
            await transaction.CommitAsync();
            await Task.WhenAll(erasure, telling);
        }

        await changes.ToldAsync(stored);

        var told = await UntoldChanges.EventsAsync(workspace);
        Assert.Equal(["customer.created", "customer.deleted"], UntoldChanges.Names(told));
        Assert.DoesNotContain(told, e => e.GetRawText().Contains(customer.ToString(), StringComparison.Ordinal));
        await VerifyRun.OfAsync(workspace, 0);
    }

    static Task ErasedAsync(WorkspaceClient workspace, string job) => Until.HoldsAsync(
        async () => (await workspace.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString() == "done",
        "The erasure does not end.");

    /// <summary>Returns when so many wait for what a connection has locked, the later ones behind the earlier.</summary>
    async Task WaitingForAsync(NpgsqlConnection holder, long count)
    {
        await using var waiting = changes.Api.Store.CreateCommand("""
            with recursive waiting as (
                select $1 as pid
                union
                select locks.pid
                from pg_locks locks
                join waiting on waiting.pid = any(pg_blocking_pids(locks.pid))
                where not locks.granted)
            select count(*) - 1
            from waiting
            """);
        waiting.Parameters.Add(new() { Value = holder.ProcessID });
        await Until.HoldsAsync(async () => (long)(await waiting.ExecuteScalarAsync())! >= count, "Nobody waits.");
    }
}
