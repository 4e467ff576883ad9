using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Analytics.Contract;
using Analytics.Tenancy;
using Analytics.Tests.Features.Business.Alerts;
using Analytics.Tests.Features.Business.Reports;

namespace Analytics.Tests.Contract;

/// <summary>Walks every route of the endpoint table with every kind of caller that must not get through.</summary>
public sealed partial class EveryRouteTests(AnalyticsApi api)
{
    /// <summary>What every workspace that is walked calls its app.</summary>
    const string App = "acme:shop";

    /// <summary>What bulk routes take lists of.</summary>
    static readonly string[] Lists = ["events", "requests", "views", "invocations", "devices", "downloads", "changes"];

    [Fact]
    public async Task Without_a_key_only_open_routes_answer() => await WalkAsync(
        _ => true, async (route, workspace) => await AnswersAsync(
            api.Anonymous, route, Path(route, workspace.Id), route.Access is OpenAttribute ? null : 401));

    [Fact]
    public async Task A_bad_key_is_401_everywhere() => await WalkAsync(
        IsGuarded, async (route, workspace) => await AnswersAsync(
            api.With("ak_zzzzzzzz_0123456789012345678901234567890123456789"), route, Path(route, workspace.Id), 401));

    [Fact]
    public async Task A_revoked_key_is_401_everywhere()
    {
        var revoked = await api.NewWorkspaceAsync();
        await revoked.DeleteAsync($"/api/workspaces/{revoked.Id}/keys/{revoked.KeyId}");

        await WalkAsync(IsGuarded, async (route, _) => await AnswersAsync(revoked, route, Path(route, revoked.Id), 401));
    }

    [Fact]
    public async Task A_key_without_the_scope_is_403_everywhere() => await WalkAsync(NeedsSomething, async (route, workspace) =>
    {
        string?[] missing = route.Access is RequireScopeAttribute scope ? [scope.Scope, scope.Or] : [Scopes.Admin];
        var lesser = await workspace.WithScopesAsync([.. Scopes.All.Where(held => !missing.Contains(held))]);
        await AnswersAsync(lesser, route, Path(route, workspace.Id), 403);
    });

    [Fact]
    public async Task A_body_of_another_type_is_415_everywhere() => await WalkAsync(
        route => IsGuarded(route) && route.Method is not ("GET" or "HEAD"),
        async (route, workspace) =>
        {
            var caller = route.Access is RequireScopeAttribute ? workspace : api.Root;
            foreach (var type in (string[])["application/xml", "text/json", "application/merge-patch+json"])
                await AnswersAsync(caller, route, Path(route, workspace.Id), 415, new StringContent("{}", new MediaTypeHeaderValue(type)));
        });

    [Fact]
    public async Task The_root_key_is_403_on_data() => await WalkAsync(
        route => route.Access is RequireScopeAttribute { LinkInPath: null },
        async (route, workspace) => await AnswersAsync(api.Root, route, Path(route, workspace.Id), 403));

    [Fact]
    public async Task Naming_another_workspace_is_404_everywhere()
    {
        var other = await api.NewWorkspaceAsync();
        await WalkAsync(route => IsGuarded(route) && route.Access is not (RequireSelfAttribute or RequireRootAttribute), async (route, workspace) =>
        {
            foreach (var name in (string[])["workspace_id", "tenantId"])
            {
                var foreign = await AnswersAsync(workspace, route, $"{Path(route, workspace.Id)}?{name}={other.Id}", 404);
                var unknown = await AnswersAsync(workspace, route, $"{Path(route, workspace.Id)}?{name}={Guid.NewGuid()}", 404);
                Assert.Equal(foreign, unknown);
            }
        });
    }

    /// <summary>Of whatever type a body is taken, and however often it says it: who looks at rights sees every workspace it names.</summary>
    [Fact]
    public async Task A_body_that_names_another_workspace_is_404_everywhere()
    {
        var other = await api.NewWorkspaceAsync();
        await WalkAsync(IsNamedByBody, async (route, workspace) =>
        {
            foreach (var type in (string[])["application/json", "text/plain", "application/json; v=1", "application/json;charset=utf-8"])
                foreach (var names in (string[])[
                    $"\"workspace_id\":\"{other.Id}\"", $"\"tenantId\":\"{other.Id}\"", $"\"workspace\\u005fid\":\"{other.Id}\"",
                    $"\"workspace_id\":\"{workspace.Id}\",\"tenantId\":\"{other.Id}\"",
                    $"\"tenantId\":\"{workspace.Id}\",\"tenantId\":\"{other.Id}\"",
                    $"\"workspace_id\":\"{other.Id}\",\"workspace_id\":\"{workspace.Id}\""])
                    await AnswersAsync(workspace, route, Path(route, workspace.Id), 404, Body(names, type));
        });
    }

