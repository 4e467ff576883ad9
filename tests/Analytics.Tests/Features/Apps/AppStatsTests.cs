using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Apps;

/// <summary>How much an app is used, on a clock that stands still.</summary>
[Collection<Timed>]
public sealed class AppStatsTests(TimedApi timed)
{
    const string Stats = "/api/apps/acme:shop/stats";

    DateTimeOffset Today => new(timed.Now.UtcDateTime.Date, TimeSpan.Zero);

    [Fact]
    public async Task The_seeds_own_numbers()
    {
        var workspace = await NewAppAsync();
        await InvokeAsync(workspace, Enumerable.Range(0, 1_200).Select(at => Invocation(
            DayOf(at, 340, 780), at < 779 ? 244 : at == 779 ? 664 : 9_999, status: at is >= 100 and < 106 ? 500 + at - 100 : 200,
            error: at is >= 400 and < 406 ? "Broken." : null, memory: at == 500 ? 52_428_800 : at == 900 ? 99_999_999 : 1_000)));
        await ViewAsync(workspace, Enumerable.Range(0, 142).Select(at => View(DayOf(at, 45, 89), at % 5 == 0 ? null : $"viewer-{at % 23}")));

        foreach (var upkeep in (Func<Upkeep, Task>?[])[null, upkeep => upkeep.CompactAsync(), upkeep => upkeep.RebuildAsync()])
        {
            if (upkeep is not null)
                await upkeep(await Upkeep.OfAsync(workspace));
            var answer = await workspace.GetAsync(Stats);

            Assert.Equal(
                """
                {"totalInvocations":1200,"invocations7d":340,"invocations30d":780,"avgDurationMs":245,"errorCount30d":12,"errorRate30d":1.54,"peakMemoryBytes":52428800,"totalComputeMs":190740}
                """,
                answer.GetProperty("api").GetRawText());
            Assert.Equal((142, 23, 45, 89), (Number(answer, "totalViews"), Number(answer, "uniqueViewers"), Number(answer, "views7d"), Number(answer, "views30d")));
            Assert.Equal(45, answer.GetProperty("viewsByDay").EnumerateArray().Sum(day => Number(day, "count")));
        }
    }

    /// <summary>So many on the last 7 days, so many on 30, the others before, at the days' first and last instants too.</summary>
    DateTimeOffset DayOf(int at, int week, int month)
    {
        var ago = at < week ? at % 7 : at < month ? 7 + (at % 23) : 30 + (at % 40);
        return Today.AddDays(-ago).AddTicks(ago == 0 || at % 2 == 0 ? 0 : TimeSpan.TicksPerDay - TimeSpan.TicksPerMicrosecond);
    }

