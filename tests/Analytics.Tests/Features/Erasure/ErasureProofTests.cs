using System.Text.Json;
using System.Text.RegularExpressions;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Business.Alerts;
using Analytics.Tests.Features.Business.Reports;
using Analytics.Tests.Features.Streams;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Erasure;

/// <summary>After an erasure nothing names the person, wherever anybody looks, and nothing counts otherwise than before.</summary>
public sealed class ErasureProofTests(AnalyticsApi api)
{
    const string March = "from=2026-03-01&to=2026-04-01";

    /// <summary>What has no names in it, and counts what the person did among the rest.</summary>
    static readonly string[] Totals =
    [
        "/api/metrics?start_date=2026-03-01&end_date=2026-03-31&interval=day",
        "/api/events/statistics/timeseries?start_date=2026-03-01&end_date=2026-03-31&interval=day&aggregate_fields=_cost.amount&aggregate_fields=n&aggregate_fields=deep.n",
        "/api/event-types?source=user", "/api/events/names?source=user", $"/api/requests/timeseries?{March}&interval=day", $"/api/requests/endpoints?{March}",
        $"/api/requests/latency?{March}", $"/api/requests/heatmap?{March}", $"/api/requests/slow?{March}",
        $"/api/v1/analytics/mcp/tools?{March}", $"/api/v1/analytics/mcp/sessions?{March}", $"/api/v1/analytics/mcp/agents?{March}",
        $"/api/v1/analytics/storefront/funnel?{March}", $"/api/v1/analytics/usage/by-product?{March}", .. ((string[])["product", "vendor", "model", "category", "subscription"])
            .Select(group => $"/api/v1/analytics/cogs?{March}&groupBy={group}"),
    ];

    /// <summary>Units that count by texts which go.</summary>
    static readonly string[] Units =
    [
        """{"key":"later","name":"n","unitLabel":"l","aggregation":"COUNT","eventName":"task.done","filters":[{"field":"shout","operator":"CONTAINS","value":"BOB"}]}""",
        """{"key":"noted","name":"n","unitLabel":"l","aggregation":"COUNT","eventName":"task.done","filters":[{"field":"note","operator":"CONTAINS","value":"bob"}]}""",
        """{"key":"notes","name":"n","unitLabel":"l","aggregation":"UNIQUE","eventName":"task.done","field":"note","filters":[]}""",
        """{"key":"sum","name":"n","unitLabel":"l","aggregation":"SUM","eventName":"task.done","field":"n","filters":[{"field":"deep.status","operator":"CONTAINS","value":"bob"}]}""",
        """{"key":"sessions","name":"n","unitLabel":"l","aggregation":"UNIQUE","eventName":"mcp.tool_invoked","field":"session_id","filters":[]}""",
    ];

