using System.Text.Json;
using Analytics.Storage.Audit;
using Analytics.Storage.Schema;
using Analytics.Tests.Commands;

namespace Analytics.Tests.Storage;

/// <summary>What is delivered of a customer after its erasure does not bring the person back.</summary>
[Collection<Undelivered>]
public sealed class UndeliveredErasureTests(UndeliveredChanges changes)
{
    [Fact]
    public async Task What_was_undelivered_of_an_erased_customer_names_nobody()
    {
        WorkspaceClient workspace;
        Workspace stored;
        Guid customer;
        do
        {
            workspace = await changes.Api.NewWorkspaceAsync();
            stored = await changes.WorkspaceAsync(workspace);
            customer = await changes.NewCustomerAsync(workspace, "bob-external");
            await changes.SilentOf(workspace).PatchAsync($"/api/customers/{customer}", new { email = "bob@secret.example" });
            await changes.SilentOf(workspace).DeleteAsync($"/api/customers/{customer}", 202);
        }
        while ((await changes.UndeliveredAsync(stored)).Count < 3
            || await changes.NamesAsStoredAsync(workspace) is not []); // a node that looked just then

        await changes.DeliveredAsync(stored);

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
        WorkspaceClient workspace;
        Workspace stored;
        Guid customer;
        HeldWorkspace held;
        while (true)
        {
            workspace = await changes.Api.NewWorkspaceAsync();
            stored = await changes.WorkspaceAsync(workspace);
            customer = await changes.NewCustomerAsync(workspace, "bob-external");
            held = await HeldWorkspace.OfAsync(workspace);
            if ((await changes.UndeliveredAsync(stored)).Count == 1 && await changes.NamesAsStoredAsync(workspace) is [])
                break;
            await held.DisposeAsync(); // a node looked just then
        }

        string job;
        await using (held)
        {
            var erasure = changes.SilentOf(workspace).DeleteAsync($"/api/customers/{customer}", 202);
            await held.WaitsAsync(1);
            var delivery = changes.Elsewhere.DeliverAsync(stored, customer, CancellationToken.None);
            await held.WaitsAsync(2);
            await held.LetGoAsync();
            await delivery;
            job = (await erasure).GetProperty("job_id").GetString()!;
        }

        await changes.DeliveredAsync(stored);
        await ErasedAsync(workspace, job);

        var events = await UndeliveredChanges.EventsAsync(workspace);
        Assert.Equal(["customer.created", "customer.deleted"], UndeliveredChanges.Names(events));
        Assert.DoesNotContain(events, e => e.GetRawText().Contains(customer.ToString(), StringComparison.Ordinal));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_finding_that_was_read_before_the_erasure_and_is_written_after_it_names_nobody()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        var customer = await changes.NewCustomerAsync(workspace, "bob-external");
        await changes.DeliveredAsync(stored);
        await using (var held = await HeldWorkspace.OfAsync(workspace))
        {
            await changes.LeaveAsync(new AuditRecord(
                    "threshold.exceeded", "USAGE", "WARN", "alert", $"{Guid.NewGuid()}",
                    JsonSerializer.SerializeToElement(new { name = "Calls of bob-external", key = "bob-external" }))
                .InOutbox(stored.Key, stored.Id, TimeProvider.System.GetUtcNow()));
            var erasure = changes.SilentOf(workspace).DeleteAsync($"/api/customers/{customer}", 202);
            await held.WaitsAsync(1);
            var delivery = changes.Elsewhere.DeliverAsync(stored, stored.Id, CancellationToken.None);
            await held.WaitsAsync(2);
            await held.LetGoAsync();
            await Task.WhenAll(erasure, delivery);
            await changes.DeliveredAsync(stored);
            await ErasedAsync(workspace, (await erasure).GetProperty("job_id").GetString()!);
        }

        var told = Assert.Single((await workspace.GetAsync("/api/v1/events?type=threshold.exceeded")).GetProperty("data").EnumerateArray())
            .GetProperty("payload");
        Assert.True(told.GetProperty("key").TryGetGuid(out var pseudonym), told.GetRawText());
        Assert.Equal($"Calls of {pseudonym}", told.GetProperty("name").GetString());
    }

    static Task ErasedAsync(WorkspaceClient workspace, string job) => Until.HoldsAsync(
        async () => (await workspace.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString() == "done",
        "The erasure does not end.");
}