    [Fact]
    public async Task A_body_that_names_two_workspaces_is_400_everywhere()
    {
        var (one, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (_, user) = await api.NewUserAsync((one, "owner"), (other, "owner"));
        await one.NewAppAsync(App);
        await WalkAsync(
            route => IsNamedByBody(route) && route.Access is RequireScopeAttribute { SpansWorkspaces: false, WorkspaceInPath: null },
            async (route, _) =>
            {
                foreach (var (first, second) in new[] { (one.Id, other.Id), (other.Id, one.Id) })
                    foreach (var (name, again) in new[] { ("workspace_id", "tenantId"), ("workspace_id", "workspace_id"), ("tenantId", "tenantId") })
                        await AnswersAsync(
                            user, route, Path(route, one.Id), 400, Body($"\"{name}\":\"{first}\",\"{again}\":\"{second}\"", "application/json"));
                await AnswersAsync(
                    user, route, $"{Path(route, one.Id)}?workspace_id={one.Id}", 400, Body($"\"tenantId\":\"{other.Id}\"", "application/json"));
            });
    }

    // Whoever manages with the root key, or themselves, is in no workspace.
    static bool IsNamedByBody(KnownRoute route) => IsGuarded(route) && route.Method is not ("GET" or "HEAD")
        && route.Access is not (RequireSelfAttribute or RequireRootAttribute);

    static StringContent Body(string names, string type)
    {
        var body = new StringContent($"{{{string.Concat(Lists.Select(list => $"\"{list}\":[],"))}{names}}}");
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return body;
    }

    [Fact]
    public async Task What_belongs_to_another_workspace_answers_like_what_does_not_exist()
    {
        var owner = await api.NewWorkspaceAsync();
        var things = await ThingsOfAsync(owner);
        await WalkAsync(route => IsGuarded(route) && HasUnknown(route) && route.Access is not RequireSelfAttribute, async (route, stranger) =>
        {
            var caller = route.Access.WorkspaceInPath is null ? (ApiClient)stranger : await stranger.WithScopesAsync(Scopes.All);
            Assert.True(things.ContainsKey(Thing(route)), $"{route}: say in ThingsOfAsync what {Thing(route)} holds.");
            var foreign = await AnswersAsync(caller, route, Parameter().Replace(route.Path, things[Thing(route)]), 404);
            var unknown = await AnswersAsync(caller, route, Parameter().Replace(route.Path, Guid.NewGuid().ToString()), 404);
            Assert.Equal(foreign, unknown);
        });
        await AnswersAsync(owner, new("GET", "/", null!), $"/api/workspaces/{owner.Id}", 200);
    }

    // Customers that nobody knows have used nothing, and so have those of others: ReportTests. Kinds of facts are the same everywhere.
    static bool HasUnknown(KnownRoute route) => route.Path.Contains('{') && !route.Path.StartsWith("/api/requests/customers/", StringComparison.Ordinal)
        && route.Path != "/api/export/{kind}";

    /// <summary>For each route with a parameter: something of the workspace that the parameter finds.</summary>
    static async Task<Dictionary<string, string>> ThingsOfAsync(WorkspaceClient owner)
    {
        var customer = await owner.NewCustomerAsync("x-1");
        var erased = await owner.NewCustomerAsync();
        var erasure = await owner.DeleteAsync($"/api/customers/{erased}", 202);
        await owner.IngestAsync(Some.Event());
        var events = await owner.GetAsync("/api/events?name=task.done");
        var types = await owner.GetAsync("/api/event-types?q=task.done");
        var user = await owner.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }, 201);
        var userId = user.GetProperty("id").GetString()!;
        await owner.PutAsync($"/api/workspaces/{owner.Id}/members/{userId}", new { role = "viewer" });
        await owner.PostAsync("/api/v1/billable-units", new { key = "calls", name = "Calls", unitLabel = "calls", aggregation = "COUNT", eventName = "a" }, 201);
        await owner.PostAsync("/api/v1/products", new { key = "shop", name = "Shop", type = "API" }, 201);
        var alert = await owner.PostAsync(SomeAlerts.Path, SomeAlerts.Count(), 201);
        var report = await owner.PostAsync(SomeReports.Path, SomeReports.ByCustomer(), 201);
        var hook = await owner.PostAsync(
            "/api/v1/webhooks", new { url = "https://hooks.example.com", events = (string[])["*"], enabled = false }, 201);
        return new()
        {
            ["/api/workspaces/"] = owner.Id.ToString(),
            ["/api/customers/"] = customer.ToString(),
            ["/api/erasures/"] = erasure.GetProperty("job_id").GetString()!,
            ["/api/events/"] = events.GetProperty("data")[0].GetProperty("id").GetString()!,
            ["/api/event-types/"] = types.GetProperty("data")[0].GetProperty("id").GetString()!,
            ["/api/users/"] = userId,
            ["/api/stream/workspaces/"] = owner.Id.ToString(),
            ["/api/apps/"] = $"{await owner.NewAppAsync("acme:other")}",
            ["/statistics/app/"] = "acme:other",
            ["/statistics/org/"] = owner.Slug,
            ["/api/v1/billable-units/"] = "calls",
            ["/api/v1/products/"] = "shop",
            [$"{SomeAlerts.Path}/"] = alert.GetProperty("id").GetString()!,
            [$"{SomeReports.Path}/"] = report.GetProperty("id").GetString()!,
            ["/api/v1/webhooks/"] = hook.GetProperty("id").GetString()!,
        };
    }

    async Task WalkAsync(Func<KnownRoute, bool> includes, Func<KnownRoute, WorkspaceClient, Task> check)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync(App);
        foreach (var route in EndpointTable.Of(api).Where(includes))
            await check(route, workspace);
    }

    /// <summary>The answer's body without its request id; fails when the status is another one.</summary>
    static async Task<string> AnswersAsync(ApiClient caller, KnownRoute route, string path, int? status, HttpContent? body = null)
    {
        object? sent = body is not null ? body : route.Method is "GET" or "HEAD" or "DELETE" ? null : "{}";
        using var answer = await caller.AskAsync(new HttpMethod(route.Method), path, sent);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.Headers.Contains("X-Request-Id"));
        Assert.True(answer.Headers.CacheControl is { NoStore: true } || answer.Headers.ETag is not null, $"{route} may be kept.");
        if (status is null)
        {
            Assert.True(IsOfOpen(route, (int)answer.StatusCode), $"{route} answered {(int)answer.StatusCode}: {text}");
            return text;
        }
        Assert.True((int)answer.StatusCode == status, $"{route} at {path} answered {(int)answer.StatusCode}, not {status}: {text}");
        if (route.Method == "HEAD")
        {
            Assert.Empty(text);
            return text;
        }
        var problem = (JsonObject)JsonNode.Parse(text)!;
        problem.Remove("request_id");
        return problem.ToJsonString(JsonSerializerOptions.Default);
    }

    // Whoever signs in says from where; whoever signs out need not be signed in.
    static bool IsOfOpen(KnownRoute route, int status) => $"{route}" switch
    {
        "POST /api/session" => status == 403,
        "DELETE /api/session" => status == 204,
        _ => status is 200 or 503,
    };

    static bool NeedsSomething(KnownRoute route) =>
        IsGuarded(route) && route.Access is not RequireScopeAttribute { Scope: RequireScopeAttribute.AnyKey };

    // Where a link stands in the path no key is looked at.
    static bool IsGuarded(KnownRoute route) => route.Access is not (OpenAttribute or RequireScopeAttribute { LinkInPath: not null });

    static string Path(KnownRoute route, Guid workspace)
    {
        var path = route.Access.WorkspaceInPath is { } name ? route.Path.Replace($"{{{name}}}", workspace.ToString()) : route.Path;
        if (route.Access is RequireScopeAttribute { AppInPath: { } app })
            path = path.Replace($"{{{app}}}", App);
        return Parameter().Replace(path, Guid.NewGuid().ToString());
    }

    static string Thing(KnownRoute route) => route.Path[..route.Path.IndexOf('{', StringComparison.Ordinal)];

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Parameter();
}
