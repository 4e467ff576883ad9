using System.Text.Json;
using Analytics.Storage.Verification;
using Analytics.Tests.Features.Requests;
using Analytics.Tests.Oracle;
using Analytics.Time;

namespace Analytics.Tests.Features.Business.Mcp;

/// <summary>Whatever is told of MCP servers, in whatever order, every answer is that of a naive recount.</summary>
[Collection(typeof(Stopped))]
public sealed class McpModelTests(StoppedApi stopped)
{
    [Theory]
    [InlineData(1, "Europe/Paris", 60)]
    [InlineData(2, "Asia/Kathmandu", 60)]
    [InlineData(3, "UTC", 400)]
    public async Task Random_events_agree_with_the_model_whatever_has_become_of_them(int seed, string zone, int sessions)
    {
        var workspace = await stopped.Api.NewWorkspaceAsync(zone, retentionDays: 3650);
        var upkeep = await Upkeep.OfAsync(workspace);
        var (random, model) = (new RandomMcp(seed, stopped.Clock.GetUtcNow()), new McpModel());
        var told = random.Some(sessions);
        var questions = Enumerable.Range(0, 12).Select(random.Question).ToList();

        await TellAsync(workspace, model, told[..(told.Count / 2)]);
        await AssertAsync(workspace, model, questions, "fresh");
        await upkeep.CompactAsync();
        await TellAsync(workspace, model, told[(told.Count / 3)..]);
        await AssertAsync(workspace, model, questions, "more over runs, some of it twice");
        await upkeep.CompactAsync();
        await AssertAsync(workspace, model, questions, "compacted");
        Assert.Empty(await Verifier.DifferencesAsync(stopped.Api.Store, upkeep.Workspace));
        await upkeep.RebuildAsync();
        await AssertAsync(workspace, model, questions, "rebuilt");
        Assert.Empty(await Verifier.DifferencesAsync(stopped.Api.Store, upkeep.Workspace));
    }

    static async Task TellAsync(WorkspaceClient workspace, McpModel model, IEnumerable<ToldMcp> events)
    {
        foreach (var batch in events.Chunk(37))
        {
            await workspace.IngestAsync(batch.Select(e => e.Json));
            foreach (var e in batch)
                model.Tell(e);
        }
    }

    async Task AssertAsync(
        WorkspaceClient workspace, McpModel model, List<(string Query, TimeRange Range, Interval Trend)> questions, string when)
    {
        foreach (var (query, range, trend) in questions)
        {
            var words = $"{when}: {query}";
            await AssertToolsAsync(workspace, model, query, range, words);
            var agents = await workspace.GetAsync($"/api/v1/analytics/mcp/agents?{query}");
            Assert.Equal(
                model.Agents(range.From, range.To),
                agents.GetProperty("agents").EnumerateArray().Select(row => Row(row, "agent", "invocations", "sessions", "revenueCents", "sharePercent")));
            await AssertSessionsAsync(workspace, model, query, Buckets.Of(range, trend), words);
        }
    }

    static async Task AssertToolsAsync(WorkspaceClient workspace, McpModel model, string query, TimeRange range, string words)
    {
        var (expected, rows) = (model.Tools(range.From, range.To), (await workspace.GetAsync($"/api/v1/analytics/mcp/tools?{query}"))
            .GetProperty("tools").EnumerateArray().ToList());
        Assert.Equal(expected.Select(tool => tool.Row), rows.Select(row => Row(
            row, "tool", "server", "invocations", "errors", "errorRate", "avgDurationMs", "revenueCents", "sharePercent")));
        foreach (var (tool, row) in expected.Zip(rows))
            AssertPercentile(tool.Durations, row.GetProperty("p95DurationMs").GetDecimal(), words);
    }

    async Task AssertSessionsAsync(
        WorkspaceClient workspace, McpModel model, string query, IReadOnlyList<Bucket> buckets, string words)
    {
        var (sums, daily, durations) = model.Sessions(buckets, stopped.Clock.GetUtcNow());
        var answer = await workspace.GetAsync($"/api/v1/analytics/mcp/sessions?{query}");
        Assert.Equal(sums, Row(answer, "totalSessions", "activeSessions", "avgDurationSeconds"));
        Assert.Equal(daily, answer.GetProperty("daily").EnumerateArray().Select(day => day.GetProperty("sessions").GetInt64()));
        AssertPercentile(durations, answer.GetProperty("p95DurationSeconds").GetDecimal(), words);
    }

    static string Row(JsonElement row, params string[] members) => string.Join(' ', members.Select(member => row.GetProperty(member) switch
    {
        { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        var number => McpModel.Plain(number.GetDecimal()),
    }));

    static void AssertPercentile(decimal[] sorted, decimal answered, string words)
    {
        var rank = 0.95m * Math.Max(sorted.Length - 1, 0);
        var (lower, upper) = sorted.Length == 0 ? (0, 0) : (sorted[(int)rank], sorted[(int)Math.Ceiling(rank)]);
        var exact = lower + (upper - lower) * (rank - Math.Floor(rank));
        var off = sorted.Length <= 100 ? 0.000000000001m : 0.01m * upper;
        Assert.True(Math.Abs(answered - exact) <= off, $"{words}: the 95th percentile of {sorted.Length} is {exact}, not {answered}.");
    }
}
