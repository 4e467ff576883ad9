using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Storage.Storefront;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Storefront;

/// <summary>A storefront's funnel, as asked and as it is worked out visitor by visitor.</summary>
public sealed class FunnelTests(AnalyticsApi api)
{
    const string Route = "/api/v1/analytics/storefront/funnel";
    static readonly string[] Steps = ["visit", "product_view", "pricing_view", "signup", "subscription", "first_api_call"];
    static readonly DateTimeOffset Day = Some.Day;

    [Fact]
    public async Task Visitors_are_counted_in_every_step_they_took_in_order()
    {
        var workspace = await api.NewWorkspaceAsync("UTC");
        await workspace.IngestAsync(
            Step("a", 0, 1), Step("a", 1, 2), Step("a", 2, 3), Step("a", 3, 4), Step("a", 4, 5), Step("a", 5, 30),
            Step("b", 0, 1), Step("b", 2, 2), Step("b", 1, 3), Step("b", 3, 5),
            Step("c", 1, 1), Step("c", 0, 2),
            Step("d", 0, 26), Step("d", 1, 27),
            Step("", 0, 1));

        var answer = await workspace.GetAsync($"{Route}?from={At(0)}&to={At(48)}");

        Assert.Equal(
            [
                """{"step":"visit","visitors":4,"conversionFromPrevious":100,"conversionFromFirst":100,"dropOff":0}""",
                """{"step":"product_view","visitors":3,"conversionFromPrevious":75,"conversionFromFirst":75,"dropOff":1}""",
                """{"step":"pricing_view","visitors":1,"conversionFromPrevious":33.33,"conversionFromFirst":25,"dropOff":2}""",
                """{"step":"signup","visitors":1,"conversionFromPrevious":100,"conversionFromFirst":25,"dropOff":0}""",
                """{"step":"subscription","visitors":1,"conversionFromPrevious":100,"conversionFromFirst":25,"dropOff":0}""",
                """{"step":"first_api_call","visitors":1,"conversionFromPrevious":100,"conversionFromFirst":25,"dropOff":0}""",
            ],
            answer.GetProperty("steps").EnumerateArray().Select(step => step.GetRawText()));
        Assert.Equal("""{"from":"product_view","to":"pricing_view","visitors":2}""", answer.GetProperty("biggestDropOff").GetRawText());
        Assert.Equal(
            [
                $$"""{"date":"{{Day:yyyy-MM-dd}}","visit":3,"product_view":2,"pricing_view":1,"signup":1,"subscription":1,"first_api_call":0}""",
                $$"""{"date":"{{Day.AddDays(1):yyyy-MM-dd}}","visit":1,"product_view":1,"pricing_view":0,"signup":0,"subscription":0,"first_api_call":1}""",
            ],
            answer.GetProperty("daily").EnumerateArray().Select(day => day.GetRawText()));
    }

