using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage.Facts;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Statistics;

/// <summary>Answers that are added up in many pieces, groups of names by some buckets, are those that one piece would give.</summary>
public sealed class ManyNamesTests(AnalyticsApi api)
{
    const string Route = "/api/events/statistics/timeseries";
    const int Names = 3_400;
    const int Days = 29;

    [Fact]
    public async Task They_are_added_up_group_by_group()
    {
        var workspace = await api.NewWorkspaceAsync();
        // Each name has a root of its own cost on a day of its own, and one for all of them on the last day, with a child.
        foreach (var names in Enumerable.Range(0, Names).Chunk(1_000))
            await workspace.IngestAsync(names.SelectMany(at => (JsonNode[])[Root(at, Day(at), at + 1), Root(at, Days - 1, 10, $"r{at}"), Child($"r{at}")]));
        await (await Upkeep.OfAsync(workspace)).CompactAsync();
        await workspace.IngestAsync(Root(0, 0, 1_000_000));
        var fields = string.Concat(FieldCatalogue.BuiltIn.Select(field => $"&aggregate_fields={field}"));
        var question = $"{Route}?start_date=2026-03-01&end_date=2026-03-{Days}&interval=day&sort=name{fields}";

        var answer = await workspace.GetAsync(question);
        var fromRaw = await workspace.GetAsync($"{question}&metadata[all]=true");

        Assert.Equal(answer.GetRawText(), fromRaw.GetRawText());
        var periods = answer.GetProperty("periods").EnumerateArray().Select(period => Rows(period, "stats")).ToList();
        var totals = Rows(answer, "totals");
        Assert.Equal((Days, Names), (periods.Count, totals.Length));
        for (var at = 0; at < Names; at++)
        {
            var total = totals[at];
            Assert.Equal($"n{at:0000}", total.GetProperty("name").GetString());
            var once = at + 1 + (at == 0 ? 1_000_000 : 0);
            Assert.Equal((at == 0 ? 3 : 2, 1), (total.GetProperty("occurrences").GetInt32(), total.GetProperty("customers").GetInt32()));
            Assert.Equal($"{once + 12}", Cost(total, "totals"));
            Assert.Equal($"{once}", Cost(periods[Day(at)][at], "totals"));
            Assert.Equal("12", Cost(periods[^1][at], "p50"));
            Assert.Equal("0", Cost(periods[(Day(at) + 1) % (Days - 1)][at], "totals"));
        }
    }

    [Fact]
    public async Task They_are_sorted_over_all_groups()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var names in Enumerable.Range(0, 12_000).Chunk(6_000))
            await workspace.IngestAsync(names.Select(at => Root(at, 0, (at * 7_919) % 12_000)));

        var answer = await workspace.GetAsync($"{Route}?start_date=2026-03-01&end_date=2026-03-02&interval=day");

        var costs = answer.GetProperty("totals").EnumerateArray().Select(row => int.Parse(Cost(row, "totals"))).ToList();
        Assert.Equal(Enumerable.Range(0, 12_000).Reverse(), costs);
    }

    // A place in a list is looked for from its start.
    static JsonElement[] Rows(JsonElement holder, string list) => [.. holder.GetProperty(list).EnumerateArray()];

    // Never the last day, which all of them have.
    static int Day(int name) => name % (Days - 1);

    static JsonObject Root(int name, int day, decimal cost, string? externalId = null) => Some.Event(
        $"n{name:0000}", At(day), externalId, $"c{name}", cost: cost, metadata: new() { ["all"] = true });

    static JsonObject Child(string parent) => Some.Event("step", At(0), parent: parent, cost: 2);

    static DateTimeOffset At(int day) => new(2026, 3, 1 + day, 12, 0, 0, TimeSpan.Zero);

    static string Cost(JsonElement row, string measure) => row.GetProperty(measure).GetProperty("_cost_amount").GetString()!;
}
