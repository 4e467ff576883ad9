using System.Text.Json;
using Analytics.Tenancy;
using Analytics.Tests.Features.Apps;
using Analytics.Tests.Features.Business.Alerts;
using Analytics.Tests.Features.Business.Reports;
using Analytics.Tests.Features.Sessions;

namespace Analytics.Tests.Contract.Generated;

/// <summary>A workspace with something of everything, every kind of credential for it, and a second one that requests may delete.</summary>
sealed class SomeWorld
{
    /// <summary>Credentials, none and bad ones too.</summary>
    public required IReadOnlyList<string?> Keys { get; init; }

    /// <summary>Those that manage, and those that read and write.</summary>
    public required (IReadOnlyList<string?> Manage, IReadOnlyList<string?> Use) GoodKeys { get; init; }

    /// <summary>By the path in front of them, ids of things there are.</summary>
    public required IReadOnlyDictionary<string, string> Things { get; init; }

    /// <summary>The same of things that may go.</summary>
    public required IReadOnlyDictionary<string, string> Victims { get; init; }

    /// <summary>Any of them.</summary>
    public IReadOnlyList<string> Ids => [.. Things.Values];

    public required IReadOnlyList<string> Cursors { get; init; }

    /// <summary>A session's cookie.</summary>
    public required string Cookie { get; init; }

