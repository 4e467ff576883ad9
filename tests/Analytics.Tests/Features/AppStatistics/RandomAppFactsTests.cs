using System.Text.Json;
using Analytics.Tests.Oracle.Apps;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>Facts that come twice, at once, broken, or near midnight.</summary>
[Collection<Timed>]
public sealed class RandomAppFactsTests(TimedApi timed)
{
    readonly AnalyticsApi api = timed.Api;

    [Theory, InlineData("views"), InlineData("invocations"), InlineData("downloads"), InlineData("storage")]
    public async Task A_fact_counts_once_whoever_tells_it_and_how_many_at_once(string route)
    {
        var workspace = await api.NewWorkspaceAsync();
        var life = new AppLife(8, timed.Now);
        var (one, two) = (await life.NewAppAsync(workspace, "o:one"), await life.NewAppAsync(workspace, "o:two"));
        var facts = Enumerable.Range(0, 40).Select(number => New(route, one, number)).ToList();

        await AppSender.TellAtOnceAsync(life.World, facts, tellers: 4);
        await AppSender.TellAsync(life.World, [.. facts.Select((fact, number) => New(route, fact.App, number + 1_000) with { ExternalId = fact.ExternalId })]);
        await AppSender.TellAsync(life.World, [.. facts.Select((fact, number) => New(route, two, number))]);
        await AgreesAsync(life.World);
    }

    [Fact]
    public async Task Kinds_and_workspaces_have_external_ids_of_their_own()
    {
        var life = new AppLife(9, timed.Now);
        var apps = new[] { await life.NewAppAsync(await api.NewWorkspaceAsync(), "o:one"), await life.NewAppAsync(await api.NewWorkspaceAsync(), "o:one") };
        foreach (var app in apps)
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
        (string, string)[] times =
        [
            ($$""","timestamp":"{{future}}" """, "/timestamp"), (""","timestamp":"1999-12-31T23:59:59Z" """, "/timestamp"),
            (""","timestamp":"2026-03-01T00:00:00" """, "/timestamp"), (""","timestamp":"2026-03-01" """, "/timestamp"), (""","timestamp":"2026-02-30T00:00:00Z" """, "/timestamp"),
        ];
        (string Json, string Pointer)[] Of(string good, params (string Json, string Pointer)[] bad) =>
            [.. times.Select(time => ($"{{{good}{time.Item1}}}", time.Item2)), .. bad];

        await AppSender.TellPartlyAsync(life.World, Facts("views"), Of(
            "\"viewerId\":\"x\"", ("""{"viewerId":" "}""", "/viewerId"), ("""{"viewerId":""}""", "/viewerId"), ("""{"viewerId":5}""", "/viewerId"),
            ("""{"externalId":""}""", "/externalId"), ("""{"viewerId":"\u0000"}""", "/viewerId"), ("""{"viewerId":"\ud800"}""", "/viewerId")));
        await AppSender.TellPartlyAsync(life.World, Facts("downloads"), Of(
            "\"bytes\":1", ("""{"bytes":-1}""", "/bytes"), ("""{}""", "/bytes"), ("""{"bytes":"1"}""", "/bytes"), ("""{"bytes":1.5}""", "/bytes"),
            ("""{"bytes":null}""", "/bytes"), ("""{"bytes":9223372036854775808}""", "/bytes"), ("""{"bytes":1,"deviceId":""}""", "/deviceId")));
        await AppSender.TellPartlyAsync(life.World, Facts("storage"), Of(
            "\"bytes\":1", ("""{}""", "/bytes"), ("""{"bytes":"1"}""", "/bytes"), ("""{"bytes":0.5}""", "/bytes"), ("""{"bytes":-9223372036854775809}""", "/bytes"),
            ("""{"bytes":true}""", "/bytes")));
        await AppSender.TellPartlyAsync(life.World, Facts("devices"), Of(
            "\"deviceId\":\"x\"", ("""{}""", "/deviceId"), ("""{"deviceId":" "}""", "/deviceId"), ("""{"deviceId":7}""", "/deviceId"), ("""{"deviceId":null}""", "/deviceId")));
        (string Member, string Value)[] members =
        [
            ("method", "null"), ("path", "null"), ("durationMs", "-1"), ("durationMs", "\"5\""), ("statusCode", "99"), ("statusCode", "600"),
            ("statusCode", "200.5"), ("memoryPeakBytes", "-1"), ("memoryPeakBytes", "0.5"), ("startedAt", $"\"{future}\""),
            ("startedAt", "\"2026-03-01T10:00:00\""),
        ];
        await AppSender.TellPartlyAsync(
            life.World, Facts("invocations"), [.. members.Select(one => (Broken(one.Member, one.Value), $"/{one.Member}"))]);
        await AgreesAsync(life.World);

        List<ToldFact> Facts(string route) => [.. Enumerable.Range(0, 5).Select(number => New(route, app, number))];
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
            foreach (var minutes in (int[])[-3, 0, 1, 4])
                await AppSender.TellAsync(life.World, [New(route, app, 100 + minutes) with { At = midnight.AddMinutes(minutes), ExternalId = null }]);
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
        await AppSender.TellAsync(life.World, [.. Enumerable.Range(0, 150).Select(number => New("invocations", app, number) with { At = at })]);
        var recent = await RecentAsync(app);
        Assert.Equal((100, 100), (recent.Count, recent.Distinct().Count()));

        await AppSender.TellAsync(life.World, [.. Enumerable.Range(200, 99).Select(number => New("invocations", app, number) with { At = at.AddMinutes(1) })]);
        recent = await RecentAsync(app);
        Assert.Equal((100, 100), (recent.Count, recent.Distinct().Count()));
        Assert.Equal([.. Enumerable.Range(200, 99).Select(number => $"/p/{number}").Order()], recent.Take(99).Order());
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

    static async Task<List<string>> RecentAsync(ToldApp app) =>
        [.. (await app.Workspace.GetAsync("/api/apps/o:one/stats/api")).GetProperty("recent").EnumerateArray().Select(row => row.GetProperty("path").GetString()!)];

    static string Broken(string member, string value)
    {
        var all = new Dictionary<string, string>
        {
            ["method"] = "\"GET\"", ["path"] = "\"/\"", ["username"] = "\"ann\"", ["startedAt"] = "\"2026-03-01T10:00:00Z\"", ["durationMs"] = "1", ["statusCode"] = "200",
            ["memoryPeakBytes"] = "1",
        };
        all[member] = value;
        return $"{{{string.Join(',', all.Select(one => $"\"{one.Key}\":{one.Value}"))}}}";
    }

    ToldFact New(string route, ToldApp app, int number)
    {
        var at = timed.Now.AddMinutes(-number);
        ToldFact fact = route switch
        {
            "views" => new ToldView(app, at, $"viewer {number}"),
            "invocations" => new ToldInvocation(app, at, $"/p/{number}", number, number % 3 == 0 ? 500 : 200, number, number % 4 == 0 ? "broken" : null),
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
            await new StatisticsAgreement(world, "facts").AssertAsync("now", [new(scope, tomorrow.AddDays(-40), tomorrow) { IsByApp = true, HasRatios = true }]);
        }
    }
}
