using System.Text.Json;
using Analytics.Storage.Model;
using Analytics.Tests.Commands;

namespace Analytics.Tests.Storage;

/// <summary>A change of a customer and the event that tells of it are one: never the one without the other, never twice.</summary>
[Collection<Untold>]
public sealed class AnnouncementsTests(UntoldChanges changes)
{
    [Fact]
    public async Task What_a_node_could_not_tell_another_one_tells()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var made = await changes.MuteOf(workspace).PostAsync("/api/customers", new { external_id = "acme" }, 201);

        await changes.ToldAsync(await changes.WorkspaceAsync(workspace));

        var told = Assert.Single(await UntoldChanges.EventsAsync(workspace));
        Assert.Equal("customer.created", told.GetProperty("name").GetString());
        Assert.Equal("system", told.GetProperty("source").GetString());
        Assert.Equal(made.GetProperty("created_at").GetString(), told.GetProperty("timestamp").GetString());
        Assert.Equal(made.GetProperty("id").GetString(), told.GetProperty("customer_id").GetString());
        Assert.Equal(made.GetProperty("id").GetString(), told.GetProperty("metadata").GetProperty("customer_id").GetString());
        Assert.Equal(JsonValueKind.Null, told.GetProperty("external_id").ValueKind);
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_change_is_told_before_it_is_answered()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync();
        await workspace.PatchAsync($"/api/customers/{customer}", new { name = "New" });

        Assert.Equal(["customer.created", "customer.updated"], UntoldChanges.Names(await UntoldChanges.EventsAsync(workspace)));
        Assert.Empty(await changes.UntoldAsync(await changes.WorkspaceAsync(workspace)));
    }

    [Fact]
    public async Task A_change_that_was_refused_is_not_told()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("taken");
        var other = await workspace.NewCustomerAsync();

        await workspace.PostAsync("/api/customers", new { external_id = "taken" }, 409);
        await workspace.PatchAsync($"/api/customers/{other}", new { external_id = "taken" }, 409);

        Assert.Empty(await changes.UntoldAsync(await changes.WorkspaceAsync(workspace)));
        Assert.Equal(["customer.created", "customer.created"], UntoldChanges.Names(await UntoldChanges.EventsAsync(workspace)));
    }

    [Fact]
    public async Task What_is_delivered_again_after_a_crash_is_told_once()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        var untold = Announcement.OfCustomer("customer.updated", stored.Key, await workspace.NewCustomerAsync(), Some.Day);

        for (var i = 0; i < 3; i++)
        {
            await changes.LeaveAsync(untold);
            await changes.ToldAsync(stored);
        }

        Assert.Equal(["customer.updated", "customer.created"], UntoldChanges.Names(await UntoldChanges.EventsAsync(workspace)));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task Nodes_that_deliver_the_same_at_once_tell_it_once()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        var customers = new List<Guid>();
        for (var i = 0; i < 20; i++)
            customers.Add(await changes.NewCustomerAsync(workspace));

        changes.Here.Wake();
        changes.Elsewhere.Wake();
        await Task.WhenAll(customers.SelectMany(customer => new[] { changes.Here, changes.Elsewhere }.Select(
            node => node.TellAsync(stored, customer, CancellationToken.None))));

        await changes.ToldAsync(stored);
        Assert.Equal(
            customers.Order(), (await UntoldChanges.EventsAsync(workspace)).Select(told => told.GetProperty("customer_id").GetGuid()).Order());
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task What_was_left_behind_of_a_customer_is_told_before_its_next_change()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var customer = await changes.NewCustomerAsync(workspace);
        foreach (var name in (string[])["B", "C"])
            await changes.MuteOf(workspace).PatchAsync($"/api/customers/{customer}", new { name });

        var last = await workspace.PatchAsync($"/api/customers/{customer}", new { name = "D" });

        var told = await UntoldChanges.EventsAsync(workspace);
        Assert.Equal(["customer.created", "customer.updated", "customer.updated", "customer.updated"], UntoldChanges.Names(told));
        Assert.Equal(last.GetProperty("updated_at").GetString(), told[^1].GetProperty("timestamp").GetString());
        Assert.Equal(UntoldChanges.Names(told), await changes.NamesAsStoredAsync(workspace));
    }

    [Fact]
    public async Task The_key_of_what_is_told_is_in_no_clients_way()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        var untold = Announcement.OfCustomer("customer.updated", stored.Key, Guid.NewGuid(), Some.Day);
        var other = Announcement.OfCustomer("customer.updated", stored.Key, Guid.NewGuid(), Some.Day);

        var before = await workspace.IngestAsync(Some.Event(externalId: untold.Id.ToString()));
        await changes.LeaveAsync(untold);
        await changes.LeaveAsync(other);
        await changes.ToldAsync(stored);
        var after = await workspace.IngestAsync(Some.Event(externalId: other.Id.ToString()));

        Assert.Equal(1, before.GetProperty("inserted").GetInt32());
        Assert.Equal(1, after.GetProperty("inserted").GetInt32());
        Assert.Equal(["customer.updated", "customer.updated"], UntoldChanges.Names(await UntoldChanges.EventsAsync(workspace)));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task Nothing_stays_untold_of_a_deleted_workspace()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var stored = await changes.WorkspaceAsync(workspace);
        await changes.NewCustomerAsync(workspace);
        await changes.Api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}");
        await changes.ToldAsync(stored);

        await changes.LeaveAsync(Announcement.OfCustomer("customer.created", stored.Key, Guid.NewGuid(), Some.Day));
        await changes.ToldAsync(stored);
    }
}
