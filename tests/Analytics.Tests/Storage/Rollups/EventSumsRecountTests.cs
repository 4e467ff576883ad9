using Analytics.Storage.Facts;
using Analytics.Tests.Commands;
using Analytics.Time;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>Raw events are counted anew in two ways: with their numeric fields, and more quickly without.</summary>
public sealed class EventSumsRecountTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Start = new(2026, 2, 25, 0, 0, 0, TimeSpan.Zero);

    [Theory, InlineData(0, 40 * 24 * 60), InlineData(3 * 24 * 60, 30 * 24 * 60), InlineData(11 * 24 * 60, 11 * 24 * 60)]
    public async Task Without_fields_they_count_as_with_them(int fromMinute, int toMinute)
    {
        var workspace = await api.NewWorkspaceAsync();
        await new RandomLife(workspace, fromMinute + 1).LiveAsync(300);
        var number = await RandomLife.KeyOfAsync(workspace);
        var (from, to) = (Rfc3339.Microseconds(Start.AddMinutes(fromMinute)) + 17, Rfc3339.Microseconds(Start.AddMinutes(toMinute)) + 18);

        var quick = await CountAsync(number, from, to, withValues: false);

        Assert.Equal(await CountAsync(number, from, to, withValues: true), quick);
        Assert.Equal(toMinute - fromMinute > 1, quick.Count > 0);
    }

    async Task<SortedDictionary<FactKey, string>> CountAsync(int workspace, long from, long to, bool withValues)
    {
        var cells = await Recounted.CellsAsync(api.Store, EventFacts.Section, (reading, take) =>
            new(reading, workspace, from, to, take) { Only = EventFacts.Section, HasValues = withValues });
        return new(cells.ToDictionary(one => one.Key, one => string.Join(
            ' ', EventFacts.Section.Sums.Select((_, sum) => one.Value[sum]).Append(one.Value.FirstTime).Append(one.Value.LastTime))));
    }
}
