namespace Analytics.Tests.Tenancy;

public sealed class UserKeysTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("viewer", 200, 403, 403)]
    [InlineData("member", 200, 201, 403)]
    [InlineData("admin", 200, 201, 200)]
    [InlineData("owner", 200, 201, 200)]
    public async Task A_role_says_what_its_user_may_do(string role, int read, int write, int manage)
    {
        var workspace = await api.NewWorkspaceAsync();
        var (_, user) = await api.NewUserAsync((workspace, role));

        await user.GetAsync("/api/customers", read);
        await user.PostAsync("/api/customers", new { name = "Ada" }, write);
        await user.GetAsync($"/api/workspaces/{workspace.Id}/keys", manage);
    }

    [Fact]
    public async Task A_user_of_several_workspaces_names_one()
    {
        var first = await api.NewWorkspaceAsync();
        var second = await api.NewWorkspaceAsync();
        var stranger = await api.NewWorkspaceAsync();
        var (_, user) = await api.NewUserAsync((first, "member"), (second, "member"));

        await user.PostAsync("/api/customers", new { name = "In body", workspace_id = second.Id }, 201);
        await user.PostAsync($"/api/customers?tenantId={second.Id}", new { name = "In query" }, 201);

        Assert.Equal(2, (await user.GetAsync($"/api/customers?workspace_id={second.Id}")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await user.GetAsync($"/api/customers?tenantId={first.Id}")).GetProperty("data").GetArrayLength());
        await user.GetAsync("/api/customers", 400);
        await user.GetAsync($"/api/customers?workspace_id={stranger.Id}", 404);
        await user.GetAsync($"/api/customers?workspace_id={Guid.NewGuid()}", 404);
        await user.GetAsync("/api/customers?workspace_id=garbage", 400);
        await user.GetAsync($"/api/customers?workspace_id={first.Id}&tenantId={second.Id}", 400);
        await user.PostAsync("/api/customers", new { name = "Elsewhere", workspace_id = stranger.Id }, 404);
        await user.PostAsync("/api/customers", new { name = "Both", workspace_id = first.Id, tenantId = second.Id }, 400);
        await first.PostAsync("/api/customers", new { name = "Both", workspace_id = first.Id, tenantId = second.Id }, 404);
    }

    [Fact]
    public async Task A_user_of_one_workspace_need_not_name_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (_, user) = await api.NewUserAsync((workspace, "member"));

        await user.PostAsync("/api/customers", new { name = "Ada" }, 201);

        var (_, nobody) = await api.NewUserAsync();
        await nobody.GetAsync("/api/customers", 400);
    }

    [Fact]
    public async Task Ingest_takes_the_workspace_from_the_body()
    {
        var first = await api.NewWorkspaceAsync();
        var second = await api.NewWorkspaceAsync();
        var stranger = await api.NewWorkspaceAsync();
        var (_, user) = await api.NewUserAsync((first, "member"), (second, "viewer"));
        var events = new[] { new { name = "a", external_customer_id = "x" } };

        await user.PostAsync("/api/events/ingest", new { workspace_id = first.Id, events });
        await user.PostAsync("/api/events/ingest", new { events, tenantId = first.Id });
        await user.PostAsync("/api/events/ingest", new { workspace_id = second.Id, events }, 403);
        await user.PostAsync("/api/events/ingest", new { workspace_id = stranger.Id, events }, 404);
        await user.PostAsync("/api/events/ingest", new { events }, 400);
        await first.PostAsync("/api/events/ingest", new { workspace_id = second.Id, events }, 404);
    }

    [Fact]
    public async Task A_change_of_role_holds_at_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (id, user) = await api.NewUserAsync((workspace, "member"));
        await user.PostAsync("/api/customers", new { name = "Ada" }, 201);

        await workspace.PutAsync($"/api/workspaces/{workspace.Id}/members/{id}", new { role = "viewer" });
        await user.PostAsync("/api/customers", new { name = "Ada" }, 403);

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/members/{id}");
        await user.GetAsync($"/api/customers?workspace_id={workspace.Id}", 404);
    }

    [Fact]
    public async Task Only_root_and_the_user_get_at_a_users_keys()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (id, user) = await api.NewUserAsync((workspace, "owner"));
        var (_, other) = await api.NewUserAsync((workspace, "owner"));

        var made = await user.PostAsync($"/api/users/{id}/keys", new { name = "laptop" }, 201);
        Assert.Equal(2, (await api.Root.GetAsync($"/api/users/{id}/keys")).GetProperty("data").GetArrayLength());
        await other.GetAsync($"/api/users/{id}/keys", 404);
        await other.PostAsync($"/api/users/{id}/keys", new { }, 404);
        await workspace.GetAsync($"/api/users/{id}/keys", 403);
        await user.DeleteAsync($"/api/users/{id}/keys/{made.GetProperty("id").GetString()}");
        await api.With(made.GetProperty("key").GetString()).GetAsync($"/api/users/{id}", 401);
    }

    [Fact]
    public async Task Users_see_themselves_and_admins_their_members()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();
        var (id, user) = await api.NewUserAsync((workspace, "viewer"), (other, "admin"));

        Assert.Equal(2, (await user.GetAsync($"/api/users/{id}")).GetProperty("memberships").GetArrayLength());
        Assert.Equal(1, (await workspace.GetAsync($"/api/users/{id}")).GetProperty("memberships").GetArrayLength());
        Assert.Contains(id.ToString(), (await workspace.GetAsync("/api/users")).GetRawText());
        await (await api.NewWorkspaceAsync()).GetAsync($"/api/users/{id}", 404);
    }
}
