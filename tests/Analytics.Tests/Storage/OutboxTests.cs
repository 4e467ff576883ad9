using System.Text.Json;
using Analytics.Storage.Schema;
using Analytics.Tests.Commands;

namespace Analytics.Tests.Storage;

/// <summary>A change of a customer and the event that reports it are one: never the one without the other, never twice.</summary>
[Collection<Undelivered>]
public sealed class OutboxTests(UndeliveredChanges changes)
{
    [Fact]
    public async Task What_a_node_could_not_deliver_another_one_delivers()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var made = await changes.SilentOf(workspace).PostAsync("/api/customers", new { external_id = "acme" }, 201);

        await changes.DeliveredAsync(await changes.WorkspaceAsync(workspace));

        var only = Assert.Single(await UndeliveredChanges.EventsAsync(workspace));
        Assert.Equal("customer.created", only.GetProperty("name").GetString());
        Assert.Equal("system", only.GetProperty("source").GetString());
        Assert.Equal(made.GetProperty("created_at").GetString(), only.GetProperty("timestamp").GetString());
        Assert.Equal(made.GetProperty("id").GetString(), only.GetProperty("customer_id").GetString());
        Assert.Equal(made.GetProperty("id").GetString(), only.GetProperty("metadata").GetProperty("customer_id").GetString());
        Assert.Equal(JsonValueKind.Null, only.GetProperty("external_id").ValueKind);
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_change_is_delivered_before_it_is_answered()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync();
        await workspace.PatchAsync($"/api/customers/{customer}", new { name = "New" });

        Assert.Equal(["customer.created", "customer.updated"], UndeliveredChanges.Names(await UndeliveredChanges.EventsAsync(workspace)));
        Assert.Empty(await changes.UndeliveredAsync(await changes.WorkspaceAsync(workspace)));
    }

    [Fact]
    public async Task A_change_that_was_refused_is_not_delivered()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("taken");
        var other = await workspace.NewCustomerAsync();

        await workspace.PostAsync("/api/customers", new { external_id = "taken" }, 409);
        await workspace.PatchAsync($"/api/customers/{other}", new { external_id = "taken" }, 409);

        Assert.Empty(await changes.UndeliveredAsync(await changes.WorkspaceAsync(workspace)));
        Assert.Equal(["customer.created", "customer.created"], UndeliveredChanges.Names(await UndeliveredChanges.EventsAsync(workspace)));
    }

    [Fact]
    public async Task What_is_delivered_again_after_a_crash_counts_once()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        var undelivered = OutboxRow.OfCustomer("customer.updated", stored.Key, await workspace.NewCustomerAsync(), Some.Day);

        for (var i = 0; i < 3; i++)
        {
            await changes.LeaveAsync(undelivered);
            await changes.DeliveredAsync(stored);
        }

        Assert.Equal(["customer.updated", "customer.created"], UndeliveredChanges.Names(await UndeliveredChanges.EventsAsync(workspace)));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task Nodes_that_deliver_the_same_at_once_store_it_once()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        var customers = new List<Guid>();
        for (var i = 0; i < 20; i++)
            customers.Add(await changes.NewCustomerAsync(workspace));

        changes.Here.Wake();
        changes.Elsewhere.Wake();
        await Task.WhenAll(customers.SelectMany(customer => new[] { changes.Here, changes.Elsewhere }.Select(
            node => node.DeliverAsync(stored, customer, CancellationToken.None))));

        await changes.DeliveredAsync(stored);
        Assert.Equal(
            customers.Order(),
            (await UndeliveredChanges.EventsAsync(workspace)).Select(e => e.GetProperty("customer_id").GetGuid()).Order());
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task What_was_left_behind_of_a_customer_is_delivered_before_its_next_change()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var customer = await changes.NewCustomerAsync(workspace);
        foreach (var name in (string[])["B", "C"])
            await changes.SilentOf(workspace).PatchAsync($"/api/customers/{customer}", new { name });

        var last = await workspace.PatchAsync($"/api/customers/{customer}", new { name = "D" });

        var events = await UndeliveredChanges.EventsAsync(workspace);
        Assert.Equal(["customer.created", "customer.updated", "customer.updated", "customer.updated"], UndeliveredChanges.Names(events));
        Assert.Equal(last.GetProperty("updated_at").GetString(), events[^1].GetProperty("timestamp").GetString());
        Assert.Equal(UndeliveredChanges.Names(events), await changes.NamesAsStoredAsync(workspace));
    }

    [Fact]
    public async Task The_key_of_an_outbox_row_is_in_no_clients_way()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        var undelivered = OutboxRow.OfCustomer("customer.updated", stored.Key, Guid.NewGuid(), Some.Day);
        var other = OutboxRow.OfCustomer("customer.updated", stored.Key, Guid.NewGuid(), Some.Day);

        var before = await workspace.IngestAsync(Some.Event(externalId: undelivered.Id.ToString()));
        await changes.LeaveAsync(undelivered);
        await changes.LeaveAsync(other);
        await changes.DeliveredAsync(stored);
        var after = await workspace.IngestAsync(Some.Event(externalId: other.Id.ToString()));

        Assert.Equal(1, before.GetProperty("inserted").GetInt32());
        Assert.Equal(1, after.GetProperty("inserted").GetInt32());
        Assert.Equal(["customer.updated", "customer.updated"], UndeliveredChanges.Names(await UndeliveredChanges.EventsAsync(workspace)));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task Nothing_stays_undelivered_of_a_deleted_workspace()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        await changes.NewCustomerAsync(workspace);
        await changes.Api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}");
        await changes.DeliveredAsync(stored);

        await changes.LeaveAsync(OutboxRow.OfCustomer("customer.created", stored.Key, Guid.NewGuid(), Some.Day));
        await changes.DeliveredAsync(stored);
    }
}