    [Fact]
    public async Task Where_nobody_came_nobody_left()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Step("late", 1, 1));

        var answer = await workspace.GetAsync($"{Route}?from={At(0)}&to={At(24)}");

        Assert.Equal(JsonValueKind.Null, answer.GetProperty("biggestDropOff").ValueKind);
        Assert.All(answer.GetProperty("steps").EnumerateArray(), step => Assert.Equal(
            (0, 0, 0), (step.GetProperty("visitors").GetInt32(), step.GetProperty("conversionFromPrevious").GetInt32(), step.GetProperty("dropOff").GetInt32())));
    }

    [Fact]
    public async Task Of_steps_at_one_instant_the_funnels_order_is_theirs_and_of_equal_losses_the_earlier_is_told()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Enumerable.Range(0, 6).Reverse().Select(step => Step("a", step, 1)));
        await workspace.IngestAsync(Step("b", 0, 1), Step("c", 1, 1), Step("c", 0, 1));

        var answer = await workspace.GetAsync($"{Route}?from={At(1)}&to={At(1.0001)}");

        Assert.Equal((int[])[3, 2, 1, 1, 1, 1], Visitors(answer));
        Assert.True(Assert.Single(answer.GetProperty("daily").EnumerateArray()).GetProperty("partial").GetBoolean());
        Assert.Equal("visit", answer.GetProperty("biggestDropOff").GetProperty("from").GetString());
    }

    [Fact]
    public async Task What_a_portal_key_calls_a_visitor_is_another_one()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("mine"));
        await workspace.IngestAsync(Step("v", 0, 1), Step("v", 1, 2));
        await portal.IngestAsync(Step("v", 0, 1), Step("v", 2, 3));

        await CameAsync([2, 1, 0, 0, 0, 0], workspace, $"{Route}?from={At(0)}&to={At(24)}");
        using var refused = await portal.AskAsync(HttpMethod.Get, Route);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_visitor_stays_one_when_its_customer_is_erased()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("mine");
        await workspace.IngestAsync(Step("v", 0, 1, "mine"), Step("v", 1, 2, "mine"));
        var erased = await workspace.DeleteAsync($"/api/customers/{customer}", 202);
        await Until.HoldsAsync(
            async () => (await workspace.GetAsync($"/api/erasures/{erased.GetProperty("job_id")}")).GetProperty("status").GetString() == "done",
            "The customer is not erased.");
        await workspace.IngestAsync(Step("v", 2, 3));
        var upkeep = await Upkeep.OfAsync(workspace);

        for (var round = 0; round < 2; round++)
        {
            await CameAsync([1, 1, 1, 0, 0, 0], workspace, $"{Route}?from={At(0)}&to={At(24)}");
            await VerifyRun.OfAsync(workspace, 0);
            await upkeep.RebuildAsync();
        }
    }

    [Fact]
    public async Task What_is_stored_wrongly_is_found_and_mended()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Step("v", 0, 1), Step("v", 1, 2), Step("w", 0, 30));
        var upkeep = await Upkeep.OfAsync(workspace);
        await StepPacking.RunAsync(api.Store, upkeep.Workspace, default);
        var wrong = PackedSteps.Pack([new(Day.AddHours(1).ToUnixTimeMilliseconds() * 1_000, 0, 1)]);
        await api.Store.ExecuteAsync(
            "update storefront_days set steps = $2 where workspace_id = $1 and day = (select min(day) from storefront_days where workspace_id = $1)",
            [upkeep.Workspace, wrong], default);

        await VerifyRun.OfAsync(workspace, 1);
        await CameAsync([2, 0, 0, 0, 0, 0], workspace, $"{Route}?from={At(0)}&to={At(48)}");
        await upkeep.RebuildAsync();

        await VerifyRun.OfAsync(workspace, 0);
        await CameAsync([2, 1, 0, 0, 0, 0], workspace, $"{Route}?from={At(0)}&to={At(48)}");
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task Every_range_in_every_zone_is_what_the_visitors_did_however_it_came_and_is_stored(int seed)
    {
        var (workspace, random) = (await api.NewWorkspaceAsync("Asia/Kathmandu"), new Random(seed));
        var told = Told(random, visitors: 2_500);
        var upkeep = await Upkeep.OfAsync(workspace);
        foreach (var (at, batch) in told.OrderBy(_ => random.Next()).Chunk(2_000).Index())
        {
            await workspace.IngestAsync(batch.Select(one => Event(one.Visitor, one.Step, one.At)));
            if (at % 2 == 0)
                await StepPacking.RunAsync(api.Store, upkeep.Workspace, default);
        }

        await AgreeAsync(workspace, told, random);
        await VerifyRun.OfAsync(workspace, 0);
        await StepPacking.RunAsync(api.Store, upkeep.Workspace, default);
        await AgreeAsync(workspace, told, random);
        await upkeep.RebuildAsync();
        await AgreeAsync(workspace, told, random);
        await VerifyRun.OfAsync(workspace, 0);
    }

    static async Task AgreeAsync(WorkspaceClient workspace, List<(string Visitor, int Step, DateTimeOffset At)> told, Random random)
    {
        foreach (var zone in (string[])["UTC", "Asia/Kathmandu", "America/St_Johns"])
        {
            var from = Day.AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 4) / 10 * 10);
            var to = from.AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 6) / 10 * 10);
            var answer = await workspace.GetAsync($"{Route}?from={from:yyyy-MM-ddTHH:mm:ss.ffffff}Z&to={to:yyyy-MM-ddTHH:mm:ss.ffffff}Z&timezone={zone}");
            var (visitors, days) = Worked(told.Where(one => one.At >= from && one.At < to), TimeZoneInfo.FindSystemTimeZoneById(zone));

            Assert.Equal(visitors, Visitors(answer));
            foreach (var day in answer.GetProperty("daily").EnumerateArray())
                Assert.Equal(
                    days.GetValueOrDefault(day.GetProperty("date").GetString()!, new int[6]),
                    Steps.Select(step => day.GetProperty(step).GetInt32()));
        }
    }

    /// <summary>Visitor by visitor: who looks for the next step takes the first that comes.</summary>
    static (int[] Visitors, Dictionary<string, int[]> Days) Worked(
        IEnumerable<(string Visitor, int Step, DateTimeOffset At)> told, TimeZoneInfo zone)
    {
        var (visitors, days) = (new int[6], new Dictionary<string, int[]>());
        foreach (var visitor in told.GroupBy(one => one.Visitor))
        {
            var next = 0;
            foreach (var one in visitor.OrderBy(one => one.At).ThenBy(one => one.Step))
                if (one.Step == next)
                {
                    visitors[next]++;
                    var day = TimeZoneInfo.ConvertTime(one.At, zone).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
                    if (!days.TryGetValue(day, out var of))
                        days[day] = of = new int[6];
                    of[next++]++;
                }
        }

        return (visitors, days);
    }

    /// <summary>Shuffled, repeated and missing steps, and some of one instant.</summary>
    static List<(string Visitor, int Step, DateTimeOffset At)> Told(Random random, int visitors)
    {
        var told = new List<(string, int, DateTimeOffset)>();
        for (var visitor = 0; visitor < visitors; visitor++)
        {
            var at = Day.AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 7) / 10 * 10);
            for (var (step, last) = (0, random.Next(7)); step < last; step++)
                for (var times = random.Next(10) switch { 0 => 0, < 8 => 1, var more => more - 6 }; times > 0; times--)
                {
                    told.Add(($"v{visitor}", random.Next(8) == 0 ? random.Next(6) : step, at));
                    if (random.Next(4) > 0)
                        at = at.AddTicks(random.NextInt64(-TimeSpan.TicksPerHour, TimeSpan.TicksPerHour * 8) / 10 * 10);
                }
        }

        return told;
    }

    static async Task CameAsync(int[] expected, ApiClient client, string question) =>
        Assert.Equal(expected, Visitors(await client.GetAsync(question)));

    static int[] Visitors(JsonElement answer) =>
        [.. answer.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("visitors").GetInt32())];

    static string At(double hours) => Day.AddHours(hours).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);

    static JsonObject Step(string visitor, int step, double hours, string? customer = null) => Event(visitor, step, Day.AddHours(hours), customer);

    static JsonObject Event(string visitor, int step, DateTimeOffset at, string? customer = null)
    {
        var e = Some.Event($"storefront.{Steps[step]}", customer: customer, metadata: new JsonObject { ["visitor_id"] = visitor });
        e["timestamp"] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        return e;
    }
}
