using Analytics.Storage;
using Analytics.Storage.Verification;
using Analytics.Tests.Oracle;
using Analytics.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Mcp;

/// <summary>What is left of MCP servers' events when retention lets go of them: all that was counted.</summary>
public sealed class McpRetentionTests(TimedApi timed) : IClassFixture<TimedApi>
{
    readonly AnalyticsApi api = timed.Api;

    [Fact]
    public async Task Sessions_whose_events_are_gone_stay_and_what_comes_late_still_ends_them()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 30);
        var upkeep = await Upkeep.OfAsync(workspace);
        var today = new DateTimeOffset(timed.Now.UtcDateTime.Date, TimeSpan.Zero);
        await workspace.IngestAsync(
            Told("session_started", "gone", today.AddDays(-45)), Told("tool_invoked", "gone", today.AddDays(-45).AddMinutes(3)),
            Told("session_started", "long", today.AddDays(-40)), Told("tool_invoked", "long", today),
            Told("session_started", "new", today), Told("session_ended", "new", today.AddMilliseconds(2)));
        await upkeep.CompactAsync();
        var before = await AnswersAsync(workspace);

        await api.Services.GetRequiredService<Retention>().RunAsync(timed.Now, TestContext.Current.CancellationToken);
        Assert.Equal(3, (await workspace.GetAsync("/api/events")).GetProperty("data").GetArrayLength());
        await AssertAsync(before);
        await upkeep.RebuildAsync();
        await AssertAsync(before);

        await workspace.IngestAsync(
            Told("session_ended", "gone", today.AddDays(-45).AddMinutes(1)), Told("session_ended", "long", today.AddMilliseconds(1)));
        var answer = await workspace.GetAsync("/api/v1/analytics/mcp/sessions?period=90d");
        var average = Math.Round((60 + 40 * 86_400 + 0.001m + 0.002m) / 3, 2, MidpointRounding.AwayFromZero);
        Assert.Equal((3, average), (answer.GetProperty("totalSessions").GetInt32(), answer.GetProperty("avgDurationSeconds").GetDecimal()));
        before = await AnswersAsync(workspace);
        await upkeep.RebuildAsync();
        await AssertAsync(before);

        async Task AssertAsync(string expected)
        {
            Assert.Equal(expected, await AnswersAsync(workspace));
            Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace));
        }
    }

    static System.Text.Json.Nodes.JsonObject Told(string name, string session, DateTimeOffset at) =>
        new ToldMcp($"mcp.{name}", at, Some.ExternalId, "acme") { Session = session, Tool = "search", Agent = "claude", Duration = 5 }.Json;

    static async Task<string> AnswersAsync(WorkspaceClient workspace)
    {
        var answers = new List<string>();
        foreach (var route in (string[])["tools", "agents", "sessions"])
            answers.Add((await workspace.GetAsync($"/api/v1/analytics/mcp/{route}?period=90d")).GetRawText());
        return string.Join('\n', answers);
    }
}
