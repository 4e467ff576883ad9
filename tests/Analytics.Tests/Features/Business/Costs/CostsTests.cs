using System.Globalization;
using System.Text.Json;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Costs;

/// <summary>Costs and revenue, as asked and as they are worked out from all events at once, whatever the order in which these came.</summary>
public sealed class CostsTests(AnalyticsApi api)
{
    const string Route = "/api/v1/analytics/cogs";
    static readonly DateTimeOffset From = Some.Day;
    static readonly TimeSpan Length = TimeSpan.FromDays(3);

    [Theory, InlineData(1, false), InlineData(2, false), InlineData(3, true)]
    public async Task Every_grouping_is_what_the_events_say_however_they_come_and_are_stored(int seed, bool areSentTogether)
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var (random, registered) = (new RandomCosts(seed), await workspace.NewCustomerAsync("c0", "Zero & Co."));
        var events = random.Events(250, From, Length);
        var sending = new ParallelOptions { MaxDegreeOfParallelism = areSentTogether ? 4 : 1 };
        await Parallel.ForEachAsync(random.Shuffled(events).Chunk(1 + (seed * 6)), sending, async (batch, _) =>
            await workspace.IngestAsync(batch.Select((e, at) => e.ToJson(e.Customer == "c0" && at % 2 == 0 ? registered : null))));
        var (upkeep, model) = (await Upkeep.OfAsync(workspace), new CostModel(events));

