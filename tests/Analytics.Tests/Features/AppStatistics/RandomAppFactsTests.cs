using Analytics.Tests.Oracle.Apps;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>Facts that come twice, at once, broken, or near midnight.</summary>
[Collection<Timed>]
public sealed class RandomAppFactsTests(TimedApi timed)
{
    const string Invocation =
        """
        "method":"GET","path":"/","username":"ann","startedAt":"2026-03-01T10:00:00Z","durationMs":1,"statusCode":200,"memoryPeakBytes":1
        """;

    readonly AnalyticsApi api = timed.Api;

    [Theory, InlineData("views"), InlineData("invocations"), InlineData("downloads"), InlineData("storage")]
    public async Task A_fact_counts_once_whoever_tells_it_and_how_many_at_once(string route)
    {
        var workspace = await api.NewWorkspaceAsync();
        var life = new AppLife(8, timed.Now);
        var (one, two) = (await life.NewAppAsync(workspace, "o:one"), await life.NewAppAsync(workspace, "o:two"));
        var facts = Enumerable.Range(0, 40).Select(number => New(route, one, number)).ToList();

        await AppSender.TellAtOnceAsync(life.World, facts, tellers: 4);
        var others = facts.Select((fact, number) => New(route, one, number + 1_000) with { ExternalId = fact.ExternalId });
        await AppSender.TellAsync(life.World, [.. others]);
        await AppSender.TellAsync(life.World, [.. facts.Select((fact, number) => New(route, two, number))]);
        await AgreesAsync(life.World);
    }

    [Fact]
    public async Task Kinds_and_workspaces_have_external_ids_of_their_own()
    {
        var life = new AppLife(9, timed.Now);
        for (var workspace = 0; workspace < 2; workspace++)
            await life.NewAppAsync(await api.NewWorkspaceAsync(), "o:one");
        foreach (var app in life.World.Apps)
            foreach (var route in (string[])["views", "invocations", "downloads", "storage"])
                await AppSender.TellAsync(life.World, [New(route, app, 1), New(route, app, 1)]);
        Assert.Equal(8, life.World.Views.Count + life.World.Invocations.Count + life.World.Downloads.Count + life.World.Changes.Count);
        await AgreesAsync(life.World);
    }

    [Fact]
    public async Task What_breaks_a_rule_is_told_and_the_rest_counts_when_it_is_asked_for()
    {
        var life = new AppLife(10, timed.Now);
        var app = await life.NewAppAsync(await api.NewWorkspaceAsync(), "o:one");
        var future = Canonical.Time(timed.Now.AddMinutes(5).AddMicroseconds(1));
        (string Member, string Value)[] times =
        [
            ("timestamp", $"\"{future}\""), ("timestamp", "\"1999-12-31T23:59:59Z\""), ("timestamp", "\"2026-03-01T00:00:00\""),
            ("timestamp", "\"2026-03-01\""), ("timestamp", "\"2026-02-30T00:00:00Z\""),
        ];
        await BreakAsync(
            "views", "\"viewerId\":\"x\"",
            [.. times, .. Values("viewerId", "\" \"", "\"\"", "5", "\"\\u0000\"", "\"\\ud800\""), ("externalId", "\"\"")]);
        await BreakAsync(
            "downloads", "\"bytes\":1",
            [.. times, .. Values("bytes", "-1", "\"1\"", "1.5", "null", "9223372036854775808"), .. Values("deviceId", "\"\"", "\"\\t\"")]);
        await BreakAsync("storage", "\"bytes\":1", [.. times, .. Values("bytes", "\"1\"", "0.5", "null", "-9223372036854775809", "true")]);
        await BreakAsync("devices", "\"deviceId\":\"x\"", [.. times, .. Values("deviceId", "\" \"", "\"\"", "7", "null")]);
        await BreakAsync(
            "invocations", Invocation,
            [
                ("method", "null"), ("path", "null"), .. Values("durationMs", "-1", "\"5\""), .. Values("statusCode", "99", "600", "200.5"),
                .. Values("memoryPeakBytes", "-1", "0.5"), .. Values("startedAt", $"\"{future}\"", "\"2026-03-01T10:00:00\""),
            ]);
        await AgreesAsync(life.World);

        // What is said twice in an object is what is said last.
        Task BreakAsync(string route, string good, (string Member, string Value)[] broken) => AppSender.TellPartlyAsync(
            life.World, [.. Enumerable.Range(0, 5).Select(number => New(route, app, number))],
            [.. broken.Select(one => ($"{{{good},\"{one.Member}\":{one.Value}}}", $"/{one.Member}"))]);
    }

