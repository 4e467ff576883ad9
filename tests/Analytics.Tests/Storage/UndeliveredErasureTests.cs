using System.Text.Json;
using Analytics.Tests.Commands;
using Npgsql;

namespace Analytics.Tests.Storage;

/// <summary>What is delivered of a customer after its erasure does not bring the person back.</summary>
[Collection<Undelivered>]
public sealed class UndeliveredErasureTests(UndeliveredChanges changes)
{
    [Fact]
    public async Task What_was_undelivered_of_an_erased_customer_names_nobody()
    {
        WorkspaceClient workspace;
        Guid customer;
        do
        {
            workspace = await changes.Api.NewWorkspaceAsync();
            customer = await changes.NewCustomerAsync(workspace, "bob-external");
            await changes.SilentOf(workspace).PatchAsync($"/api/customers/{customer}", new { email = "bob@secret.example" });
            await changes.SilentOf(workspace).DeleteAsync($"/api/customers/{customer}", 202);
        }
        while ((await changes.UndeliveredAsync(await changes.WorkspaceAsync(workspace))).Count < 3); // a node that looked just then

        await changes.DeliveredAsync(await changes.WorkspaceAsync(workspace));

        var events = await UndeliveredChanges.EventsAsync(workspace);
        Assert.Equal(["customer.created", "customer.updated", "customer.deleted"], UndeliveredChanges.Names(events));
        Assert.Equal(UndeliveredChanges.Names(events), await changes.NamesAsStoredAsync(workspace));
        Assert.All(events, e => Assert.Equal(JsonValueKind.Null, e.GetProperty("customer_id").ValueKind));
        Assert.Single(events.Select(e => e.GetProperty("metadata").GetProperty("customer_id").GetString()).Distinct());
        foreach (var trace in (string[])["bob", "Bob", customer.ToString()])
            Assert.DoesNotContain(events, e => e.GetRawText().Contains(trace, StringComparison.Ordinal));
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
            var delivery = changes.Elsewhere.DeliverAsync(stored, customer, CancellationToken.None);
            var erasure = await workspace.DeleteAsync($"/api/customers/{customer}", 202);
            await delivery;
            return erasure.GetProperty("job_id").GetString();
        }));
        await changes.DeliveredAsync(stored);
        foreach (var erasure in erasures)
            await ErasedAsync(workspace, erasure!);

        var events = await UndeliveredChanges.EventsAsync(workspace);
        Assert.Equal(20, events.Count(e => e.GetProperty("name").GetString() == "customer.created"));
        Assert.Equal(20, events.Count(e => e.GetProperty("name").GetString() == "customer.deleted"));
        Assert.All(customers, customer =>
            Assert.DoesNotContain(events, e => e.GetRawText().Contains(customer.ToString(), StringComparison.Ordinal)));
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
            var erasure = changes.SilentOf(workspace).DeleteAsync($"/api/customers/{customer}", 202);
            await WaitingForAsync(holder, 1);
            var delivery = changes.Elsewhere.DeliverAsync(stored, customer, CancellationToken.None);
            await WaitingForAsync(holder, 2);
            await transaction.CommitAsync();
            await Task.WhenAll(erasure, delivery);
        }

        await changes.DeliveredAsync(stored);

        var events = await UndeliveredChanges.EventsAsync(workspace);
        Assert.Equal(["customer.created", "customer.deleted"], UndeliveredChanges.Names(events));
        Assert.DoesNotContain(events, e => e.GetRawText().Contains(customer.ToString(), StringComparison.Ordinal));
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
