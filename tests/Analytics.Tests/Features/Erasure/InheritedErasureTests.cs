using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Business.Alerts;
using Analytics.Tests.Features.Business.Reports;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Erasure;

/// <summary>Events that name no customer and count as one's by what they name: they are scrubbed as its own are.</summary>
public sealed class InheritedErasureTests(AnalyticsApi api)
{
    const string March = "from=2026-03-01&to=2026-04-01";

    [Fact]
    public async Task What_is_a_persons_by_its_share_payment_or_subscription_loses_its_texts_and_counts_as_before()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob");
        await workspace.IngestAsync(
            Some.Event("file_share.created", Some.Day, "s", "bob", metadata: new() { ["share_id"] = "s1", ["price_cents"] = 500 }),
            Some.Event("payment.completed", Some.Day, "p", "bob", metadata: new() { ["payment_id"] = "p1", ["amount_cents"] = 500 }),
            Some.Event("payment.completed", Some.Day, "q", null, metadata: new() { ["payment_id"] = "p2", ["amount_cents"] = 50, ["share_id"] = "s1", ["note"] = "Of Bob" }),
            Some.Event("subscription.changed", Some.Day, "u", "bob", metadata: new() { ["subscription_id"] = "u1" }),
            Some.Event("file_share.created", Some.Day, "t", "ann", metadata: new() { ["share_id"] = "s2" }));
        await workspace.IngestAsync(
            OfNobody("payment.refunded", "Of Bob", new() { ["payment_id"] = "p1", ["amount_cents"] = 100 }),
            OfNobody("payment.refunded", "Of Bob", new() { ["payment_id"] = "p2", ["amount_cents"] = 10 }),
            OfNobody("file_share.downloaded", "Of Bob", new() { ["share_id"] = "s1", ["bytes"] = 7 }),
            OfNobody("gen_ai.chat", "Of Bob", new() { ["subscription_id"] = "u1", ["_cost"] = new JsonObject { ["amount"] = 3, ["currency"] = "usd" } }),
            OfNobody("file_share.downloaded", "Of Ann", new() { ["share_id"] = "s2", ["bytes"] = 7 }),
            OfNobody("service.up", "Of nobody", new() { ["n"] = 1 }));
        var before = await CostsAsync(workspace);

        // Its three, what told of it, and five of nobody.
        var done = await workspace.EraseAsync(bob);

        Assert.Equal(9, done.GetProperty("events").GetInt64());
        Assert.Empty(await workspace.TablesWithAsync(["Of Bob"]));
        var kept = (await workspace.GetAsync("/api/events?limit=1000&source=user&source=system")).GetProperty("data").EnumerateArray()
            .Where(told => told.GetProperty("external_id").ValueKind == JsonValueKind.String).Select(told => told.GetProperty("external_id").GetString());
        Assert.Equal(["Of Ann", "Of nobody", "t"], kept.Order(StringComparer.Ordinal).Select(id => id!.Split(':')[0]));
        Assert.Equal(before, await CostsAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);
        await (await Upkeep.OfAsync(workspace)).RebuildAsync();
        Assert.Equal(before, await CostsAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task What_is_a_persons_by_what_it_names_leaves_runs_and_the_keys_of_alerts_and_what_is_nobodys_stays()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob");
        await workspace.IngestAsync(
            Some.Event("file_share.created", Some.Day, "s", "bob", metadata: new() { ["share_id"] = "s1", ["price_cents"] = 500 }),
            Some.Event("payment.completed", Some.Day, "p", "bob", metadata: new() { ["payment_id"] = "p1", ["amount_cents"] = 500 }),
            Some.Event("subscription.changed", Some.Day, "u", "bob", metadata: new() { ["subscription_id"] = "u1" }));
        // Alerts look at what is now, runs at what was.
        foreach (var at in (DateTimeOffset[])[Some.Day, TimeProvider.System.GetUtcNow().AddMinutes(-3)])
            await workspace.IngestAsync(Told(at));
        var watched = SomeAlerts.Count(above: 0, dimension: "note");
        watched["query"]!["events"] = new JsonArray("file_share.downloaded", "gen_ai.chat");
        var alert = await workspace.MakeAlertAsync(watched);
        await workspace.LookAtAlertsAsync();
        var report = SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", "03:00"));
        report["query"] = JsonNode.Parse("""
            {"metrics":[{"aggregation":"count"}],"events":["file_share.downloaded","gen_ai.chat"],"dimensions":["note"],
             "from":"2026-03-01","to":"2026-04-01"}
            """);
        var run = await api.MissedRunAsync(workspace, await workspace.SaveAsync(report));
        Assert.Equal(6, (await workspace.GetAsync(run)).Rows().Length);
        await Until.HoldsAsync(async () => (await LoggedKeysAsync(workspace)).Length == 6, "The alert tells nothing.");

        await workspace.EraseAsync(bob);

        string[] kept = ["", "", "", "Of many", "Of nobody", "Of who knows"];
        Assert.Equal(kept, (await workspace.GetAsync(run)).Rows().Select(row => row[..row.LastIndexOf(' ')]).Order(StringComparer.Ordinal));
        Assert.Equal(kept, (await workspace.HistoryAsync(alert)).Select(crossing => $"{crossing.GetProperty("key")}").Order(StringComparer.Ordinal));
        Assert.Equal(kept, (await LoggedKeysAsync(workspace)).Order(StringComparer.Ordinal));

        static JsonObject[] Told(DateTimeOffset at) =>
        [
            .. from told in ((string, JsonNode, string)[])
                [
                    ("share_id", "s1", "Of Bob one"), ("payment_id", "p1", "Of Bob two"), ("subscription_id", "u1", "Of Bob three"),
                    ("subscription_id", "u2", "Of who knows"), ("subscription_id", "u1", "Of many"), ("share_id", "s2", "Of many"), ("n", 1, "Of nobody"),
                ]
                select Some.Event(
                    told.Item1 == "share_id" ? "file_share.downloaded" : "gen_ai.chat", at, Some.ExternalId, null, metadata: new() { [told.Item1] = told.Item2, ["note"] = told.Item3, ["bytes"] = 1 }),
        ];
    }

