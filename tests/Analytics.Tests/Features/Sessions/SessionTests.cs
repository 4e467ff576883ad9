using System.Text.Json;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Sessions;

/// <summary>Signing in with a key, what the session is good for, and when it ends.</summary>
public sealed class SessionTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_session_does_what_its_key_does_without_it()
    {
        var workspace = await api.NewWorkspaceAsync(timezone: "Europe/Paris", retentionDays: 90);
        var browser = new Browser(api.Address);

        var session = await browser.SignInAsync(new { key = workspace.Key });

        Assert.Equal("workspace", Text(session, "kind"));
        Assert.Equal("test", Text(session, "name"));
        Assert.Equal(JsonValueKind.Null, session.GetProperty("customer").ValueKind);
        var only = Assert.Single(session.GetProperty("workspaces").EnumerateArray());
        Assert.Equal(
            ["id", "slug", "name", "timezone", "currency", "retention_days", "scopes"], only.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            (workspace.Id.ToString(), workspace.Slug, workspace.Slug, "Europe/Paris", "usd", 90),
            (Text(only, "id"), Text(only, "slug"), Text(only, "name"), Text(only, "timezone"), Text(only, "currency"),
                only.GetProperty("retention_days").GetInt32()));
        Assert.Equal(Scopes.All, ScopesOf(only));
        await browser.PostAsync("/api/customers", new { name = "Ada" }, 201);
        Assert.Equal(1, (await browser.GetAsync("/api/customers")).GetProperty("data").GetArrayLength());
        Assert.Equal(session.GetRawText(), (await browser.LookAsync()).GetRawText());
    }

    [Fact]
    public async Task A_key_is_told_what_it_may_without_a_session()
    {
        var workspace = await api.NewWorkspaceAsync();
        var reader = await workspace.WithScopesAsync(Scopes.EventsRead, Scopes.MetricsRead);

        var session = await reader.GetAsync("/api/session");

        Assert.Equal([Scopes.EventsRead, Scopes.MetricsRead], ScopesOf(session.GetProperty("workspaces")[0]));
        Assert.Equal(JsonValueKind.Null, session.GetProperty("expires_at").ValueKind);
        using var answer = await reader.AskAsync(HttpMethod.Get, "/api/session");
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_user_sees_every_workspace_with_what_the_role_allows()
    {
        var (one, other, foreign) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (_, user) = await api.NewUserAsync((one, "viewer"), (other, "member"));

        var browser = new Browser(api.Address);
        var session = await browser.SignInAsync(new { key = user.Key });

        Assert.Equal(("user", "Ada"), (Text(session, "kind"), Text(session, "name")));
        Assert.Equal(
            [(one.Slug, string.Join(' ', Scopes.OfRole("viewer"))), (other.Slug, string.Join(' ', Scopes.OfRole("member")))],
            session.GetProperty("workspaces").EnumerateArray().Select(at => (Text(at, "slug")!, string.Join(' ', ScopesOf(at)))));
        await browser.PostAsync("/api/customers", new { name = "Ada", workspace_id = other.Id }, 201);
        await browser.PostAsync("/api/customers", new { name = "Ada", workspace_id = one.Id }, 403);
        await browser.GetAsync("/api/customers", 400);
        await browser.GetAsync($"/api/customers?workspace_id={foreign.Id}", 404);
    }

    [Fact]
    public async Task A_user_of_no_workspace_signs_in_and_sees_none()
    {
        var (_, user) = await api.NewUserAsync();

        var session = await new Browser(api.Address).SignInAsync(new { key = user.Key });

        Assert.Empty(session.GetProperty("workspaces").EnumerateArray());
    }

    [Fact]
    public async Task A_portal_keys_session_is_its_customers()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme", "Acme Inc.");
        await workspace.NewCustomerAsync("other");
        var portal = await workspace.BoundToAsync(customer);
        var browser = new Browser(api.Address);

        var session = await browser.SignInAsync(new { key = portal.Key });

        Assert.Equal("workspace", Text(session, "kind"));
        Assert.Equal(
            (customer.ToString(), "acme", "Acme Inc."),
            (Text(session.GetProperty("customer"), "id"), Text(session.GetProperty("customer"), "external_id"),
                Text(session.GetProperty("customer"), "name")));
        Assert.Equal(
            [
                Scopes.EventsWrite, Scopes.EventsRead, Scopes.MetricsRead, Scopes.StatsRead, Scopes.LogsRead, Scopes.StreamRead,
                Scopes.CustomersWrite,
            ],
            ScopesOf(session.GetProperty("workspaces")[0]));
        Assert.Equal(1, (await browser.GetAsync("/api/customers")).GetProperty("data").GetArrayLength());
        await browser.GetAsync($"/api/workspaces/{workspace.Id}/keys", 403);
    }

    [Fact]
    public async Task The_root_key_has_no_session()
    {
        var refusal = await new Browser(api.Address).SignInAsync(new { key = api.RootKey }, 403);

        Assert.Contains("root key", Text(refusal, "detail"));
        await api.Root.GetAsync("/api/session", 403);
        await api.Root.PostAsync("/api/session/codes", null, 403);
    }

    [Fact]
    public async Task A_session_opens_all_streams()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (_, user) = await api.NewUserAsync((workspace, "viewer"));
        var browser = await Browser.SignedInAsync(api.Address, user.Key);
        await using var ofWorkspace = await OpenStream.OpenAsync(browser, $"/api/stream/workspaces/{workspace.Id}");
        await using var ofUser = await OpenStream.OpenAsync(browser, "/api/stream/user");
        await using var log = await OpenStream.OpenAsync(browser, $"/api/v1/events/stream?tenantId={workspace.Id}");

        await workspace.IngestAsync(Numbered.Event(1));

        Assert.Equal(1, (await ofWorkspace.NextAsync()).Number);
        Assert.Equal(1, (await ofUser.NextAsync()).Number);
        Assert.Equal("task.done", Text((await log.NextAsync()).Json, "eventType"));
    }

    [Fact]
    public async Task A_session_of_one_node_is_good_on_another()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api);
        var browser = await Browser.SignedInAsync(api.Address, workspace.Key);
        var elsewhere = new Browser(node.Address);

        elsewhere.Send($"analytics_session={browser.Session}");

        Assert.Equal(workspace.Slug, Text((await elsewhere.LookAsync()).GetProperty("workspaces")[0], "slug"));
    }

    [Fact]
    public async Task A_session_dies_with_its_key_and_its_stream_too()
    {
        var workspace = await api.NewWorkspaceAsync();
        var reader = await workspace.WithScopesAsync(Scopes.StreamRead, Scopes.EventsRead);
        var browser = await Browser.SignedInAsync(api.Address, reader.Key);
        await using var stream = await OpenStream.OpenAsync(browser, $"/api/stream/workspaces/{workspace.Id}");

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{reader.KeyId}");

        await browser.LookAsync(401);
        await browser.GetAsync("/api/events", 401);
        await stream.EndsAsync();
    }

    [Fact]
    public async Task A_members_session_follows_the_role_and_ends_with_the_membership()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (id, user) = await api.NewUserAsync((workspace, "member"));
        var browser = await Browser.SignedInAsync(api.Address, user.Key);
        await browser.PostAsync("/api/customers", new { name = "Ada" }, 201);

        await workspace.PutAsync($"/api/workspaces/{workspace.Id}/members/{id}", new { role = "viewer" });
        await browser.PostAsync("/api/customers", new { name = "Ada" }, 403);
        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/members/{id}");

        Assert.Empty((await browser.LookAsync()).GetProperty("workspaces").EnumerateArray());
    }

    [Fact]
    public async Task A_shared_link_is_a_key_that_admins_list_and_revoke()
    {
        var workspace = await api.NewWorkspaceAsync();
        var expiresAt = TimeProvider.System.GetUtcNow().AddDays(1);
        var made = await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys",
            new { name = "shared: board", scopes = Scopes.OfRole("viewer"), expires_at = expiresAt }, 201);
        var browser = new Browser(api.Address);

        var session = await browser.SignInAsync(new { key = Text(made, "key") });

        Assert.Equal("shared: board", Text(session, "name"));
        Assert.True(session.GetProperty("expires_at").GetDateTimeOffset() < expiresAt);
        await browser.GetAsync("/api/events");
        await browser.PostAsync("/api/customers", new { name = "Ada" }, 403);
        var listed = (await workspace.GetAsync($"/api/workspaces/{workspace.Id}/keys")).GetProperty("data").EnumerateArray();
        Assert.Contains("shared: board", listed.Select(key => Text(key, "name")));
        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{Text(made, "id")}");
        await browser.LookAsync(401);
    }

    static string? Text(JsonElement holder, string member) => holder.GetProperty(member).GetString();

    static string[] ScopesOf(JsonElement workspace) =>
        [.. workspace.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()!)];
}
