using System.Text.Json;

namespace Analytics.Tests.Features.Customers;

public sealed class CustomersTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_customer_is_made_read_changed_and_found()
    {
        var workspace = await api.NewWorkspaceAsync();
        var made = await workspace.PostAsync(
            "/api/customers", new { external_id = "acme", name = "Acme", email = "it@acme.example", metadata = new { plan = "pro" } }, 201);
        var path = $"/api/customers/{made.GetProperty("id").GetString()}";

        var changed = await workspace.PatchAsync(path, """{"name":null,"metadata":{"plan":"free"}}""");

        Assert.Equal(JsonValueKind.Null, changed.GetProperty("name").ValueKind);
        Assert.Equal("acme", changed.GetProperty("external_id").GetString());
        Assert.Equal("free", changed.GetProperty("metadata").GetProperty("plan").GetString());
        var read = await workspace.GetAsync(path);
        Assert.Equal(changed.GetProperty("updated_at").GetString(), read.GetProperty("updated_at").GetString());
        Assert.Equal(made.GetProperty("created_at").GetString(), read.GetProperty("created_at").GetString());
        foreach (var query in (string[])["q=ACM", "external_id=acme&external_id=other", "email=it@acme.example"])
            Assert.Single((await workspace.GetAsync($"/api/customers?{query}")).GetProperty("data").EnumerateArray());
        Assert.Empty((await workspace.GetAsync("/api/customers?q=_c")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_repeated_filter_means_any_of_its_values_and_an_empty_one_nothing()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var id in (string?[])["acme", "bolt", "coil", null])
            await workspace.NewCustomerAsync(id);

        foreach (var (query, count) in ((string, int)[])[("q=ACM&q=bol", 2), ("q=&q=bol", 1), ("q=", 4), ("external_id=", 4), ("email=", 4)])
            Assert.Equal(count, (await workspace.GetAsync($"/api/customers?{query}")).GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("émil", 1), InlineData("ÉMIL", 1), InlineData("%", 1), InlineData("a_b", 1), InlineData("c\\d", 1), InlineData("A%B", 0), InlineData(" ", 3)]
    public async Task A_search_takes_its_text_as_it_stands_in_any_case(string q, int count)
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var name in (string[])["Émile Zola", "100% A_B", "c\\d e", "axb"])
            await workspace.NewCustomerAsync(name: name);

        var found = await workspace.GetAsync($"/api/customers?q={Uri.EscapeDataString(q)}");

        Assert.Equal(count, found.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Whoever_an_event_can_name_can_be_made_a_customer()
    {
        var workspace = await api.NewWorkspaceAsync();
        var longest = string.Concat(Enumerable.Repeat("\U0001F600", 255));
        await workspace.IngestAsync(Some.Event(customer: longest));

        var id = await workspace.NewCustomerAsync(longest);

        Assert.Single((await workspace.GetAsync($"/api/events?customer_id={id}&source=user")).GetProperty("data").EnumerateArray());
        await workspace.PostAsync("/api/customers", new { external_id = longest + "x" }, 400);
    }

    [Fact]
    public async Task An_external_id_belongs_to_one_customer_of_a_workspace()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("acme");
        var second = await workspace.NewCustomerAsync();

        await workspace.PostAsync("/api/customers", new { external_id = "acme" }, 409);
        await workspace.PatchAsync($"/api/customers/{second}", new { external_id = "acme" }, 409);
        await other.NewCustomerAsync("acme");
    }

    [Fact]
    public async Task Each_change_is_told_as_a_system_event()
    {
        var workspace = await api.NewWorkspaceAsync();
        var id = await workspace.NewCustomerAsync("acme");
        await workspace.PatchAsync($"/api/customers/{id}", new { name = "New" });
        await workspace.PatchAsync($"/api/customers/{id}", new { });
        await workspace.DeleteAsync($"/api/customers/{id}", 202);

        var events = await workspace.GetAsync("/api/events?source=system&sort=timestamp");

        Assert.Equal(
            ["customer.created", "customer.updated", "customer.deleted"],
            events.GetProperty("data").EnumerateArray().Select(told => told.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Events_of_an_external_id_follow_the_customer_that_has_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(customer: "acme"));
        var first = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Some.Event(customerId: first), Some.Event(customer: "acme"));
        Assert.Equal(1L, await PeopleAsync(workspace));

        var second = await workspace.NewCustomerAsync();
        await workspace.PatchAsync($"/api/customers/{first}", """{"external_id":null}""");
        Assert.Equal(2L, await PeopleAsync(workspace));
        await workspace.PatchAsync($"/api/customers/{second}", new { external_id = "acme" });
        await workspace.IngestAsync(Some.Event(customerId: second));

        Assert.Equal(2L, await PeopleAsync(workspace));
    }

    [Fact]
    public async Task A_portal_key_sees_its_customer_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var mine = await workspace.NewCustomerAsync("mine");
        var other = await workspace.NewCustomerAsync("other");
        var portal = await workspace.BoundToAsync(mine);

        var listed = await portal.GetAsync("/api/customers");

        Assert.Equal(mine, Assert.Single(listed.GetProperty("data").EnumerateArray()).GetProperty("id").GetGuid());
        await portal.GetAsync($"/api/customers/{mine}");
        await portal.PatchAsync($"/api/customers/{mine}", new { name = "Me" });
        await portal.GetAsync($"/api/customers/{other}", 404);
        await portal.PatchAsync($"/api/customers/{other}", new { name = "You" }, 404);
        await portal.DeleteAsync($"/api/customers/{other}", 403);
        await portal.PostAsync("/api/customers", new { name = "New" }, 403);
        await portal.GetAsync($"/api/workspaces/{workspace.Id}", 403);
        await portal.GetAsync($"/api/workspaces/{workspace.Id}/keys", 403);
    }

    // People the events were about (system events aside), with two numbers of one person counted once.
    async Task<long> PeopleAsync(WorkspaceClient workspace)
    {
        await using var command = api.Store.CreateCommand("""
            select count(distinct coalesce(people.same_as, people.person))
            from events
            join people using (workspace_id, person)
            join event_types using (workspace_id, type)
            join workspaces using (workspace_id)
            where workspaces.id = $1 and event_types.source = 0
            """);
        command.Parameters.Add(new() { Value = workspace.Id });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