    [Fact]
    public async Task What_comes_to_count_as_a_persons_while_it_is_erased_is_as_it_was_sent_and_nothing_is_counted_twice()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob");
        await workspace.IngestAsync(
            Some.Event("subscription.changed", Some.Day, "u", "bob", metadata: new() { ["subscription_id"] = "u1" }));
        await workspace.IngestAsync(OfNobody("gen_ai.chat", "Of Bob", Chat()));
        // Its own, what told of it, and one of nobody.
        var done = await workspace.EraseAsync(bob);
        Assert.Equal(3, done.GetProperty("events").GetInt64());
        var job = done.GetProperty("job_id").GetGuid();
        // As if it had not begun; and no commit says any more what comes now.
        await api.Store.ExecuteAsync(
            "update erasures set status = 'running', events = 0, again_at = '2999-01-01Z' where job_id = $1", [job], default);
        await workspace.IngestAsync(Enumerable.Range(0, 5).Select(_ => OfNobody("gen_ai.chat", "Of Bob", Chat())));
        await api.Store.ExecuteAsync("delete from commits where workspace_id = $1", [await workspace.NumberAsync()], default);

        await api.Store.ExecuteAsync("update erasures set again_at = now() where job_id = $1", [job], default);
        done = await workspace.ErasedAsync($"{job}");

        Assert.Equal(3, done.GetProperty("events").GetInt64());
        Assert.Equal(5L, await api.Store.ScalarAsync<long>(
            "select count(*) from events where workspace_id = $1 and metadata ->> 'note' = 'Of Bob'",
            [await workspace.NumberAsync()], default));
        await VerifyRun.OfAsync(workspace, 0);

        static JsonObject Chat() => new()
        {
            ["subscription_id"] = "u1",
            ["_cost"] = new JsonObject { ["amount"] = 3, ["currency"] = "usd" },
        };
    }

    static async Task<string[]> LoggedKeysAsync(WorkspaceClient workspace) =>
        [.. (await workspace.GetAsync("/api/v1/events?type=threshold.exceeded&limit=100")).GetProperty("data").EnumerateArray()
            .Select(record => $"{record.GetProperty("payload").GetProperty("key")}")];

    static JsonObject OfNobody(string name, string note, JsonObject metadata)
    {
        metadata["note"] = note;
        return Some.Event(name, Some.Day.AddHours(1), $"{note}:{Guid.NewGuid()}", null, metadata: metadata);
    }

    /// <summary>Costs and revenue of everybody, whatever they are called.</summary>
    static async Task<string[]> CostsAsync(WorkspaceClient workspace)
    {
        var costs = new List<string>();
        foreach (var group in (string[])["customer", "subscription"])
            costs.AddRange((await workspace.GetAsync($"/api/v1/analytics/cogs?{March}&groupBy={group}")).GetRawText().Split('"')
                .Where(part => part is [':', (>= '0' and <= '9') or '-', ..]));
        return [.. costs];
    }
}
