using System.Text.Json;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Sessions;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Tenancy;

/// <summary>Who did what with a workspace's keys, members and customers is in its log, without saying who anybody is.</summary>
public sealed class AuditTrailTests(AnalyticsApi api)
{
    [Fact]
    public async Task Making_and_revoking_a_key_is_told_by_whoever_did_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        var keys = $"/api/workspaces/{workspace.Id}/keys";

        var made = await workspace.PostAsync(
            keys, new { name = "Ada's own", scopes = (string[])["events:write", "events:read"], expires_at = "2099-01-01T00:00:00Z" }, 201);
        await api.Root.DeleteAsync($"{keys}/{Id(made)}");

        var (created, revoked) = (await log.NextAsync(), await log.NextAsync());
        Assert.Equal(
            ["api_key.created", "AUTH", "system", "INFO", "api_key", workspace.KeyId, "api_key", Id(made)], Said(created));
        Assert.Equal(
            """{"scopes":["events:write","events:read"],"userId":null,"expiresAt":"2099-01-01T00:00:00Z","isBoundToCustomer":false}""",
            Payload(created));
        Assert.Equal(Text(made, "created_at"), Text(created.Json, "createdAt"));
        Assert.Equal(["api_key.revoked", "AUTH", "system", "INFO", "root", "root", "api_key", Id(made)], Said(revoked));
        Assert.Equal("""{"userId":null}""", Payload(revoked));
    }

    [Fact]
    public async Task A_key_that_was_refused_or_is_revoked_twice_is_told_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        var keys = $"/api/workspaces/{workspace.Id}/keys";

        await workspace.PostAsync(keys, new { name = "a", scopes = (string[])["everything"] }, 400);
        await workspace.PostAsync(keys, new { name = "a", scopes = (string[])["events:read"], customer_id = Guid.NewGuid() }, 400);
        var made = await workspace.PostAsync(keys, new { name = "a", scopes = (string[])["events:read"] }, 201);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => workspace.AskAsync(HttpMethod.Delete, $"{keys}/{Id(made)}")));
        await workspace.IngestAsync(Some.Event());

        Assert.Equal(["api_key.created", "api_key.revoked", "task.done"], Names(await log.TakeAsync(3)));
    }

    [Fact]
    public async Task A_users_key_is_told_in_every_workspace_of_the_user_and_in_no_other()
    {
        var (first, second, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (id, user) = await api.NewUserAsync((first, "viewer"), (second, "admin"));
        var logs = new[] { await Telling.LogAsync(first), await Telling.LogAsync(second), await Telling.LogAsync(other) };

        var made = await user.PostAsync($"/api/users/{id}/keys", new { name = "laptop" }, 201);
        await user.DeleteAsync($"/api/users/{id}/keys/{Id(made)}");

        foreach (var log in logs[..2])
        {
            var told = await log.TakeAsync(2);
            Assert.Equal(["api_key.created", "AUTH", "system", "INFO", "user", $"{id}", "api_key", Id(made)], Said(told[0]));
            Assert.Equal($$"""{"scopes":[],"userId":"{{id}}","expiresAt":null,"isBoundToCustomer":false}""", Payload(told[0]));
            Assert.Equal(["api_key.revoked", "AUTH", "system", "INFO", "user", $"{id}", "api_key", Id(made)], Said(told[1]));
        }
        await other.IngestAsync(Some.Event());
        Assert.Equal(["task.done"], Names([await logs[2].NextAsync()]));
        foreach (var log in logs)
            await log.DisposeAsync();
    }

    [Fact]
    public async Task A_member_who_comes_gets_another_role_and_goes_is_told_with_the_role_before()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (id, _) = await api.NewUserAsync();
        await using var log = await Telling.LogAsync(workspace);
        var member = $"/api/workspaces/{workspace.Id}/members/{id}";

        foreach (var role in (string[])["viewer", "admin", "admin"])
            await api.Root.PutAsync(member, new { role });
        await workspace.DeleteAsync(member);
        await workspace.DeleteAsync(member, 404);
        await workspace.IngestAsync(Some.Event());

        var told = await log.TakeAsync(4);
        Assert.Equal(["member.changed", "member.changed", "member.changed", "task.done"], Names(told));
        Assert.Equal(["member.changed", "USAGE", "system", "INFO", "root", "root", "user", $"{id}"], Said(told[0]));
        Assert.Equal(["member.changed", "USAGE", "system", "INFO", "api_key", workspace.KeyId, "user", $"{id}"], Said(told[2]));
        Assert.Equal(
            [(null, "viewer"), ("viewer", "admin"), ("admin", null)],
            told[..3].Select(message => (Text(PayloadOf(message), "roleBefore"), Text(PayloadOf(message), "roleAfter"))));
        Assert.All(told[..3], message => Assert.Equal($"{id}", Text(PayloadOf(message), "userId")));
    }

    [Fact]
    public async Task Of_roles_that_are_given_at_once_each_follows_the_one_before()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (id, _) = await api.NewUserAsync();
        await using var log = await Telling.LogAsync(workspace);

        await Task.WhenAll(from n in Enumerable.Range(0, 12)
                           let role = ((string[])["viewer", "member", "admin"])[n % 3]
                           select api.Root.PutAsync($"/api/workspaces/{workspace.Id}/members/{id}", new { role }));
        await workspace.IngestAsync(Some.Event("end"));

        var changes = new List<(string? Before, string? After)>();
        for (var message = await log.NextAsync(); Text(message.Json, "eventType") != "end"; message = await log.NextAsync())
            changes.Add((Text(PayloadOf(message), "roleBefore"), Text(PayloadOf(message), "roleAfter")));
        Assert.Equal(changes.Select(change => change.After).Prepend(null).SkipLast(1), changes.Select(change => change.Before));
        Assert.InRange(changes.Count, 3, 12);
    }

    [Fact]
    public async Task Who_comes_by_an_invitation_is_told_as_who_opened_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        var email = $"{Guid.NewGuid():n}@example.com";

        await OpenAsync(workspace, email, "member");
        var user = await UserAsync(workspace, email);
        var (changed, created) = (await log.NextAsync(), await log.NextAsync());
        await OpenAsync(workspace, email, "owner");
        var again = await log.NextAsync();
        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/members/{user}");
        var left = await log.TakeAsync(3);

        Assert.Equal(["member.changed", "USAGE", "system", "INFO", "user", user, "user", user], Said(changed));
        Assert.Equal($$"""{"userId":"{{user}}","roleAfter":"member","roleBefore":null}""", Payload(changed));
        Assert.Equal(["api_key.created", "AUTH", "system", "INFO", "user", user], Said(created)[..6]);
        Assert.Equal("api_key.created", Text(again.Json, "eventType"));
        Assert.Equal(["member.changed", "api_key.revoked", "api_key.revoked"], Names(left));
        Assert.Equal(
            new[] { created, again }.Select(message => Text(message.Json, "targetId")).Order(StringComparer.Ordinal),
            left[1..].Select(message => Text(message.Json, "targetId")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_erasure_is_told_and_who_was_erased_is_not()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("ada-42", "Ada Secret");
        var portal = await workspace.BoundToAsync(customer);
        await using var log = await Telling.LogAsync(workspace);

        var job = Text(await workspace.DeleteAsync($"/api/customers/{customer}", 202), "job_id");

        var told = (await log.TakeAsync(3)).ToDictionary(message => Text(message.Json, "eventType")!);
        var (erased, revoked) = (told["customer.erased"], told["api_key.revoked"]);
        Assert.Equal(["customer.erased", "USAGE", "system", "INFO", "api_key", workspace.KeyId, "customer"], Said(erased)[..7]);
        Assert.Equal($$"""{"jobId":"{{job}}"}""", Payload(erased));
        Assert.Equal(Text(PayloadOf(told["customer.deleted"]), "customer_id"), Text(erased.Json, "targetId"));
        Assert.Equal(portal.KeyId, Text(revoked.Json, "targetId"));
        foreach (var message in told.Values)
            Assert.DoesNotMatch($"{customer}|ada-42|Ada", message.Data);
    }

    [Fact]
    public async Task Neither_names_nor_emails_nor_secrets_nor_customers_are_in_the_trail()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace);
        var email = $"{Guid.NewGuid():n}@example.com";
        var customer = await workspace.NewCustomerAsync();
        var portal = await workspace.BoundToAsync(customer);
        var user = Id(await api.Root.PostAsync("/api/users", new { email, name = "Grace Hopper" }, 201));
        await api.Root.PutAsync($"/api/workspaces/{workspace.Id}/members/{user}", new { role = "viewer" });
        var key = await api.Root.PostAsync($"/api/users/{user}/keys", new { name = "Grace's key" }, 201);

        var told = await log.TakeAsync(4);

        Assert.Equal(["customer.created", "api_key.created", "member.changed", "api_key.created"], Names(told));
        Assert.True(PayloadOf(told[1]).GetProperty("isBoundToCustomer").GetBoolean());
        foreach (var message in told[1..])
            Assert.DoesNotMatch($"{customer}|{email}|Grace|{portal.Key![12..]}|{Text(key, "key")![12..]}", message.Data);
    }

    [Fact]
    public async Task A_portal_key_sees_nothing_of_the_trail()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("mine"));
        await using var log = await Telling.LogAsync(portal);

        await workspace.WithScopesAsync("events:read");
        await workspace.IngestAsync(Some.Event("mine", customer: "mine"));

        Assert.Equal(["mine"], Names([await log.NextAsync()]));
    }

    [Fact]
    public async Task Streams_of_events_do_not_tell_the_trail()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var events = await OpenStream.OfAsync(workspace);

        await workspace.WithScopesAsync("events:read");
        await workspace.IngestAsync(Some.Event("seen"));

        Assert.Equal("seen", Text((await events.NextAsync()).Json, "key"));
        Assert.Equal(0, (await workspace.GetAsync("/api/events?name=api_key.created")).GetProperty("data").GetArrayLength());
        await VerifyRun.OfAsync(workspace, 0);
    }

    static async Task OpenAsync(WorkspaceClient workspace, string email, string role)
    {
        var made = await workspace.PostAsync($"/api/workspaces/{workspace.Id}/invitations", new { email, name = "Grace", role }, 201);
        await new Browser(workspace.Api.Address).SignInAsync(new { code = Text(made, "url")!.Split('#')[1] });
    }

    static async Task<string> UserAsync(WorkspaceClient workspace, string email) =>
        (await workspace.GetAsync($"/api/workspaces/{workspace.Id}/members")).GetProperty("data").EnumerateArray()
            .Where(member => Text(member, "email") == email).Select(member => Text(member, "user_id")!).Single();

    static string Id(JsonElement made) => Text(made, "id")!;

    static string? Text(JsonElement from, string member) => from.GetProperty(member).GetString();

    static JsonElement PayloadOf(Message message) => message.Json.GetProperty("payload");

    static string Payload(Message message) => PayloadOf(message).GetRawText();

    static IEnumerable<string?> Names(IEnumerable<Message> messages) => messages.Select(message => Text(message.Json, "eventType"));

    static string?[] Said(Message message) =>
    [
        .. ((string[])["eventType", "category", "source", "severity", "actorType", "actorId", "targetType", "targetId"])
            .Select(member => Text(message.Json, member)),
    ];
}