    [Fact]
    public async Task An_app_that_nobody_uses_is_told_as_zeros()
    {
        var workspace = await NewAppAsync();
        var id = (await workspace.GetAsync("/api/apps/acme:shop")).GetProperty("id").GetGuid();
        var days = string.Join(',', Enumerable.Range(0, 7).Select(ago => $$"""{"day":"{{Today.AddDays(-ago):yyyy-MM-dd}}","count":0}"""));

        Assert.Equal(
            $$$"""
            {"appId":"{{{id}}}","totalViews":0,"uniqueViewers":0,"views7d":0,"views30d":0,"lastViewedAt":null,"viewsByDay":[{{{days}}}],
            "api":{"totalInvocations":0,"invocations7d":0,"invocations30d":0,"avgDurationMs":0,"errorCount30d":0,"errorRate30d":0,"peakMemoryBytes":0,"totalComputeMs":0},
            "storage":{"hasWorkspace":false,"schemaSize":0,"tableCount":0,"quotaBytes":0,"quotaPercent":0}}
            """.ReplaceLineEndings(""),
            (await workspace.GetAsync(Stats)).GetRawText());
        var api = await workspace.GetAsync($"{Stats}/api");
        Assert.Equal("[]", api.GetProperty("recent").GetRawText());
        Assert.Equal(30, api.GetProperty("daily").GetArrayLength());
        Assert.All(api.GetProperty("daily").EnumerateArray(), day => Assert.EndsWith("\"count\":0,\"avgDurationMs\":0,\"errorCount\":0}", day.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Viewers_count_once_and_views_of_nobody_only_as_views()
    {
        var workspace = await NewAppAsync();
        await workspace.NewAppAsync("acme:office");
        await ViewAsync(workspace, [View(Today, "ada"), View(Today, "Ada"), View(Today.AddMinutes(4), "ada"), View(Today.AddDays(-90), null), View(Today.AddDays(-1), "bob")]);
        await ViewAsync(workspace, [View(Today.AddMinutes(5), "carl")], "acme:office");

        var answer = await workspace.GetAsync(Stats);

        Assert.Equal((5, 3, 4, 4), (Number(answer, "totalViews"), Number(answer, "uniqueViewers"), Number(answer, "views7d"), Number(answer, "views30d")));
        Assert.Equal(Today.AddMinutes(4), answer.GetProperty("lastViewedAt").GetDateTimeOffset());
        Assert.Equal([3, 1, 0, 0, 0, 0, 0], answer.GetProperty("viewsByDay").EnumerateArray().Select(day => Number(day, "count")));
    }

    [Fact]
    public async Task Days_change_at_midnight_in_UTC()
    {
        var workspace = await NewAppAsync(timezone: "Asia/Kathmandu");
        await ViewAsync(workspace, [View(Today, null), View(Today.AddDays(-6), null), View(Today.AddDays(-29), null)]);
        await InvokeAsync(workspace, [Invocation(Today.AddDays(-6), 10), Invocation(Today.AddDays(-29), 20)]);
        timed.Clock.Advance(Today.AddDays(1) - timed.Now - TimeSpan.FromMicroseconds(1));

        var before = await workspace.GetAsync(Stats);
        timed.Clock.Advance(TimeSpan.FromMicroseconds(1));
        var after = await workspace.GetAsync(Stats);

        Assert.Equal((2, 3), (Number(before, "views7d"), Number(before, "views30d")));
        Assert.Equal((1, 2), (Number(after, "views7d"), Number(after, "views30d")));
        Assert.Equal((3, 3), (Number(before, "totalViews"), Number(after, "totalViews")));
        Assert.Equal((1, 2, 15), (Api(before, "invocations7d"), Api(before, "invocations30d"), Api(before, "avgDurationMs")));
        Assert.Equal((0, 1, 10), (Api(after, "invocations7d"), Api(after, "invocations30d"), Api(after, "avgDurationMs")));
        Assert.Equal([0, 1, 0, 0, 0, 0, 0], after.GetProperty("viewsByDay").EnumerateArray().Select(day => Number(day, "count")));
        Assert.Equal($"{Today:yyyy-MM-dd}", (await workspace.GetAsync($"{Stats}/api")).GetProperty("daily")[0].GetProperty("day").GetString());
    }

    [Fact]
    public async Task The_last_hundred_invocations_are_told_newest_first()
    {
        var workspace = await NewAppAsync();
        await InvokeAsync(workspace, Enumerable.Range(0, 150).Select(at => Invocation(Today.AddDays(-40).AddSeconds(at), 1, path: $"/{at}")));
        await InvokeAsync(workspace, [Invocation(Today.AddMinutes(1), 12.345m, path: "/last", status: 503, username: "john.doe", memory: 52_428_800), Invocation(Today.AddHours(-30), 0.5m, error: "Out of memory.")]);

        var answer = await workspace.GetAsync($"{Stats}/api");

        var recent = answer.GetProperty("recent").EnumerateArray().ToList();
        Assert.Equal(
            $$"""
            {"method":"GET","path":"/last","username":"john.doe","startedAt":"{{Today.AddMinutes(1):yyyy-MM-ddTHH:mm:ss}}Z","durationMs":12.345,"statusCode":503,"memoryPeakBytes":52428800,"error":null}
            """,
            recent[0].GetRawText());
        Assert.Equal("Out of memory.", recent[1].GetProperty("error").GetString());
        Assert.Equal(["/last", "/a", .. Enumerable.Range(0, 98).Select(at => $"/{149 - at}")], recent.Select(row => row.GetProperty("path").GetString()));
        var daily = answer.GetProperty("daily").EnumerateArray().Select(day => (Number(day, "count"), Number(day, "avgDurationMs"), Number(day, "errorCount"))).ToList();
        Assert.Equal([(1, 12, 1), (0, 0, 0), (1, 1, 1), .. Enumerable.Repeat((0, 0, 0), 27)], daily);
        Assert.Equal(150 + 2, Api(await workspace.GetAsync(Stats), "totalInvocations"));
    }

    [Fact]
    public async Task Sums_stay_exact_beyond_what_a_double_holds()
    {
        var workspace = await NewAppAsync();
        const long most = long.MaxValue;
        await InvokeAsync(workspace, [Invocation(Today, 0.001m, memory: most), Invocation(Today, 86_400_000m, memory: most - 1)]);

        var api = (await workspace.GetAsync(Stats)).GetProperty("api");

        Assert.Equal("9223372036854775807", api.GetProperty("peakMemoryBytes").GetRawText());
        Assert.Equal("86400000.001", api.GetProperty("totalComputeMs").GetRawText());
        Assert.Equal("43200000", api.GetProperty("avgDurationMs").GetRawText());
    }

    [Fact]
    public async Task Any_key_of_the_workspace_reads_the_statistics_and_writers_read_the_invocations()
    {
        var (workspace, other) = (await NewAppAsync(), await NewAppAsync());
        var (_, viewer) = await timed.Api.NewUserAsync((workspace, "viewer"));
        var (_, member) = await timed.Api.NewUserAsync((workspace, "member"));
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync());
        var id = (await workspace.GetAsync("/api/apps/acme:shop")).GetProperty("id").GetGuid();

        foreach (var reader in (ApiClient[])[viewer, await workspace.WithScopesAsync("logs:read")])
        {
            await reader.GetAsync(Stats);
            await reader.GetAsync($"/api/apps/{id}/stats/");
            await reader.GetAsync($"{Stats}/api", 403);
        }

        foreach (var writer in (ApiClient[])[member, await workspace.WithScopesAsync("apps:write")])
            await writer.GetAsync($"/api/apps/acme%3Ashop/stats/api/");
        foreach (var path in (string[])["", "/api"])
        {
            await portal.GetAsync($"{Stats}{path}", 403);
            await other.GetAsync($"/api/apps/{id}/stats{path}", 404);
            await workspace.GetAsync($"/api/apps/acme:none/stats{path}", 404);
        }
    }

    [Fact]
    public async Task Storage_is_what_the_tables_of_its_workspace_take_of_its_quota()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await using var schema = await AppSchema.OfAsync(
            workspace, "create table users (id int primary key)", "insert into users select generate_series(1, 100000)", "create table _migrations (id int)", "create view shown as select 1");

        var storage = (await schema.StatsAsync()).GetProperty("storage");

        var size = await schema.AskAsync<long>("select sum(pg_total_relation_size(oid))::bigint from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace");
        Assert.True(size > 3_000_000);
        Assert.True(storage.GetProperty("hasWorkspace").GetBoolean());
        Assert.Equal((size, 1, 1L << 30), (Number(storage, "schemaSize"), Number(storage, "tableCount"), storage.GetProperty("quotaBytes").GetInt64()));
        Assert.Equal(Math.Round(100m * size / (1L << 30), 2, MidpointRounding.AwayFromZero), storage.GetProperty("quotaPercent").GetDecimal());
    }

    async Task<WorkspaceClient> NewAppAsync(string timezone = "UTC")
    {
        var workspace = await timed.Api.NewWorkspaceAsync(timezone);
        await workspace.NewAppAsync("acme:shop");
        return workspace;
    }

    static JsonObject View(DateTimeOffset at, string? viewer) => viewer is null
        ? new JsonObject { ["timestamp"] = Text(at) }
        : new JsonObject { ["viewerId"] = viewer, ["timestamp"] = Text(at) };

    static JsonObject Invocation(
        DateTimeOffset at, decimal duration, int status = 200, string? error = null, long memory = 0, string path = "/a", string? username = null) => new()
    {
        ["method"] = "get", ["path"] = path, ["username"] = username, ["startedAt"] = Text(at), ["durationMs"] = duration, ["statusCode"] = status,
        ["memoryPeakBytes"] = memory, ["error"] = error,
    };

    static Task<JsonElement> ViewAsync(WorkspaceClient workspace, IEnumerable<JsonObject> views, string app = "acme:shop") =>
        workspace.PostAsync($"/api/apps/{app}/views", new JsonObject { ["views"] = new JsonArray([.. views]) });

    static Task<JsonElement> InvokeAsync(WorkspaceClient workspace, IEnumerable<JsonObject> invocations) =>
        workspace.PostAsync("/api/apps/acme:shop/invocations", new JsonObject { ["invocations"] = new JsonArray([.. invocations]) });

    static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    static long Api(JsonElement answer, string member) => Number(answer.GetProperty("api"), member);

    static long Number(JsonElement holder, string member) => holder.GetProperty(member).GetInt64();
}
