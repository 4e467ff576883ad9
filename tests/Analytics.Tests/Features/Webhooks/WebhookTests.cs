using System.Text.Json;
using Analytics.Tests.Features.Erasure;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>Making, changing and deleting webhooks.</summary>
public sealed class WebhookTests(AnalyticsApi api)
{
    const string Url = "https://hooks.example.com/a?token=s3cret";

    [Fact]
    public async Task A_webhook_is_found_as_it_was_made_and_its_secret_is_shown_once()
    {
        var workspace = await api.NewWorkspaceAsync();

        var made = await workspace.PostAsync(
            Hook.Route, new { url = Url, events = (string[])["report.ready", "customer.created", "report.ready"], enabled = false }, 201);

        var secret = made.GetProperty("secret").GetString()!;
        Assert.StartsWith("whsec_", secret);
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);
        var found = await workspace.GetAsync($"{Hook.Route}/{made.GetProperty("id").GetString()}");
        var listed = (await workspace.GetAsync(Hook.Route)).GetProperty("data")[0];
        Assert.Equal(found.GetRawText(), listed.GetRawText());
        Assert.Equal(["id", "url", "events", "enabled", "failingSince", "createdAt"], found.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Url, found.GetProperty("url").GetString());
        Assert.Equal(["report.ready", "customer.created"], found.GetProperty("events").EnumerateArray().Select(name => name.GetString()));
        Assert.False(found.GetProperty("enabled").GetBoolean());
        Assert.Empty((await workspace.GetAsync($"{Hook.Route}/{made.GetProperty("id").GetString()}/deliveries")).GetProperty("data").EnumerateArray());
        await NoTextOfAsync(workspace, secret);
    }

    [Fact]
    public async Task A_change_leaves_what_it_does_not_name()
    {
        var hook = await OffAsync(await api.NewWorkspaceAsync());

        await hook.ChangeAsync(new { events = (string[])["*"] });
        await hook.ChangeAsync(new { url = "http://other.example.com" });
        var changed = await hook.ChangeAsync(new { url = (string?)null, enabled = false });

        Assert.Equal("http://other.example.com", changed.GetProperty("url").GetString());
        Assert.Equal(["*"], changed.GetProperty("events").EnumerateArray().Select(name => name.GetString()));
        Assert.False(changed.GetProperty("enabled").GetBoolean());
    }

    [Theory]
    [InlineData("""{"events":["*"]}""", "/url")]
    [InlineData("""{"url":"http://a\u05d0.example/","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://a.example.com"}""", "/events")]
    [InlineData("""{"url":"https://a.example.com","events":[]}""", "/events")]
    [InlineData("""{"url":"https://a.example.com","events":["*","report.ready"]}""", "/events")]
    [InlineData("""{"url":"https://a.example.com","events":["report.ready","payment.completed",null]}""", "/events/1", "/events/2")]
    [InlineData("""{"url":"https://10.0.0.1","events":["Report.ready"],"enabled":null}""", "/events/0", "/url")]
    public async Task What_is_wrong_is_said_where_it_stands(string body, params string[] pointers)
    {
        var workspace = await api.NewWorkspaceAsync();

        var refused = await workspace.PostAsync(Hook.Route, body, 400);

        Assert.Equal(pointers, refused.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).Order());
    }

    [Theory]
    [InlineData(2_048, 201), InlineData(2_049, 400)]
    public async Task An_address_has_at_most_2048_characters(int length, int status) => await (await api.NewWorkspaceAsync()).PostAsync(
        Hook.Route, new { url = "https://a.example.com/".PadRight(length, 'x'), events = (string[])["*"], enabled = false }, status);

    [Fact]
    public async Task A_workspace_has_twenty_webhooks()
    {
        var workspace = await api.NewWorkspaceAsync();
        var first = await OffAsync(workspace);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => workspace.AskAsync(
            HttpMethod.Post, Hook.Route, new { url = Url, events = (string[])["*"], enabled = false })));

        Assert.Equal(20, (await workspace.GetAsync(Hook.Route)).GetProperty("data").GetArrayLength());
        await workspace.PostAsync(Hook.Route, new { url = Url, events = (string[])["*"] }, 409);
        await workspace.DeleteAsync(first.Path);
        await workspace.PostAsync(Hook.Route, new { url = Url, events = (string[])["*"], enabled = false }, 201);
    }

    [Fact]
    public async Task A_webhook_has_twenty_secrets_that_sign()
    {
        var hook = await OffAsync(await api.NewWorkspaceAsync());

        for (var n = 1; n < 20; n++)
            await NoTextOfAsync(
                hook.Workspace, (await hook.Workspace.PostAsync($"{hook.Path}/secrets", null, 201)).GetProperty("secret").GetString()!);

        await hook.Workspace.PostAsync($"{hook.Path}/secrets", null, 409);
    }

    [Fact]
    public async Task What_was_done_with_webhooks_is_told_without_address_and_secret()
    {
        var workspace = await api.NewWorkspaceAsync();
        var hook = await OffAsync(workspace);
        await hook.ChangeAsync(new { events = (string[])["customer.erased"] });
        await hook.ChangeAsync(new { events = (string[])["customer.erased"] });
        await workspace.PostAsync($"{hook.Path}/secrets", null, 201);
        await workspace.DeleteAsync(hook.Path);

        await workspace.ToldAsync();
        var told = await Hook.LogAsync(workspace, "webhook.changed");

        Assert.Equal(["created", "updated", "secret_added", "deleted"], told.Select(record => Payload(record, "change").GetString()));
        Assert.All(told, record =>
        {
            Assert.Equal("hooks.example.com", Payload(record, "host").GetString());
            Assert.Equal(("webhook", hook.Id), (Text(record, "targetType"), Text(record, "targetId")));
            Assert.Equal(("api_key", workspace.KeyId), (Text(record, "actorType"), Text(record, "actorId")));
            Assert.Equal(("system", "INFO"), (Text(record, "source"), Text(record, "severity")));
            Assert.DoesNotContain("s3cret", record.GetRawText());
        });
        await workspace.GetAsync(hook.Path, 404);
        await workspace.GetAsync($"{hook.Path}/deliveries", 404);
    }

    [Fact]
    public async Task Who_may_not_write_reports_sees_no_webhook()
    {
        var workspace = await api.NewWorkspaceAsync();
        var hook = await OffAsync(workspace);
        var reader = await workspace.WithScopesAsync([.. Analytics.Tenancy.Scopes.All.Where(scope => scope is not ("reports:write" or "admin"))]);
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("x"));

        foreach (var caller in (ApiClient[])[reader, portal])
            foreach (var path in (string[])[Hook.Route, hook.Path, $"{hook.Path}/deliveries"])
                await caller.GetAsync(path, 403);
        await (await api.NewWorkspaceAsync()).GetAsync(hook.Path, 404);
    }

    static async Task<Hook> OffAsync(WorkspaceClient workspace)
    {
        var made = await workspace.PostAsync(Hook.Route, new { url = Url, events = (string[])["report.ready"], enabled = false }, 201);
        return new Hook(workspace, made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    static async Task NoTextOfAsync(WorkspaceClient workspace, string secret)
    {
        var bytes = Convert.FromBase64String(secret["whsec_".Length..]);
        Assert.Empty(await workspace.TablesWithAsync(
            [secret, Convert.ToBase64String(bytes), Convert.ToHexStringLower(bytes)]));
    }

    static JsonElement Payload(JsonElement record, string member) => record.GetProperty("payload").GetProperty(member);

    static string? Text(JsonElement record, string member) => record.GetProperty(member).GetString();
}
