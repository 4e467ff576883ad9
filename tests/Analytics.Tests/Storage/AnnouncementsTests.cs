using System.Text.Json;
using Analytics.Storage.Model;
using Analytics.Tests.Commands;

namespace Analytics.Tests.Storage;

/// <summary>A change of a customer and the event that tells of it are one: never the one without the other, never twice.</summary>
public sealed class AnnouncementsTests(UntoldChanges changes) : IClassFixture<UntoldChanges>
{
    [Fact]
    public async Task What_a_node_could_not_tell_another_one_tells()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var made = await changes.MuteOf(workspace).PostAsync("/api/customers", new { external_id = "acme" }, 201);

        await changes.ToldAsync(await changes.WorkspaceAsync(workspace));

        var told = Assert.Single(await EventsAsync(workspace));
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

        Assert.Equal(["customer.created", "customer.updated"], Names(await EventsAsync(workspace)));
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
        Assert.Equal(["customer.created", "customer.created"], Names(await EventsAsync(workspace)));
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

        Assert.Equal(["customer.updated", "customer.created"], Names(await EventsAsync(workspace)));
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
            customers.Order(), (await EventsAsync(workspace)).Select(told => told.GetProperty("customer_id").GetGuid()).Order());
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

        var told = await EventsAsync(workspace);
        Assert.Equal(["customer.created", "customer.updated", "customer.updated", "customer.updated"], Names(told));
        Assert.Equal(last.GetProperty("updated_at").GetString(), told[^1].GetProperty("timestamp").GetString());
        Assert.Equal(Names(told), await NamesAsStoredAsync(workspace));
    }

    [Fact]
    public async Task What_was_untold_of_an_erased_customer_names_nobody()
    {
        var workspace = await changes.Api.NewWorkspaceAsync();
        var customer = await changes.NewCustomerAsync(workspace, "bob-external");
        await changes.MuteOf(workspace).PatchAsync($"/api/customers/{customer}", new { email = "bob@secret.example" });
        await changes.MuteOf(workspace).DeleteAsync($"/api/customers/{customer}", 202);

        await changes.ToldAsync(await changes.WorkspaceAsync(workspace));

        var told = await EventsAsync(workspace);
        Assert.Equal(["customer.created", "customer.updated", "customer.deleted"], Names(told));
        Assert.Equal(Names(told), await NamesAsStoredAsync(workspace));
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

        var told = await EventsAsync(workspace);
        Assert.Equal(20, told.Count(e => e.GetProperty("name").GetString() == "customer.created"));
        Assert.Equal(20, told.Count(e => e.GetProperty("name").GetString() == "customer.deleted"));
        Assert.All(customers, customer =>
            Assert.DoesNotContain(told, e => e.GetRawText().Contains(customer.ToString(), StringComparison.Ordinal)));
        await VerifyRun.OfAsync(workspace, 0);
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
        Assert.Equal(["customer.updated", "customer.updated"], Names(await EventsAsync(workspace)));
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

    static async Task ErasedAsync(WorkspaceClient workspace, string job)
    {
        for (var attempt = 0; (await workspace.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString() != "done"; attempt++)
        {
            Assert.True(attempt < 300, "The erasure did not end in a minute.");
            await Task.Delay(200);
        }
    }

    static async Task<List<JsonElement>> EventsAsync(WorkspaceClient workspace) =>
        [.. (await workspace.GetAsync("/api/events?source=system&sort=timestamp&limit=1000")).GetProperty("data").EnumerateArray()];

    static IEnumerable<string?> Names(IEnumerable<JsonElement> events) => events.Select(e => e.GetProperty("name").GetString());

    async Task<List<string?>> NamesAsStoredAsync(WorkspaceClient workspace)
    {
        await using var command = changes.Api.Store.CreateCommand("""
            select event_types.name
            from events
            join event_types using (workspace_id, type)
            join workspaces using (workspace_id)
            where workspaces.id = $1
            order by seq
            """);
        command.Parameters.Add(new() { Value = workspace.Id });
        await using var row = await command.ExecuteReaderAsync();
        var names = new List<string?>();
        while (await row.ReadAsync())
            names.Add(row.GetString(0));
        return names;
    }
}