    [Fact]
    public async Task Nothing_names_an_erased_person_and_nothing_counts_otherwise()
    {
        var (workspace, person) = await LivedAsync();
        Assert.Empty(((string[])["alert_crossings", "alerts", "api_keys", "audit", "billable_units", "customers", "endpoint_days", "events", "former_external_ids", "people", "products", "report_runs", "reports", "request_texts", "requests"])
            .Except(await workspace.TablesWithAsync(person.Traces)));
        Assert.Empty(((string[])
        [
            "/api/customers", "/api/events", "/api/export/events", "/api/export/log", "/api/export/requests", "/api/requests/customers",
            "/api/requests/recent", "/api/requests/slow", "/api/v1/events", SomeAlerts.Path, SomeReports.Path,
            "/api/v1/billable-units", "/api/v1/products", "/api/v1/analytics/usage/by-billable-unit",
        ]).Except(NamingIn(await new EveryAnswer(workspace).ReadAsync(), person).Select(address => address.Split('?')[0])));
        var before = await TotalsAsync(workspace);
        await VerifyRun.OfAsync(workspace, 0);

        await workspace.EraseAsync(person.Id);

        Assert.DoesNotContain(before, total => Units.Any(unit => total.StartsWith($"{JsonElement.Parse(unit).GetProperty("key")}: 0 ", StringComparison.Ordinal)));
        Assert.Empty(await workspace.TablesWithAsync(person.Traces));
        Assert.Empty(NamingIn(await new EveryAnswer(workspace).ReadAsync(), person));
        foreach (var search in (string[])["/api/events?q=", "/api/v1/events?q=", "/api/event-types?q=", "/api/v1/events?actor=", "/api/events?external_customer_id="])
            Assert.Equal(0, (await workspace.GetAsync(search + person.Mark)).GetProperty("data").GetArrayLength());
        Assert.Equal(before, await TotalsAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);
        var upkeep = await Upkeep.OfAsync(workspace);
        await upkeep.CompactAsync();
        await upkeep.RebuildAsync();
        Assert.Equal(before, await TotalsAsync(workspace));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task Streams_that_go_on_from_before_an_erasure_name_nobody()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (_, user) = await api.NewUserAsync((workspace, "owner"));
        (ApiClient Reader, string Path)[] streams =
        [
            (workspace, $"/api/stream/workspaces/{workspace.Id}"), (workspace, "/api/v1/events/stream"), (user, "/api/stream/user"),
        ];
        var positions = new List<(string? From, int Count)>();
        var person = new MarkedPerson(workspace);
        var open = await Task.WhenAll(streams.Select(stream => OpenStream.OpenAsync(stream.Reader, stream.Path)));
        await workspace.IngestAsync(Some.Event("before"));
        var first = await Task.WhenAll(open.Select(stream => stream.NextAsync()));
        await person.LiveAsync();
        await workspace.IngestAsync(Some.Event("after"));
        foreach (var (stream, begin) in open.Zip(first))
        {
            var messages = new List<Message>();
            do
                messages.Add(await stream.NextAsync());
            while (!messages[^1].Data.Contains("\"after\"", StringComparison.Ordinal));
            Assert.Contains(messages, message => Names(message.Data, person));
            positions.Add((begin.Id, messages.Count));
            await stream.DisposeAsync();
        }

        await workspace.EraseAsync(person.Id);

        foreach (var (stream, position) in streams.Zip(positions))
        {
            await using var again = await OpenStream.OpenAsync(stream.Reader, stream.Path, position.From);
            var replayed = await again.TakeAsync(position.Count);
            Assert.Contains("\"after\"", replayed[^1].Data);
            Assert.True(!replayed.Exists(message => Names(message.Data, person)), replayed.Find(message => Names(message.Data, person))?.Data);
        }
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_is_known_and_the_ids_are_somebody_elses_at_once()
    {
        var (workspace, person) = await LivedAsync();
        await workspace.EraseAsync(person.Id);

        var next = await workspace.NewCustomerAsync(person.ExternalIds[2]);
        var portal = await workspace.BoundToAsync(next);
        var again = await person.RetryAsync();

        Assert.Equal((0, 6), (again.GetProperty("inserted").GetInt32(), again.GetProperty("duplicates").GetInt32()));
        foreach (var reader in (WorkspaceClient[])[workspace, portal])
            foreach (var id in person.ExternalIds)
                Assert.Equal(0, (await reader.GetAsync($"/api/events?source=user&external_customer_id={id}")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await portal.GetAsync("/api/events?source=user")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await portal.GetAsync($"/api/requests/recent?{March}")).GetProperty("data").GetArrayLength());
        Assert.Equal(["customer.created"], (await portal.GetAsync("/api/v1/events")).GetProperty("data").EnumerateArray()
            .Select(record => record.GetProperty("eventType").GetString()));
        await person.Portal.GetAsync("/api/events", 401);
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_session_and_a_visit_that_are_told_before_and_after_an_erasure_are_one()
    {
        var (workspace, person) = await LivedAsync();
        await workspace.EraseAsync(person.Id);

        await workspace.IngestAsync(
            Some.Event("mcp.session_ended", Some.Day.AddMinutes(17), customer: null, metadata: new() { ["session_id"] = $"{person.Mark}-session" }),
            Some.Event("storefront.product_view", Some.Day.AddMinutes(17), customer: null, metadata: new() { ["visitor_id"] = $"{person.Mark}-visitor" }));

        // The portal key's session of the same name is another one.
        var sessions = await workspace.GetAsync($"/api/v1/analytics/mcp/sessions?{March}");
        Assert.Equal((2, 600m), (sessions.GetProperty("totalSessions").GetInt32(), sessions.GetProperty("avgDurationSeconds").GetDecimal()));
        var steps = (await workspace.GetAsync($"/api/v1/analytics/storefront/funnel?{March}")).GetProperty("steps");
        Assert.Equal([1, 1], steps.EnumerateArray().Take(2).Select(step => step.GetProperty("visitors").GetInt32()));
        await VerifyRun.OfAsync(workspace, 0);
        await (await Upkeep.OfAsync(workspace)).RebuildAsync();
        Assert.Equal(sessions.GetRawText(), (await workspace.GetAsync($"/api/v1/analytics/mcp/sessions?{March}")).GetRawText());
        await VerifyRun.OfAsync(workspace, 0);
    }

    async Task<(WorkspaceClient Workspace, MarkedPerson Person)> LivedAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync();
        await workspace.PostAsync("/api/v1/webhooks", new { url = "https://hooks.invalid/", events = (string[])["*"] }, 201);
        // Some are there before there is anything to count.
        foreach (var unit in Units[1..])
            await workspace.PostAsync("/api/v1/billable-units", unit, 201);
        await workspace.PostAsync("/api/v1/products", new { key = "shop", name = "Shop", type = "API" }, 201);
        var person = new MarkedPerson(workspace);
        await person.LiveAsync();
        await workspace.PostAsync("/api/v1/billable-units", Units[0], 201);
        return (workspace, person);
    }

    static List<string> NamingIn(Dictionary<string, string> answers, MarkedPerson person) =>
        [.. answers.Where(answer => Names(answer.Value, person)).Select(answer => answer.Key)];

    static bool Names(string text, MarkedPerson person) =>
        person.Traces.Any(trace => text.Contains(trace, StringComparison.OrdinalIgnoreCase));

    /// <summary>All totals, and how many records of the log there are of each class, but those of the erasure itself.</summary>
    static async Task<List<string>> TotalsAsync(WorkspaceClient workspace)
    {
        var totals = new List<string>();
        foreach (var path in Totals)
            totals.Add($"{path} {Regex.Replace((await workspace.GetAsync(path)).GetRawText(), "API for [^\"]*", "API for somebody", RegexOptions.None, TimeSpan.FromSeconds(10))}");
        var usage = await workspace.GetAsync($"/api/v1/analytics/usage/by-billable-unit?{March}");
        totals.AddRange(usage.GetProperty("units").EnumerateArray().Select(
            unit => $"{unit.GetProperty("unit")}: {unit.GetProperty("total")} {unit.GetProperty("trend").GetRawText()}"));
        var log = (await workspace.GetAsync("/api/v1/events?limit=1000")).GetProperty("data").EnumerateArray();
        totals.AddRange(log.Where(record => !IsOfErasure(record))
            .CountBy(record => $"{record.GetProperty("severity")} {record.GetProperty("category")} {record.GetProperty("eventType")}")
            .Select(count => $"{count.Key}: {count.Value}").Order(StringComparer.Ordinal));
        return totals;
    }

    static bool IsOfErasure(JsonElement record) =>
        record.GetProperty("eventType").GetString() is "customer.deleted" or "customer.erased" or "api_key.revoked";
}