    public static async Task<SomeWorld> MakeAsync(AnalyticsApi api)
    {
        var (own, victim) = (await api.NewWorkspaceAsync("Asia/Kathmandu"), await api.NewWorkspaceAsync());
        var customer = await own.NewCustomerAsync("acme", "Acme");
        await own.NewCustomerAsync("x-1", "Ada");
        await own.IngestAsync(
            Some.Event(externalId: "x-1", cost: 12.5m), Some.Event("report.made", parent: "x-1", customer: "x-1", cost: 1),
            Some.Event("report.made", parent: "never", metadata: new() { ["a"] = new System.Text.Json.Nodes.JsonObject { ["b"] = 3 } }));
        var (user, member) = await api.NewUserAsync((own, "admin"), (victim, "viewer"));
        var (other, _) = await api.NewUserAsync((victim, "member"));
        await api.Root.PutAsync($"/api/workspaces/{own.Id}/members/{other}", new { role = "viewer" });
        var spare = await own.WithScopesAsync(Scopes.EventsRead);
        var spareOfUser = (await api.Root.PostAsync($"/api/users/{user}/keys", new { name = "spare" }, 201)).GetProperty("id").GetString()!;
        var erasure = await own.DeleteAsync($"/api/customers/{await own.NewCustomerAsync()}", 202);
        var revoked = await own.WithScopesAsync(Scopes.All);
        await own.DeleteAsync($"/api/workspaces/{own.Id}/keys/{revoked.KeyId}");
        var events = await own.GetAsync("/api/events?limit=2");
        var types = await own.GetAsync("/api/event-types?limit=1");
        var token = (await own.PostAsync("/api/stream/tokens", null, 201)).GetProperty("token").GetString()!;
        var invited = await own.PostAsync(
            $"/api/workspaces/{own.Id}/invitations", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada", role = "viewer" }, 201);
        var link = await own.PostAsync("/api/requests/customers/x/report/links", null, 201);
        await using var app = await AppSchema.OfAsync(
            own, await own.NewAppAsync("acme:shop"), "create table notes (id int primary key, at timestamptz, tags text[])");
        foreach (var product in (string[])["shop", "old"])
            await own.PostAsync("/api/v1/products", new { key = product, name = product, type = "API" }, 201);
        foreach (var unit in (string[])["runs", "old"])
            await own.PostAsync("/api/v1/billable-units", new { key = unit, name = unit, unitLabel = "runs", aggregation = "COUNT", eventName = "run" }, 201);
        var alerts = new List<string>();
        foreach (var name in (string[])["Runs", "Old"])
            alerts.Add((await own.PostAsync(SomeAlerts.Path, SomeAlerts.Count(name: name), 201)).GetProperty("id").GetString()!);
        var reports = new List<string>();
        foreach (var name in (string[])["Runs", "Old"])
            reports.Add(await own.SaveAsync(SomeReports.ByCustomer(name, schedule: SomeReports.Schedule("day", "08:00"))));
        var run = await api.MissedRunAsync(own, reports[0]);
        var shared = await own.PostAsync($"{reports[0]}/links", null, 201);
        var (hook, delivery) = await HookAsync(own);
        return new SomeWorld
        {
            GoodKeys = ([api.RootKey, api.RootKey, own.Key, member.Key], [own.Key, own.Key, member.Key]),
            Keys =
            [
                own.Key, api.RootKey, member.Key, victim.Key, (await own.WithScopesAsync(Scopes.EventsRead, Scopes.MetricsRead)).Key,
                (await own.BoundToAsync(customer)).Key, revoked.Key, null, "ak_abcd1234_nobody", "Basic YTpi", token,
            ],
            Things = new Dictionary<string, string>
            {
                ["/api/workspaces/"] = $"{own.Id}",
                ["/api/stream/workspaces/"] = own.Slug,
                ["/api/workspaces/{id}/keys/"] = own.KeyId,
                ["/api/workspaces/{id}/members/"] = $"{user}",
                ["/api/users/"] = $"{user}",
                ["/api/customers/"] = $"{customer}",
                ["/api/events/"] = Id(events),
                ["/api/event-types/"] = Id(types),
                ["/api/erasures/"] = erasure.GetProperty("job_id").GetString()!,
                ["/api/requests/customers/"] = "x",
                ["/api/apps/"] = $"{app.Id}",
                ["/statistics/app/"] = "acme:shop",
                ["/api/export/"] = "events",
                ["/statistics/org/"] = own.Slug,
                ["/api/apps/{id}/stats/tables/"] = "notes",
                ["/api/v1/products/"] = "shop",
                ["/api/v1/billable-units/"] = "runs",
                [$"{SomeAlerts.Path}/"] = alerts[0],
                [$"{SomeReports.Path}/"] = reports[0].Split('/')[^1],
                [$"{SomeReports.Path}/{{id}}/runs/"] = run.Split('/')[^1],
                [$"{SomeReports.Path}/links/"] = shared.GetProperty("url").GetString()!.Split('/')[^1],
                ["/api/v1/webhooks/"] = hook,
                ["/api/v1/webhooks/{id}/deliveries/"] = delivery,
                ["/api/requests/reports/"] = link.GetProperty("url").GetString()!.Split('/')[^1],
            },
            Victims = new Dictionary<string, string>
            {
                ["/api/workspaces/"] = $"{victim.Id}",
                ["/api/workspaces/{id}/keys/"] = spare.KeyId,
                ["/api/workspaces/{id}/members/"] = $"{other}",
                ["/api/workspaces/{id}/invitations/"] = invited.GetProperty("id").GetString()!,
                ["/api/users/"] = $"{user}",
                ["/api/users/{id}/keys/"] = spareOfUser,
                ["/api/customers/"] = $"{await own.NewCustomerAsync()}",
                ["/api/apps/"] = $"{await own.NewAppAsync("acme:old")}",
                ["/api/v1/products/"] = "old",
                ["/api/v1/billable-units/"] = "old",
                [$"{SomeAlerts.Path}/"] = alerts[1],
                [$"{SomeReports.Path}/"] = reports[1].Split('/')[^1],
                ["/api/v1/webhooks/"] = (await HookAsync(own)).Hook,
            },
            Cookie = $"analytics_session={(await Browser.SignedInAsync(api.Address, own.Key)).Session}",
            Cursors = [Cursor(events), Cursor(types), Cursor(await own.GetAsync("/api/customers?limit=1"))],
        };
    }

    /// <summary>A webhook that is told nothing any more, and what it was to be told.</summary>
    static async Task<(string Hook, string Delivery)> HookAsync(WorkspaceClient own)
    {
        var made = await own.PostAsync(
            "/api/v1/webhooks", new { url = "https://hooks.invalid/", events = (string[])["customer.created"] }, 201);
        var path = $"/api/v1/webhooks/{made.GetProperty("id").GetString()}";
        await own.NewCustomerAsync();
        await own.PatchAsync(path, new { enabled = false });
        return (made.GetProperty("id").GetString()!, Id(await own.GetAsync($"{path}/deliveries")));
    }

    static string Id(JsonElement page) => page.GetProperty("data")[0].GetProperty("id").GetString()!;

    static string Cursor(JsonElement page) => page.GetProperty("meta").GetProperty("next_cursor").GetString()!;
}
