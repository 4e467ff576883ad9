using System.Text.Json;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Sessions;

/// <summary>How members come in without a key, and what they get by it.</summary>
public sealed class InvitationTests(AnalyticsApi api)
{
    [Fact]
    public async Task Who_opens_an_invitation_is_a_member_and_signed_in()
    {
        var workspace = await api.NewWorkspaceAsync();
        var email = $"Grace.{Guid.NewGuid():n}@Example.com";
        var made = await InviteAsync(workspace, email, "member");
        Assert.StartsWith($"{api.Address}ui/open#code_", Text(made, "url"));

        var browser = new Browser(api.Address);
        var session = await browser.SignInAsync(new { code = CodeOf(made) });

        Assert.Equal(("user", "Grace"), (Text(session, "kind"), Text(session, "name")));
        var only = Assert.Single(session.GetProperty("workspaces").EnumerateArray());
        Assert.Equal(workspace.Slug, Text(only, "slug"));
        Assert.Equal(Scopes.OfRole("member"), only.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        await browser.PostAsync("/api/customers", new { name = "Ada" }, 201);
        var member = Assert.Single((await workspace.GetAsync($"/api/workspaces/{workspace.Id}/members")).GetProperty("data").EnumerateArray());
        Assert.Equal((email.ToLowerInvariant(), "Grace", "member"), (Text(member, "email"), Text(member, "name"), Text(member, "role")));
        await new Browser(api.Address).SignInAsync(new { code = CodeOf(made) }, 401);
    }

    [Fact]
    public async Task Of_many_who_open_an_invitation_at_once_on_two_nodes_one_gets_in()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api);
        var code = CodeOf(await InviteAsync(workspace, Some(), "viewer"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async n =>
        {
            using var answer = await new Browser(n % 2 == 0 ? api.Address : node.Address).AskAsync(HttpMethod.Post, "/api/session", new { code });
            return (int)answer.StatusCode;
        }));

