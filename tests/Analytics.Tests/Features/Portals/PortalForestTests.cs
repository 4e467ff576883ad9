using System.Text.Json;
using Analytics.Storage.Verification;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Portals;

/// <summary>
/// A portal key's world is the forest of its customer's events: whatever traces they are part of, it is shown what a recount of that
/// forest gives.
/// </summary>
public sealed class PortalForestTests(AnalyticsApi api)
{
    static readonly string[] Sorts = ["root_id", "parent_id", "pending_parent_id", "child_count", "descendant_count", "-descendant_count"];

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Answers_are_those_of_a_recount_of_its_customers_events(int seed)
    {
        var workspace = await api.NewWorkspaceAsync(retentionDays: 3650);
        var upkeep = await Upkeep.OfAsync(workspace);
        var traces = await MixedTraces.OfAsync(workspace, seed);

        await traces.SendAsync(250);
        await AssertAsync(traces, "right after ingestion");
        await upkeep.CompactAsync();
        await AssertAsync(traces, "compacted");
        await traces.RegisterAsync("size");
        await upkeep.RegisteredAsync("size");
        await traces.SendAsync(250);
        await AssertAsync(traces, "more events over runs");
        await upkeep.CompactAsync();
        await upkeep.RebuildAsync();
        await AssertAsync(traces, "rebuilt");
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace));

        await traces.EraseAsync();
        await traces.SendAsync(50);
        await AssertAsync(traces, "after another customer was erased");
        await upkeep.RebuildAsync();
        await AssertAsync(traces, "rebuilt after the erasure");
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace));
    }

    static async Task AssertAsync(MixedTraces traces, string moment)
    {
        foreach (var (portal, customer) in traces.Portals)
        {
            var forest = await Forest.OfAsync(traces.Workspace, customer);
            var lines = forest.Lines();
            var ordered = lines.Order().ToList();
            Assert.Equal(lines, (await ListedAsync(portal, "")).Select(Shown));
            foreach (var sort in Sorts)
            {
                var rows = await ListedAsync(portal, $"&sort={sort}");
                Assert.Equal(ordered, rows.Select(Shown).Order());
                if (!sort.StartsWith('-'))
                    AssertSorted(rows, sort);
            }

            foreach (var field in (string[])["_cost.amount", "size", "unheard.of"])
            {
                var (recounted, told) = (forest.Statistics(field), await StatisticsAsync(portal, field));
                Assert.True(recounted == told, $"{moment}: {field} should be {recounted}, is {told}");
            }

            foreach (var (e, line) in forest.Events.Zip(lines).Take(5))
                Assert.Equal(line, Shown(await portal.GetAsync($"/api/events/{e.Id}?aggregate_fields=_cost.amount")));
        }

        Assert.All(await Forest.OfPortalsAsync(traces.Workspace, [.. traces.Portals.Select(portal => portal.Customer)]), line => Assert.True(line.IsOwn, $"{moment}: {line} hangs on another's event"));
    }

    static async Task<List<JsonElement>> ListedAsync(ApiClient portal, string query) => [.. (await portal.GetAsync(
        $"/api/events?source=user&limit=1000&aggregate_fields=_cost.amount{query}")).GetProperty("data").EnumerateArray()];

    // Those that have the field are in its order, the others come last.
    static void AssertSorted(List<JsonElement> rows, string member)
    {
        var values = rows.ConvertAll(row => row.GetProperty(member));
        var there = values.TakeWhile(value => value.ValueKind != JsonValueKind.Null).ToList();
        Assert.All(values.Skip(there.Count), value => Assert.Equal(JsonValueKind.Null, value.ValueKind));
        Assert.All(there.Zip(there.Skip(1)), pair => Assert.True(
            pair.First.ValueKind == JsonValueKind.Number
                ? pair.First.GetInt64() <= pair.Second.GetInt64()
                : string.CompareOrdinal(pair.First.GetString(), pair.Second.GetString()) <= 0,
            $"{member}: {pair.First} is before {pair.Second}"));
    }

    static string Shown(JsonElement row) => Forest.Line(
        row.GetProperty("id").GetGuid(), Id(row, "parent_id"), Id(row, "root_id"), row.GetProperty("pending_parent_id").GetString(),
        row.GetProperty("child_count").GetInt32(), row.GetProperty("descendant_count").GetInt32(),
        row.GetProperty("aggregates").GetProperty("_cost.amount").GetString()!);

    static async Task<string> StatisticsAsync(ApiClient portal, string field) => string.Join('\n', (await portal.GetAsync(
        "/api/events/statistics/timeseries?start_date=2026-03-01&end_date=2026-03-31&interval=day&sort=name&aggregate_fields=" + field))
        .GetProperty("periods").EnumerateArray().SelectMany(period => period.GetProperty("stats").EnumerateArray()
            .Where(row => row.GetProperty("occurrences").GetInt32() > 0)
            .Select(row => Forest.Line(
                period.GetProperty("timestamp").GetString()![..10], row.GetProperty("name").GetString()!,
                row.GetProperty("occurrences").GetInt32(), Measure(row, "totals"), Measure(row, "p50"), Measure(row, "p99")))));

    static string Measure(JsonElement row, string name) => Assert.Single(row.GetProperty(name).EnumerateObject()).Value.GetString()!;

    static Guid? Id(JsonElement row, string member) =>
        row.GetProperty(member) is { ValueKind: JsonValueKind.String } id ? id.GetGuid() : null;
}
