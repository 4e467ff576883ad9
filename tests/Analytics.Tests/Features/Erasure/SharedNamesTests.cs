using System.Text.Json.Nodes;
using Analytics.Tests.Features.Business.Alerts;
using Analytics.Tests.Features.Business.Reports;

namespace Analytics.Tests.Features.Erasure;

/// <summary>What somebody else is called by too is theirs, also when it is the email or the name of whoever is erased.</summary>
public sealed class SharedNamesTests(AnalyticsApi api)
{
    [Fact]
    public async Task An_email_that_somebody_else_has_as_an_id_stays_wherever_it_is_said()
    {
        var workspace = await api.NewWorkspaceAsync();
        var ann = await NewAsync(workspace, "a-1", "info@acme.com", "Ann Smith");
        await NewAsync(workspace, "Info@acme.com", null, "Bob Jones");
        // Alerts look at what is now, runs at what was.
        foreach (var at in (DateTimeOffset[])[Some.Day, TimeProvider.System.GetUtcNow().AddMinutes(-3)])
            await workspace.IngestAsync(
                Some.Event("task.done", at, Some.ExternalId, "Info@acme.com"), Some.Event("task.done", at, Some.ExternalId, "a-1"));
        await workspace.IngestAsync(
            Some.Event("login.ok", Some.Day, Some.ExternalId, null, metadata: new()
            {
                ["_log"] = new JsonObject { ["actor_id"] = "Info@acme.com", ["target_id"] = "a-1" },
            }));
        var alert = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 0, dimension: "customer", events: "task.done"));
        await workspace.LookAtAlertsAsync();
        var report = await workspace.SaveAsync(Report("Info@acme.com and Ann Smith", "Info@acme.com", "a-1"));
        var run = await api.MissedRunAsync(workspace, report);
        Assert.Equal(["Info@acme.com 1", "a-1 1"], (await workspace.GetAsync(run)).Rows().Order(StringComparer.Ordinal));

        await workspace.EraseAsync(ann);

        var saved = await workspace.GetAsync(report);
        var values = saved.GetProperty("query").GetProperty("filters")[0].GetProperty("value");
        var pseudonym = values[1].GetString()!;
        Assert.True(Guid.TryParse(pseudonym, out _), pseudonym);
        Assert.Equal("Info@acme.com", values[0].GetString());
        Assert.Equal($"Info@acme.com and {pseudonym}", saved.GetProperty("name").GetString());
        Assert.Equal([$"{pseudonym} 1", "Info@acme.com 1"], (await workspace.GetAsync(run)).Rows().Order(ByName));
        Assert.Equal([pseudonym, "Info@acme.com"], (await workspace.HistoryAsync(alert)).Select(crossing => crossing.GetProperty("key").GetString()!).Order(ByName));
        var logged = (await workspace.GetAsync("/api/events?name=login.ok")).GetProperty("data")[0].GetProperty("metadata").GetProperty("_log");
        Assert.Equal(("Info@acme.com", pseudonym), (logged.GetProperty("actor_id").GetString(), logged.GetProperty("target_id").GetString()));
    }

    [Fact]
    public async Task An_email_and_a_name_that_two_have_stay_until_the_second_is_erased()
    {
        var workspace = await api.NewWorkspaceAsync();
        var ann = await NewAsync(workspace, "a-1", "info@acme.com", "Jo Smith");
        var bob = await NewAsync(workspace, "b-1", "INFO@acme.com", " jo smith");
        var report = await workspace.SaveAsync(Report("Jo Smith (info@acme.com), a-1", "JO SMITH", "info@acme.com"));
        var login = Some.Event("login.ok", Some.Day, Some.ExternalId, null, metadata: new() { ["_log"] = new JsonObject { ["actor_id"] = "info@acme.com" } });
        await workspace.IngestAsync(login);

        await workspace.EraseAsync(ann);
        var saved = await workspace.GetAsync(report);
        Assert.StartsWith("Jo Smith (info@acme.com), ", saved.GetProperty("name").GetString());
        Assert.DoesNotContain("Jo Smith (info@acme.com), a-1", saved.GetProperty("name").GetString());
        Assert.Contains("""["JO SMITH","info@acme.com"]""", saved.GetProperty("query").GetRawText());
        Assert.Equal(["events"], await workspace.TablesWithAsync(["\"actor_id\": \"info@acme.com\""]));

        await workspace.EraseAsync(bob);
        Assert.Empty(await workspace.TablesWithAsync(["info@acme.com", "jo smith"]));
    }

    // Whatever begins with an upper letter is behind.
    static readonly Comparer<string> ByName = Comparer<string>.Create(
        (one, other) => (one[0] == 'I', one).CompareTo((other[0] == 'I', other)));

    static async Task<Guid> NewAsync(WorkspaceClient workspace, string externalId, string? email, string name) =>
        (await workspace.PostAsync("/api/customers", new { external_id = externalId, email, name }, 201)).GetProperty("id").GetGuid();

    static JsonObject Report(string name, params string[] customers)
    {
        var report = SomeReports.ByCustomer(name, schedule: SomeReports.Schedule("day", "03:00"));
        report["query"] = new JsonObject
        {
            ["metrics"] = new JsonArray(new JsonObject { ["aggregation"] = "count" }), ["events"] = new JsonArray("task.done"),
            ["dimensions"] = new JsonArray("customer"), ["filters"] = new JsonArray(new JsonObject
            {
                ["field"] = "customer", ["operator"] = "IN", ["value"] = new JsonArray([.. customers.Select(customer => JsonValue.Create(customer))]),
            }),
            ["from"] = "2026-03-01", ["to"] = "2026-04-01",
        };
        return report;
    }
}
