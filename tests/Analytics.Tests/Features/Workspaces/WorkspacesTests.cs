using Analytics.Tests.Features.Erasure;
using Node = Analytics.Tests.Features.Streams.Node;

namespace Analytics.Tests.Features.Workspaces;

public sealed class WorkspacesTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_workspace_has_sensible_defaults()
    {
        var slug = $"w-{Guid.NewGuid():n}";

        var made = await api.Root.PostAsync("/api/workspaces", new { name = "Acme", slug }, 201);

        Assert.Equal("UTC", made.GetProperty("timezone").GetString());
        Assert.Equal("usd", made.GetProperty("currency").GetString());
        Assert.Equal(365, made.GetProperty("retention_days").GetInt32());
        Assert.EndsWith("Z", made.GetProperty("created_at").GetString());
        var read = await api.Root.GetAsync($"/api/workspaces/{made.GetProperty("id").GetString()}");
        Assert.Equal(made.GetRawText(), read.GetRawText());
    }

    [Theory]
    [InlineData("""{}""", "/name /slug")]
    [InlineData("""{"name":" ","slug":"Upper"}""", "/name /slug")]
    [InlineData("""{"name":"a","slug":""}""", "/slug")]
    [InlineData("""{"name":"a","slug":"ok","timezone":"Mars/Base","currency":"dollar","retention_days":0}""", "/currency /retention_days /timezone")]
    [InlineData("""{"name":"a","slug":"ok","timezone":"UTC+03:00"}""", "/timezone")]
    [InlineData("""{"name":"a","slug":"ok","retention_days":36501}""", "/retention_days")]
    [InlineData("""{"name":1,"slug":2,"retention_days":"x"}""", "/name /retention_days /slug")]
    public async Task All_problems_of_a_new_workspace_are_reported_together(string body, string pointers)
    {
        var answer = await api.Root.PostAsync("/api/workspaces", body, 400);

        var found = answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString());
        Assert.Equal(pointers, string.Join(' ', found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_slug_belongs_to_one_workspace()
    {
        var first = await api.NewWorkspaceAsync();
        var second = await api.NewWorkspaceAsync();

        await api.Root.PostAsync("/api/workspaces", new { name = "Again", slug = first.Slug }, 409);
        await second.PatchAsync($"/api/workspaces/{second.Id}", new { slug = first.Slug }, 409);
        await second.PatchAsync($"/api/workspaces/{second.Id}", new { slug = second.Slug });
    }

    [Theory]
    [InlineData("Asia/Calcutta")]
    [InlineData("Europe/Kiev")]
    [InlineData("America/St_Johns")]
    public async Task Legacy_zones_are_kept_as_given(string timezone)
    {
        var workspace = await api.NewWorkspaceAsync(timezone: timezone);

        Assert.Equal(timezone, (await workspace.GetAsync($"/api/workspaces/{workspace.Id}")).GetProperty("timezone").GetString());
    }

    [Fact]
    public async Task A_change_leaves_absent_members_alone()
    {
        var workspace = await api.NewWorkspaceAsync(timezone: "Europe/Paris");

        var changed = await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { name = "New", currency = "EUR" });

        Assert.Equal("New", changed.GetProperty("name").GetString());
        Assert.Equal("eur", changed.GetProperty("currency").GetString());
        Assert.Equal("Europe/Paris", changed.GetProperty("timezone").GetString());
        Assert.Equal(workspace.Slug, changed.GetProperty("slug").GetString());
    }

    [Fact]
    public async Task The_currency_is_fixed_once_a_cost_is_stored()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(cost: 1.5m));

        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { currency = "eur" }, 409);
        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { currency = "USD" });
    }

    [Fact]
    public async Task Admins_see_the_workspaces_they_manage_and_root_all()
    {
        var mine = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();

        var seen = await mine.GetAsync("/api/workspaces");
        var all = await api.Root.GetAsync("/api/workspaces?limit=1000&sort=-created_at");

        Assert.Equal(mine.Id, Assert.Single(seen.GetProperty("data").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.Contains(other.Slug, all.GetRawText());
        await mine.PostAsync("/api/workspaces", new { name = "a", slug = $"w-{Guid.NewGuid():n}" }, 403);
    }

    [Fact]
    public async Task A_deleted_workspace_is_gone_at_once_and_its_facts_soon()
    {
        var workspace = await api.NewWorkspaceAsync();
        var number = await workspace.NumberAsync();
        await workspace.NewCustomerAsync("x-1");
        await workspace.IngestAsync(Some.Events(20));

        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}");

        await workspace.GetAsync("/api/customers", 401);
        await workspace.PostAsync("/api/events/ingest", new { events = Array.Empty<object>() }, 401);
        await api.Root.GetAsync($"/api/workspaces/{workspace.Id}", 404);
        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}", 404);
        await api.Root.PostAsync("/api/workspaces", new { name = "Again", slug = workspace.Slug }, 201);
        await PurgedAsync(number);
    }

    async Task PurgedAsync(int workspace)
    {
        await using var command = api.Store.CreateCommand($"""
            select (select count(*) from workspace_purges where workspace_id = {workspace})
                + (select count(*) from events where workspace_id = {workspace})
                + (select count(*) from customers where workspace_id = {workspace})
            """);
        await Until.HoldsAsync(async () => (long)(await command.ExecuteScalarAsync())! == 0, "Facts of the deleted workspace are left.");
    }

    [Fact]
    public async Task Members_are_listed_with_their_roles()
    {
        var workspace = await api.NewWorkspaceAsync();
        var email = $"{Guid.NewGuid():n}@Example.com";
        var user = await workspace.PostAsync("/api/users", new { email, name = "Ada" }, 201);
        var id = user.GetProperty("id").GetString();

        await workspace.PutAsync($"/api/workspaces/{workspace.Id}/members/{id}", new { role = "king" }, 400);
        await workspace.PutAsync($"/api/workspaces/{workspace.Id}/members/{Guid.NewGuid()}", new { role = "viewer" }, 404);
        await workspace.PutAsync($"/api/workspaces/{workspace.Id}/members/{id}", new { role = "admin" });
        var members = await workspace.GetAsync($"/api/workspaces/{workspace.Id}/members");

        var member = Assert.Single(members.GetProperty("data").EnumerateArray());
        Assert.Equal("admin", member.GetProperty("role").GetString());
        Assert.Equal(email.ToLowerInvariant(), member.GetProperty("email").GetString());
        await api.Root.PostAsync("/api/users", new { email = email.ToUpperInvariant(), name = "Twin" }, 409);
    }

    [Fact]
    public async Task An_admin_is_not_told_whether_an_email_is_taken()
    {
        var owner = await api.NewWorkspaceAsync();
        var admin = await api.NewWorkspaceAsync();
        var email = $"{Guid.NewGuid():n}@example.com";
        var known = await owner.PostAsync("/api/users", new { email, name = "Ada" }, 201);
        await owner.PutAsync($"/api/workspaces/{owner.Id}/members/{known.GetProperty("id").GetString()}", new { role = "viewer" });

        var taken = await admin.PostAsync("/api/users", new { email = email.ToUpperInvariant(), name = "Twin" }, 201);
        var free = await admin.PostAsync("/api/users", new { email = "x" + email, name = "Twin" }, 201);

        Assert.Equal(known.GetProperty("id").GetString(), taken.GetProperty("id").GetString());
        Assert.Equal((email, "Twin", 0), (taken.GetProperty("email").GetString(), taken.GetProperty("name").GetString(), taken.GetProperty("memberships").GetArrayLength()));
        Assert.Equal(free.EnumerateObject().Select(member => member.Name), taken.EnumerateObject().Select(member => member.Name));
        await admin.GetAsync($"/api/users/{taken.GetProperty("id").GetString()}", 404);
        await admin.GetAsync($"/api/users/{free.GetProperty("id").GetString()}", 404);
        Assert.Equal("Ada", (await owner.GetAsync($"/api/users/{taken.GetProperty("id").GetString()}")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Blanks_around_names_are_kept()
    {
        var workspace = await api.NewWorkspaceAsync();

        var user = await workspace.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = " Ada " }, 201);
        var key = await workspace.PostAsync($"/api/workspaces/{workspace.Id}/keys", new { name = " k ", scopes = (string[])["events:read"] }, 201);
        var changed = await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { name = " Acme " });

        Assert.Equal([" Ada ", " k ", " Acme "], new[] { user, key, changed }.Select(made => made.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_workspace_in_a_path_is_named_by_its_id_or_its_slug()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();

        var bySlug = await workspace.GetAsync($"/api/workspaces/{workspace.Slug}");
        await workspace.GetAsync($"/api/workspaces/{workspace.Slug}/keys");
        await api.Root.GetAsync($"/api/workspaces/{other.Slug}/members");

        Assert.Equal(workspace.Id, bySlug.GetProperty("id").GetGuid());
        foreach (var path in (string[])[$"{other.Slug}", $"{other.Slug}/keys", "no-such-slug", "NO SLUG", $"{Guid.NewGuid()}"])
            await workspace.GetAsync($"/api/workspaces/{path}", 404);
    }

    [Theory, InlineData("PATCH"), InlineData("DELETE")]
    public async Task A_node_that_remembers_a_slug_changes_no_workspace_that_gave_it_up(string method)
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api);
        var elsewhere = node.Of(api.Root);
        await elsewhere.GetAsync($"/api/workspaces/{workspace.Slug}");
        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { slug = $"{workspace.Slug}-new" });

        await elsewhere.SendAsync(new HttpMethod(method), $"/api/workspaces/{workspace.Slug}", new { name = "changed" }, 404);

        Assert.Equal(workspace.Slug, (await workspace.GetAsync($"/api/workspaces/{workspace.Id}")).GetProperty("name").GetString());
    }
}
