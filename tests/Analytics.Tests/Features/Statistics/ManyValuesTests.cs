using System.Numerics;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Statistics;

/// <summary>Where there are too many values to keep each of them, percentiles are near; sums stay exact to the last digit.</summary>
public sealed class ManyValuesTests(AnalyticsApi api)
{
    [Fact]
    public async Task Percentiles_of_many_values_are_within_one_percent_whatever_became_of_them()
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 3650);
        var upkeep = await Upkeep.OfAsync(workspace);
        var (world, random) = (new World(), new Random(5));
        var agreement = new Agreement(workspace, world);
        var questions = new[] { "day", "week", "month", "year" }.Select(interval =>
            new Question(interval == "day" ? "Asia/Kathmandu" : "UTC", interval, new(2026, 2, 1), new(2026, interval == "day" ? 3 : 6, 20))).ToList();
        var customers = questions.ConvertAll(question => question with { ExternalCustomers = ["p1", "p2"] });
        await TellAsync(workspace, world, Roots(random, 0, 2500));
        await agreement.AssertAsync("many", [.. questions, .. customers]);
        await upkeep.CompactAsync();
        await agreement.AssertAsync("many, compacted", questions);

        // A child that comes late takes its root's old value out and puts the new one in.
        await TellAsync(workspace, world, [.. Roots(random, 10_000, 800).Select(e => e with { Parent = $"r{random.Next(2500)}" })]);
        await agreement.AssertAsync("many with late children", [.. questions, .. customers]);
        await upkeep.CompactAsync();
        await TellAsync(workspace, world, Roots(random, 2500, 500));
        await agreement.AssertAsync("many, compacted with late children", [.. questions, .. customers]);
        await upkeep.RebuildAsync();
        await agreement.AssertAsync("many, rebuilt", [.. questions, .. customers]);
        await agreement.AssertAsync("many, raw", questions.Select(question => question with { Metadata = [("kind", "any")] }));
    }

    [Fact]
    public async Task Sums_of_costs_with_twelve_decimals_are_exact()
    {
        var workspace = await api.NewWorkspaceAsync();
        var random = new Random(6);
        var amounts = Enumerable.Range(0, 2000).Select(_ => random.Next(4) == 0
            ? "999999999.999999999999"
            : $"{(random.Next(4) == 0 ? "-" : "")}{random.NextInt64(1_000_000_000)}.{random.NextInt64(1_000_000_000_000):d12}").ToList();
        var events = amounts.Select((amount, at) => new ToldEvent($"e{at}", "task.done", Some.Day.AddMinutes(at % 1000))
        {
            ExternalCustomerId = $"p{at % 7}",
            Parent = at % 4 == 0 ? null : $"e{at / 4 * 4}",
            Metadata = Metadata(at % 2 == 0 ? amount : $"\"{amount}\""),
        }).ToArray();
        random.Shuffle(events);
        var world = new World();
        foreach (var batch in events.Chunk(300))
            await TellAsync(workspace, world, batch);

        var expected = Units.Show(amounts.Aggregate(BigInteger.Zero, (sum, amount) => sum + Units.OfNumber(amount)!.Value));
        var answer = await workspace.GetAsync("/api/events/statistics/timeseries?start_date=2026-03-11&end_date=2026-03-11&interval=day");
        Assert.Equal(expected, answer.GetProperty("totals")[0].GetProperty("totals").GetProperty("_cost_amount").GetString());
        await new Agreement(workspace, world).AssertAsync("exact", [new Question("UTC", "hour", new(2026, 3, 11), new(2026, 3, 11))]);

        var roots = (await workspace.GetAsync("/api/events?root=true&limit=1000&aggregate_fields=_cost.amount")).GetProperty("data").EnumerateArray()
            .ToDictionary(row => row.GetProperty("external_id").GetString()!, row => row.GetProperty("aggregates").GetProperty("_cost.amount").GetString());
        Assert.Equal(world.Traces().ToDictionary(trace => trace.Root.ExternalId, trace => Units.Show(trace.Total("_cost.amount"))), roots!);
    }

    static ToldEvent[] Roots(Random random, int first, int count) => [.. Enumerable.Range(first, count).Select(at =>
        new ToldEvent($"r{at}", at % 5 == 0 ? "rare" : "often", Some.Day.AddDays(random.Next(-30, 30)).AddMinutes(random.Next(1440)))
        {
            ExternalCustomerId = $"p{random.Next(5)}",
            Metadata = Metadata(RandomMetadata.Amount(random)),
        })];

    static string Metadata(string amount) => $"{{\"kind\":\"any\",\"_cost\":{{\"amount\":{amount},\"currency\":\"usd\"}}}}";

    static async Task TellAsync(WorkspaceClient workspace, World world, ToldEvent[] events)
    {
        Assert.All(events, told => Assert.True(world.Tell(told)));
        var answer = await workspace.IngestAsync(events.Select(told => told.ToJson()));
        Assert.Equal(events.Length, answer.GetProperty("inserted").GetInt32());
    }
}