        await AgreeAsync(workspace, model);
        await VerifyRun.OfAsync(workspace, 0);
        await upkeep.CompactAsync();
        await upkeep.CompactAsync();
        await AgreeAsync(workspace, model);
        await VerifyRun.OfAsync(workspace, 0);
        await upkeep.RebuildAsync();
        await AgreeAsync(workspace, model);
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task More_rows_than_anybody_reads_are_not_answered()
    {
        var workspace = await api.NewWorkspaceAsync();
        // Few categories and products, and all their combinations.
        const int Categories = 201;
        foreach (var some in Enumerable.Range(0, Categories).Chunk(20))
            await workspace.IngestAsync(
                from category in some
                from product in Enumerable.Range(0, 500)
                select Some.Event(at: From, cost: 0.01m, metadata: new() { ["cost_category"] = $"k{category}", ["product_id"] = $"p{product}" }));
        var times = "from=2026-03-01&to=2026-04-01";
        var refused = await workspace.GetAsync($"{Route}?groupBy=category&groupBy=product&{times}", 400);
        Assert.Equal("groupBy", refused.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal(Categories, (await workspace.GetAsync($"{Route}?groupBy=category&{times}")).GetProperty("rows").GetArrayLength());
        var products = string.Concat(Enumerable.Range(0, 50).Select(product => $"&product=p{product}"));
        var read = (await workspace.GetAsync($"{Route}?groupBy=category&groupBy=product{products}&{times}")).GetProperty("rows");
        Assert.Equal(50 * Categories, read.GetArrayLength());
        Assert.Equal("""{"category":"k0","product":"p0"}""", read[0].GetProperty("key").GetRawText());
    }

    [Fact]
    public async Task Of_twenty_thousand_customers_each_has_its_own()
    {
        var workspace = await api.NewWorkspaceAsync();
        const int Customers = 20_000;
        foreach (var some in Enumerable.Range(1, Customers).Chunk(5_000))
            await workspace.IngestAsync(some.Select(number => Some.Event(customer: $"c{number}", at: From, cost: number)));
        // A slot of so many people takes several pages of a run.
        await (await Upkeep.OfAsync(workspace)).CompactAsync();

        var read = await workspace.GetAsync($"{Route}?groupBy=customer&from=2026-03-01&to=2026-04-01");

        Assert.Equal(
            Enumerable.Range(1, Customers).Reverse().Select(number => ($"c{number}", (decimal)number)),
            read.GetProperty("rows").EnumerateArray()
                .Select(row => (row.GetProperty("key").GetString()!, row.GetProperty("costCents").GetDecimal())));
    }

    static async Task AgreeAsync(WorkspaceClient workspace, CostModel model)
    {
        var whole = (From, To: From + Length);
        foreach (var group in CostModel.Groups)
        {
            await AgreeAsync(workspace, model, whole, [group]);
            foreach (var other in CostModel.Groups.Where(other => other != group))
                await AgreeAsync(workspace, model, whole, [group, other]);
        }

        foreach (var several in (string[][])[["vendor", "model", "category"], ["category", "customer", "subscription"], CostModel.Groups])
            await AgreeAsync(workspace, model, whole, several);

        var cut = (From.AddHours(7).AddTicks(123_450), From.AddHours(50).AddTicks(10));
        foreach (var filter in (string[][])
            [
                ["customer=c0"], ["customer=c1", "customer=c2"], ["product=p%20%22%C3%A90"], ["vendor=openai"], ["model=opus"], ["category=k1"],
                ["subscription=s1", "subscription=s2"], ["customer=c3", "product=p%20%22%C3%A91"], ["subscription=s0", "category=k0"],
                ["customer=nobody"],
            ])
            foreach (var groups in (string[][])[["customer"], ["product"], ["customer", "subscription"], ["vendor"]])
                await AgreeAsync(workspace, model, cut, groups, filter);
    }

    static async Task AgreeAsync(
        WorkspaceClient workspace, CostModel model, (DateTimeOffset From, DateTimeOffset To) range, string[] groups, params string[] filters)
    {
        var query = string.Join('&', groups.Select(group => $"groupBy={group}").Concat(filters)
            .Append($"from={range.From.UtcDateTime:O}&to={range.To.UtcDateTime:O}"));
        var answer = await workspace.GetAsync($"{Route}?{query}");
        var facts = model.Facts.Where(fact => fact.At >= range.From && fact.At < range.To && Matches(fact, filters)).ToList();
        var hasRevenue = !groups.Concat(filters.Select(filter => filter.Split('=')[0])).Any(name => name is "vendor" or "model" or "category");
        if (!hasRevenue)
            facts.RemoveAll(fact => !fact.IsCost);

        Assert.Equal(CostModel.Rows(facts, groups, hasRevenue), Rows(answer, groups));
        Assert.Equal(CostModel.Words(facts, hasRevenue), Words(answer.GetProperty("totals")));
        var offset = TimeSpan.FromMinutes((5 * 60) + 45);
        Assert.Equal(
            Enumerable.Range(0, 1 + (range.To.AddTicks(-1) + offset).UtcDateTime.Date.Subtract((range.From + offset).UtcDateTime.Date).Days)
                .Select(day => (range.From + offset).UtcDateTime.Date.AddDays(day))
                .Select(day => string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} ")
                    + CostModel.Words(facts.Where(fact => (fact.At + offset).UtcDateTime.Date == day), hasRevenue, isPoint: true)),
            answer.GetProperty("trend").EnumerateArray().Select(point => $"{point.GetProperty("date").GetString()} {Words(point, isPoint: true)}"));
    }

    static bool Matches(CostFact fact, string[] filters) => filters.GroupBy(filter => filter.Split('=')[0], filter => filter.Split('=')[1])
        .All(filter => filter.Select(Uri.UnescapeDataString).Contains(fact.Groups[Array.IndexOf(CostModel.Groups, filter.Key)]));

    static IEnumerable<string> Rows(JsonElement answer, string[] groups) => answer.GetProperty("rows").EnumerateArray().Select(row =>
    {
        var key = row.GetProperty("key");
        var words = groups is [_] ? key.GetString() ?? CostModel.None : string.Join('/', groups.Select(group => key.GetProperty(group).GetString() ?? CostModel.None));
        return $"{words} {Words(row)}";
    });

    static string Words(JsonElement sums, bool isPoint = false)
    {
        string[] members = ["costCents", "revenueCents", "marginCents", "marginPercent"];
        return string.Join(' ', members[..(isPoint ? 3 : 4)].Select(member => sums.GetProperty(member).GetRawText()));
    }
}
