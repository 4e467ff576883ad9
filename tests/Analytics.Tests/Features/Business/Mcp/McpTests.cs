using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Storage.Verification;
using Analytics.Tests.Features.Erasure;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Mcp;

/// <summary>What is told of MCP servers, story by story.</summary>
public sealed class McpTests(AnalyticsApi api)
{
    const string March = "from=2026-03-11&to=2026-03-13";

    static JsonObject Mcp(string name, int minute, string metadata, string? customer = "acme", string? externalId = null, Guid? customerId = null) =>
        Some.Event($"mcp.{name}", Some.Day.AddMinutes(minute), externalId, customer, customerId, metadata: (JsonObject)JsonNode.Parse(metadata)!);

    static JsonObject Session(string name, int minute, string session = "s", string? customer = "acme") =>
        Mcp(name, minute, $$"""{"session_id":"{{session}}"}""", customer);

    static async Task AssertAsync(WorkspaceClient workspace, string question, string expected)
    {
        var answer = await workspace.GetAsync($"/api/v1/analytics/mcp/{question}{(question.Contains('?') ? '&' : '?')}{March}");
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(answer.GetRawText())!.ToJsonString());
    }

    [Fact]
    public async Task Tools_are_told_apart_by_their_servers_and_the_most_used_is_first()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Mcp("tool_invoked", 1, """{"tool":"search","server":"docs","duration_ms":10,"status":"success","revenue_cents":2}"""),
            Mcp("tool_invoked", 2, """{"tool":"search","server":"docs","duration_ms":0,"status":"error","revenue_cents":0.125}"""),
            Mcp("tool_invoked", 3, """{"tool":"search","server":"docs","duration_ms":21,"status":"ERROR"}"""),
            Mcp("tool_invoked", 4, """{"tool":"search","revenue_cents":-1}"""),
            Mcp("tool_invoked", 5, """{"tool":"fetch","duration_ms":-5,"revenue_cents":"7"}"""),
            Mcp("tool_invoked", 6, """{"tool":7,"server":"","duration_ms":"4"}"""),
            Mcp("tool_listed", 7, """{"tool":"search"}"""));
        await AssertAsync(workspace, "tools", """
            {"tools":[
             {"tool":"search","server":"docs","invocations":3,"errors":1,"errorRate":33.33,"avgDurationMs":10.33,"p95DurationMs":19.9,
              "revenueCents":2.125,"sharePercent":50},
             {"tool":"fetch","server":null,"invocations":1,"errors":0,"errorRate":0,"avgDurationMs":0,"p95DurationMs":0,"revenueCents":0,
              "sharePercent":16.67},
             {"tool":"search","server":null,"invocations":1,"errors":0,"errorRate":0,"avgDurationMs":0,"p95DurationMs":0,"revenueCents":-1,
              "sharePercent":16.67},
             {"tool":"unknown","server":null,"invocations":1,"errors":0,"errorRate":0,"avgDurationMs":0,"p95DurationMs":0,"revenueCents":0,
              "sharePercent":16.67}]}
            """);
    }

    [Fact]
    public async Task Agents_are_told_with_the_sessions_of_their_invocations()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Mcp("tool_invoked", 1, """{"agent":"claude","session_id":"a","revenue_cents":1.5}"""),
            Mcp("tool_invoked", 2, """{"agent":"claude","session_id":"a"}"""),
            Mcp("tool_invoked", 3, """{"agent":"claude","session_id":"b"}"""),
            Mcp("session_started", 4, """{"agent":"claude","session_id":"c"}"""),
            Mcp("tool_invoked", 5, """{"agent":"claude"}"""),
            Mcp("tool_invoked", 6, """{"agent":null,"session_id":"a"}"""),
            Mcp("tool_invoked", 7, """{"agent":"unknown","session_id":"b"}"""));
        await AssertAsync(workspace, "agents", """
            {"agents":[{"agent":"claude","invocations":4,"sessions":2,"revenueCents":1.5,"sharePercent":66.67},
             {"agent":"unknown","invocations":2,"sessions":2,"revenueCents":0,"sharePercent":33.33}]}
            """);
    }

    [Fact]
    public async Task Without_events_there_is_nothing_and_nothing_fails()
    {
        var workspace = await api.NewWorkspaceAsync();
        await AssertAsync(workspace, "tools", """{"tools":[]}""");
        await AssertAsync(workspace, "agents", """{"agents":[]}""");
        await AssertAsync(workspace, "sessions", """
            {"totalSessions":0,"activeSessions":0,"avgDurationSeconds":0,"p95DurationSeconds":0,
             "daily":[{"date":"2026-03-11","sessions":0},{"date":"2026-03-12","sessions":0}]}
            """);
    }

    [Fact]
    public async Task A_session_told_backwards_is_the_same_session()
    {
        var workspace = await api.NewWorkspaceAsync();
        JsonObject[] told = [Session("session_started", 10), Session("tool_invoked", 12), Session("session_ended", 15), Session("session_ended", 40)];
        // The later end, then the earlier one: the first of two ends is what it begins with. Then a call before both.
        await workspace.IngestAsync(told[3]);
        await AssertOneAsync(workspace, 1, 0, "2026-03-11");
        await workspace.IngestAsync(told[2]);
        await AssertOneAsync(workspace, 1, 25 * 60, "2026-03-11");
        await workspace.IngestAsync(told[1]);
        await AssertOneAsync(workspace, 1, 3 * 60, "2026-03-11");
        await workspace.IngestAsync(told[0]);
        await AssertOneAsync(workspace, 1, 5 * 60, "2026-03-11");
    }

    [Fact]
    public async Task A_start_that_comes_late_moves_a_session_to_its_day_whatever_was_said_before_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Session("tool_invoked", 10), Session("session_ended", 20));
        await AssertOneAsync(workspace, 1, 600, "2026-03-11");
        await workspace.IngestAsync(Session("session_started", 24 * 60 + 5));
        await AssertOneAsync(workspace, 1, 0, "2026-03-12");
        await workspace.IngestAsync(Session("session_ended", 24 * 60 + 6));
        await AssertOneAsync(workspace, 1, 60, "2026-03-12");
    }

    [Fact]
    public async Task An_end_at_the_instant_of_the_begin_ends_a_session_and_one_alone_does_not()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Session("session_ended", 5, "alone"));
        await workspace.IngestAsync(Session("session_ended", 5, "one"), Session("session_started", 5, "one"));
        await workspace.IngestAsync(Session("session_ended", 5, "two"), Session("tool_invoked", 5, "two"));
        var spans = await api.Store.QueryAsync(
            "select end_at - begin_at from mcp_sessions where workspace_id = $1 order by session", [await workspace.NumberAsync()],
            row => row.GetFieldValue<TimeSpan?>(0), default);
        Assert.Equal([null, TimeSpan.Zero, TimeSpan.Zero], spans);
    }

    [Fact]
    public async Task Active_are_those_that_were_heard_from_in_the_last_half_hour_and_have_not_ended_whatever_the_period()
    {
        var workspace = await api.NewWorkspaceAsync();
        var now = TimeProvider.System.GetUtcNow();
        await workspace.IngestAsync(
            At("session_started", -50, "quiet"), At("tool_invoked", -31, "quiet"), At("session_started", -90, "busy"),
            At("tool_invoked", -2, "busy"), At("session_started", -9, "over"), At("session_ended", -1, "over"), At("resource_read", -1, "new"));
        var answer = await workspace.GetAsync($"/api/v1/analytics/mcp/sessions?{March}");
        Assert.Equal((2, 0), (answer.GetProperty("activeSessions").GetInt32(), answer.GetProperty("totalSessions").GetInt32()));

        JsonObject At(string name, int minutes, string session) =>
            Some.Event($"mcp.{name}", now.AddMinutes(minutes), metadata: new() { ["session_id"] = session });
    }

    [Fact]
    public async Task What_a_portal_key_sends_ends_nobody_elses_session_and_it_asks_in_vain()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"));
        await workspace.IngestAsync(Session("session_started", 1));
        await portal.IngestAsync(Session("session_ended", 3, customer: null), Session("session_ended", 4, customer: null));
        await AssertAsync(workspace, "sessions", """
            {"totalSessions":2,"activeSessions":0,"avgDurationSeconds":60,"p95DurationSeconds":60,
             "daily":[{"date":"2026-03-11","sessions":2},{"date":"2026-03-12","sessions":0}]}
            """);
        foreach (var route in (string[])["tools", "agents", "sessions"])
            await portal.GetAsync($"/api/v1/analytics/mcp/{route}", 403);
    }

    [Fact]
    public async Task An_erased_customers_tools_agents_and_sessions_stay_what_they_were()
    {
        var workspace = await api.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(workspace);
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(
            Mcp("tool_invoked", 1, """{"tool":"search","agent":"claude","session_id":"s","duration_ms":5,"status":"error","revenue_cents":2}"""),
            Session("session_started", 2), Session("session_ended", 9), Session("tool_invoked", 4, "other", "globex"));
        var before = await AnswersAsync(workspace);
        await workspace.EraseAsync(customer);
        Assert.Equal(before, await AnswersAsync(workspace));
        await upkeep.RebuildAsync();
        Assert.Equal(before, await AnswersAsync(workspace));
        // The session goes on: it ends before, told by somebody else.
        await workspace.IngestAsync(Session("session_ended", 5, customer: "globex"));
        await AssertOneAsync(workspace, 2, 180, "2026-03-11");
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace));
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_question_is_told_together()
    {
        var workspace = await api.NewWorkspaceAsync();
        var refused = await workspace.GetAsync("/api/v1/analytics/mcp/tools?period=9y&timezone=Mars/One", 400);
        Assert.Equal(
            ["period", "timezone"],
            refused.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).Order(StringComparer.Ordinal));
        await workspace.GetAsync($"/api/v1/analytics/mcp/agents?tenantId={Guid.NewGuid()}", 404);
        await workspace.GetAsync($"/api/v1/analytics/mcp/agents?tenantId={workspace.Id}");
    }

    [Fact]
    public async Task Tools_are_told_as_csv_too()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Mcp("tool_invoked", 1, """{"tool":"=search","duration_ms":10}"""));
        using var answer = await workspace.AskAsync(HttpMethod.Get, $"/api/v1/analytics/mcp/tools?{March}&format=csv");
        Assert.Equal(
            "tool,server,invocations,errors,errorRate,avgDurationMs,p95DurationMs,revenueCents,sharePercent\r\n'=search,,1,0,0,10,10,0,100\r\n",
            await answer.Content.ReadAsStringAsync());
    }

    static async Task AssertOneAsync(WorkspaceClient workspace, int total, int seconds, string date)
    {
        var answer = await workspace.GetAsync($"/api/v1/analytics/mcp/sessions?{March}");
        Assert.Equal((total, (decimal)seconds), (answer.GetProperty("totalSessions").GetInt32(), answer.GetProperty("avgDurationSeconds").GetDecimal()));
        Assert.Equal(
            total, answer.GetProperty("daily").EnumerateArray().Single(day => day.GetProperty("date").GetString() == date).GetProperty("sessions").GetInt32());
    }

    static async Task<string> AnswersAsync(WorkspaceClient workspace)
    {
        var answers = new List<JsonElement>();
        foreach (var route in (string[])["tools", "agents", "sessions"])
            answers.Add(await workspace.GetAsync($"/api/v1/analytics/mcp/{route}?{March}"));
        return string.Join('\n', answers.Select(answer => answer.GetRawText()));
    }
}
