using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Tests.Commands;
using Analytics.Time;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>
/// A question about some people that cuts a quarter hour counts the raw facts of these people only: the same as it finds of them among
/// everybody's.
/// </summary>
public sealed class PeoplesRecountTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Start = new(2026, 2, 25, 0, 0, 0, TimeSpan.Zero);
    static readonly (long From, long To) Cut = (Microseconds(3, 17), Microseconds(36, 18));

    [Theory, InlineData(true), InlineData(false)]
    public async Task Their_events_are_counted_alike(bool withValues) =>
        await AlikeAsync(await LifeAsync(), EventFacts.Section, withValues);

    [Fact]
    public async Task Their_usage_is_counted_alike() => await AlikeAsync(await LifeAsync(), UsageFacts.People);

    [Fact]
    public async Task Their_requests_are_counted_alike() => await AlikeAsync(await LifeAsync(), RequestFacts.Section);

    [Fact]
    public async Task What_they_pay_by_shares_of_others_is_left_to_who_counts_everybody()
    {
        var workspace = await LifeAsync();
        var all = await CountAsync(workspace, CostFacts.Section, null);

        Assert.NotEmpty(all);
        Assert.Equal(all, await CountAsync(workspace, CostFacts.Section, [all.First().Key.First]));
    }

    async Task AlikeAsync(int workspace, Section section, bool withValues = true)
    {
        var place = section.PlaceOf(Dimension.Person);
        var all = await CountAsync(workspace, section, null, withValues);
        int[] everybody = [.. all.Keys.Select(key => key.At(place)).Distinct().Order()];
        // Nobody is one of them.
        foreach (var some in (int[][])[[everybody[0]], [.. everybody.Where((_, at) => at % 2 == 0)], everybody, [int.MaxValue]])
        {
            var ofThem = await CountAsync(workspace, section, some, withValues);

            Assert.Equal(all.Where(one => some.Contains(one.Key.At(place))), ofThem);
        }

        Assert.Equal(section != UsageFacts.People, everybody[0] == 0);
        Assert.True(everybody.Length > 3, $"There are {everybody.Length} people.");
    }

    async Task<int> LifeAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.PostAsync("/api/v1/billable-units", new
        {
            key = "cost", name = "Cost", unitLabel = "cents", aggregation = "SUM", eventName = "task.done", field = "_cost.amount",
        }, 201);
        await new RandomLife(workspace, 7).LiveAsync(300);
        var random = new Random(8);
        await workspace.PostAsync("/api/requests/ingest", new
        {
            requests = Enumerable.Range(0, 200).Select(at => new
            {
                method = "GET", path = "/orders", statusCode = 200 + (at % 3), latencyMs = at, timestamp = Start.AddMinutes(random.Next(57_600)),
                customerId = at % 5 == 0 ? null : $"person-{random.Next(8)}",
            }),
        });
        return await RandomLife.KeyOfAsync(workspace);
    }

    async Task<SortedDictionary<FactKey, string>> CountAsync(int workspace, Section section, int[]? people, bool withValues = true)
    {
        var cells = await Recounted.CellsAsync(api.Store, section, (reading, take) =>
            new(reading, workspace, Cut.From, Cut.To, take) { Only = section, People = people, HasValues = withValues });
        return new(cells.ToDictionary(one => one.Key, one => TextOf(section, one.Value)));
    }

    // Sums, and what the distributions of fields come to.
    static string TextOf(Section section, Cell cell)
    {
        var fields = new List<string>();
        foreach (var totals in cell.Fields)
            fields.Add($"{totals.Field}: {totals.Sum} ({string.Join(' ', totals.Values.Entries())})");
        return string.Join(' ', section.Sums.Select((_, sum) => $"{cell[sum]}").Concat(fields));
    }

    static long Microseconds(int day, int more) => Rfc3339.Microseconds(Start.AddDays(day).AddMinutes(7)) + more;
}