        Assert.Single(answers, 201);
        Assert.Equal(9, answers.Count(status => status == 401));
    }

    [Fact]
    public async Task Invitations_are_listed_until_they_are_opened_and_can_be_taken_back()
    {
        var workspace = await api.NewWorkspaceAsync();
        var path = $"/api/workspaces/{workspace.Id}/invitations";
        var (opened, taken) = (await InviteAsync(workspace, Some(), "viewer"), await InviteAsync(workspace, Some(), "admin"));

        var listed = (await workspace.GetAsync(path)).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([Text(opened, "id"), Text(taken, "id")], listed.Select(one => Text(one, "id")));
        Assert.Equal(
            ["id", "email", "name", "role", "expires_at", "created_at"], listed[0].EnumerateObject().Select(member => member.Name));
        await workspace.DeleteAsync($"{path}/{Text(taken, "id")}");
        await workspace.DeleteAsync($"{path}/{Text(taken, "id")}", 404);
        await new Browser(api.Address).SignInAsync(new { code = CodeOf(taken) }, 401);
        await new Browser(api.Address).SignInAsync(new { code = CodeOf(opened) });

        Assert.Equal(0, (await workspace.GetAsync(path)).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Who_is_here_already_comes_as_themselves_and_brings_nothing_of_their_own()
    {
        var (mine, theirs) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (id, victim) = await api.NewUserAsync((theirs, "owner"));
        var email = Text(await victim.GetAsync($"/api/users/{id}"), "email")!;

        // The admin opens the invitation, not the one it names.
        var browser = new Browser(api.Address);
        var session = await browser.SignInAsync(new { code = CodeOf(await InviteAsync(mine, email, "admin")) });

        Assert.Equal("Grace", Text(session, "name"));
        Assert.Equal(mine.Slug, Text(Assert.Single(session.GetProperty("workspaces").EnumerateArray()), "slug"));
        await browser.GetAsync("/api/customers");
        await browser.GetAsync($"/api/customers?workspace_id={theirs.Id}", 404);
        await browser.GetAsync($"/api/workspaces/{theirs.Id}/keys", 404);
        await browser.PostAsync($"/api/users/{id}/keys", new { name = "mine now" }, 403);
        await browser.GetAsync($"/api/users/{id}/keys", 403);
        await browser.DeleteAsync($"/api/users/{id}/keys/none", 403);
        await browser.PostAsync("/api/users/" + Guid.NewGuid() + "/keys", new { name = "x" }, 404);
        var seen = await browser.GetAsync($"/api/users/{id}");
        Assert.Equal("Grace", Text(seen, "name"));
        Assert.Equal(mine.Slug, Text(Assert.Single(seen.GetProperty("memberships").EnumerateArray()), "slug"));
        Assert.Equal(1, (await browser.GetAsync("/api/workspaces")).GetProperty("data").GetArrayLength());
        await using var stream = await OpenStream.OpenAsync(browser, "/api/stream/user");
        await theirs.IngestAsync(Numbered.Event(1));
        await mine.IngestAsync(Numbered.Event(2));
        Assert.Equal(2, (await stream.NextAsync()).Number);

        // What is made of it has no more rights.
        var code = Text(await browser.PostAsync("/api/session/codes", null, 201), "code");
        var again = new Browser(api.Address);
        Assert.Single((await again.SignInAsync(new { code })).GetProperty("workspaces").EnumerateArray());
        await again.PostAsync($"/api/users/{id}/keys", new { name = "mine now" }, 403);
        Assert.Equal(2, (await victim.GetAsync("/api/session")).GetProperty("workspaces").GetArrayLength());
    }

    [Fact]
    public async Task A_viewer_who_was_invited_reads_nobody_of_the_users()
    {
        var (mine, theirs) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (id, victim) = await api.NewUserAsync((theirs, "owner"));
        var email = Text(await victim.GetAsync($"/api/users/{id}"), "email")!;
        var browser = new Browser(api.Address);
        await browser.SignInAsync(new { code = CodeOf(await InviteAsync(mine, email, "viewer")) });

        await browser.GetAsync($"/api/users/{id}", 403);
    }

    [Fact]
    public async Task Whether_an_email_was_here_before_is_not_told()
    {
        var workspace = await api.NewWorkspaceAsync();
        var taken = Some();
        await api.Root.PostAsync("/api/users", new { email = taken, name = "Real" }, 201);

        var answers = new List<string>();
        foreach (var email in (string[])[taken, Some()])
        {
            var made = await InviteAsync(workspace, email, "viewer");
            var session = await new Browser(api.Address).SignInAsync(new { code = CodeOf(made) });
            answers.Add(string.Join(',', made.EnumerateObject().Select(member => member.Name)) + Text(session, "name"));
        }

        Assert.Single(answers.Distinct());
        Assert.DoesNotContain("Real", answers[0]);
    }

    [Fact]
    public async Task A_member_who_is_invited_again_keeps_the_role()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (id, user) = await api.NewUserAsync((workspace, "viewer"));
        var email = Text(await user.GetAsync($"/api/users/{id}"), "email")!;

        var session = await new Browser(api.Address).SignInAsync(new { code = CodeOf(await InviteAsync(workspace, email, "owner")) });

        Assert.Equal(
            Scopes.OfRole("viewer"),
            session.GetProperty("workspaces")[0].GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
    }

    [Fact]
    public async Task A_member_who_is_taken_out_is_signed_out_for_good()
    {
        var workspace = await api.NewWorkspaceAsync();
        var email = Some();
        var browser = new Browser(api.Address);
        await browser.SignInAsync(new { code = CodeOf(await InviteAsync(workspace, email, "viewer")) });
        var waiting = await InviteAsync(workspace, email, "viewer");
        var code = Text(await browser.PostAsync("/api/session/codes", null, 201), "code");
        await using var stream = await OpenStream.OpenAsync(browser, $"/api/stream/workspaces/{workspace.Id}");
        var member = Text((await workspace.GetAsync($"/api/workspaces/{workspace.Id}/members")).GetProperty("data")[0], "user_id");

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/members/{member}");

        await browser.LookAsync(401);
        await stream.EndsAsync();
        foreach (var left in (string?[])[code, CodeOf(waiting)])
            await new Browser(api.Address).SignInAsync(new { code = left }, 401);
        await workspace.PutAsync($"/api/workspaces/{workspace.Id}/members/{member}", new { role = "viewer" });
        await browser.LookAsync(401);
    }

    [Fact]
    public async Task The_session_of_an_invitation_ends_with_the_users_key_that_stands_behind_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        var browser = new Browser(api.Address);
        await browser.SignInAsync(new { code = CodeOf(await InviteAsync(workspace, Some(), "viewer")) });
        var member = Text((await workspace.GetAsync($"/api/workspaces/{workspace.Id}/members")).GetProperty("data")[0], "user_id");
        var key = Assert.Single((await api.Root.GetAsync($"/api/users/{member}/keys")).GetProperty("data").EnumerateArray());
        Assert.Equal("invitation", Text(key, "name"));
        var keys = await workspace.GetAsync($"/api/workspaces/{workspace.Id}/keys");
        Assert.DoesNotContain(Text(key, "id")!, keys.GetRawText());
        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{Text(key, "id")}", 404);

        await api.Root.DeleteAsync($"/api/users/{member}/keys/{Text(key, "id")}");

        await browser.LookAsync(401);
    }

    [Fact]
    public async Task An_invitation_goes_with_its_workspace()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (opened, waiting) = (await InviteAsync(workspace, Some(), "viewer"), await InviteAsync(workspace, Some(), "viewer"));
        var browser = new Browser(api.Address);
        await browser.SignInAsync(new { code = CodeOf(opened) });

        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}");

        await browser.LookAsync(401);
        await new Browser(api.Address).SignInAsync(new { code = CodeOf(waiting) }, 401);
    }

    [Fact]
    public async Task Admins_invite_and_nobody_else()
    {
        var (workspace, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var path = $"/api/workspaces/{workspace.Id}/invitations";
        var body = new { email = Some(), name = "Grace", role = "viewer" };
        var (_, member) = await api.NewUserAsync((workspace, "member"));
        var (_, admin) = await api.NewUserAsync((workspace, "admin"));
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync());

        await member.PostAsync(path, body, 403);
        await portal.PostAsync(path, body, 403);
        await other.PostAsync(path, body, 404);
        await other.GetAsync(path, 404);
        await api.Anonymous.PostAsync(path, body, 401);
        var made = await admin.PostAsync(path, body, 201);
        await other.DeleteAsync($"/api/workspaces/{other.Id}/invitations/{Text(made, "id")}", 404);
        Assert.Equal(1, (await workspace.GetAsync(path)).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task All_that_is_wrong_with_an_invitation_is_said_together()
    {
        var workspace = await api.NewWorkspaceAsync();

        var refusal = await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/invitations", new { email = "nobody", name = " ", role = "king", expires_in = 0 }, 400);

        Assert.Equal(
            ["/email", "/name", "/role", "/expires_in"],
            refusal.GetProperty("errors").EnumerateArray().Select(error => Text(error, "pointer")));
    }

    static Task<JsonElement> InviteAsync(WorkspaceClient workspace, string email, string role) =>
        workspace.PostAsync($"/api/workspaces/{workspace.Id}/invitations", new { email, name = "Grace", role }, 201);

    static string CodeOf(JsonElement invitation) => Text(invitation, "url")!.Split('#')[1];

    static string Some() => $"{Guid.NewGuid():n}@example.com";

    static string? Text(JsonElement holder, string member) => holder.GetProperty(member).GetString();
}