    [Fact]
    public async Task Windows_move_with_the_days_of_UTC()
    {
        var workspace = await api.NewWorkspaceAsync("America/Los_Angeles");
        var life = new AppLife(11, timed.Now);
        var app = await life.NewAppAsync(workspace, "o:one");
        var midnight = new DateTimeOffset(timed.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        foreach (var ago in (int[])[0, 6, 7, 29, 30])
            foreach (var microsecond in (int[])[-1, 0])
                foreach (var route in (string[])["views", "invocations"])
                    if (midnight.AddDays(-ago - 1).AddMicroseconds(microsecond) is var at && at <= timed.Now)
                        await AppSender.TellAsync(life.World, [New(route, app, ago) with { At = at, ExternalId = null }]);

        await AgreesAsync(life.World);

        timed.Clock.SetUtcNow(midnight.AddMilliseconds(-1));
        foreach (var route in (string[])["views", "invocations"])
            foreach (var at in (DateTimeOffset[])[midnight.AddMinutes(-3), timed.Now, midnight, midnight.AddMinutes(1), timed.Now.AddMinutes(5)])
                await AppSender.TellAsync(life.World, [New(route, app, 100) with { At = at, ExternalId = null }]);

        await AgreesAsync(life.World);
        timed.Clock.SetUtcNow(midnight);
        await AgreesAsync(life.World);
        timed.Clock.SetUtcNow(midnight.AddDays(1).AddMicroseconds(-1));
        await AgreesAsync(life.World);
    }

    [Fact]
    public async Task The_most_recent_100_invocations_are_told_and_those_at_one_time_each_once()
    {
        var life = new AppLife(12, timed.Now);
        var app = await life.NewAppAsync(await api.NewWorkspaceAsync(), "o:one");
        var at = timed.Now.AddHours(-1);
        await TellAsync(0, 150, at);
        var recent = await RecentAsync(app);
        Assert.Equal((100, 100), (recent.Count, recent.Distinct().Count()));

        await TellAsync(200, 99, at.AddMinutes(1));
        recent = await RecentAsync(app);
        Assert.Equal((100, 100), (recent.Count, recent.Distinct().Count()));
        Assert.Equal([.. Enumerable.Range(200, 99).Select(number => $"/p/{number}").Order()], recent.Take(99).Order());

        Task TellAsync(int first, int count, DateTimeOffset when) => AppSender.TellAsync(
            life.World, [.. Enumerable.Range(first, count).Select(number => New("invocations", app, number) with { At = when })]);
    }

    [Fact]
    public async Task What_comes_without_a_time_is_of_now()
    {
        var life = new AppLife(13, timed.Now);
        var workspace = await api.NewWorkspaceAsync();
        var app = await life.NewAppAsync(workspace, "o:one");
        await workspace.PostAsync("/api/apps/o:one/views", """{"views":[{},{"viewerId":null,"timestamp":null,"externalId":null}]}""");
        for (var view = 0; view < 2; view++)
            life.World.Tell(new ToldView(app, timed.Now, null));
        await AgreesAsync(life.World);
    }

    static async Task<List<string>> RecentAsync(ToldApp app)
    {
        var usage = await app.Workspace.GetAsync($"/api/apps/{app.NaturalId}/stats/api");
        return [.. usage.GetProperty("recent").EnumerateArray().Select(row => row.GetProperty("path").GetString()!)];
    }

    static IEnumerable<(string Member, string Value)> Values(string member, params string[] values) =>
        values.Select(value => (member, value));

    ToldFact New(string route, ToldApp app, int number)
    {
        var at = timed.Now.AddMinutes(-number);
        ToldFact fact = route switch
        {
            "views" => new ToldView(app, at, $"viewer {number}"),
            "invocations" => new ToldInvocation(
                app, at, $"/p/{number}", number, number % 3 == 0 ? 500 : 200, number, number % 4 == 0 ? "broken" : null),
            "downloads" => new ToldDownload(app, at, number),
            "devices" => new ToldDevice(app, at, $"device {number}"),
            _ => new ToldChange(app, at, 5 - number),
        };
        return fact with { ExternalId = route == "devices" ? null : $"fact {number}" };
    }

    async Task AgreesAsync(AppWorld world)
    {
        var tomorrow = DateOnly.FromDateTime(timed.Now.UtcDateTime).AddDays(1);
        foreach (var app in world.Apps)
        {
            var count = new AppStatsCount(world, app, timed.Now);
            foreach (var (path, expected) in ((string, string)[])
                [("stats", count.Stats()), ("stats/api", count.Api(DateTimeOffset.MinValue))])
                Assert.Null(Canonical.Difference(expected, await app.Workspace.GetAsync($"/api/apps/{app.Id}/{path}")));
        }

        foreach (var app in world.Apps.DistinctBy(app => app.Workspace))
        {
            var scope = new StatisticsScope($"org/{app.Workspace.Slug}", app.Workspace, [app.Workspace]);
            var question = new StatisticsQuestion(scope, tomorrow.AddDays(-40), tomorrow) { IsByApp = true, HasRatios = true };
            await new StatisticsAgreement(world, "facts").AssertAsync("now", [question]);
        }
    }
}
