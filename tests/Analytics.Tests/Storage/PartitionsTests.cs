using Analytics.Storage.Schema;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage;

/// <summary>Months of facts come and go for all workspaces, so the service is one that nobody else uses at the same time.</summary>
public sealed class PartitionsTests(TimedApi timed) : IClassFixture<TimedApi>
{
    readonly AnalyticsApi api = timed.Api;

    DateTimeOffset Now => timed.Now;

    [Fact]
    public async Task Partitions_are_made_ahead_and_dropped_when_nobody_keeps_them()
    {
        var partitions = api.Services.GetRequiredService<Partitions>();
        var today = DateOnly.FromDateTime(Now.UtcDateTime);
        var cancel = TestContext.Current.CancellationToken;
        await partitions.MakeAsync(today, cancel);
        Assert.Contains($"events_{today.AddMonths(2):yyyy_MM}", await NamesAsync(api));
        Assert.Contains($"events_{today.AddDays(-365):yyyy_MM}", await NamesAsync(api));

        await partitions.MakeAsync(today.AddYears(-2), cancel);
        var old = $"events_{today.AddYears(-2):yyyy_MM}";
        Assert.Contains(old, await NamesAsync(api));

        await partitions.DropAsync(today, cancel);

        Assert.DoesNotContain(old, await NamesAsync(api));
        Assert.Contains($"events_{today:yyyy_MM}", await NamesAsync(api));
    }

    [Fact]
    public async Task Partitions_may_appear_while_events_for_them_are_written()
    {
        var workspace = await api.NewWorkspaceAsync();
        var partitions = api.Services.GetRequiredService<Partitions>();
        var cancel = TestContext.Current.CancellationToken;
        var today = DateOnly.FromDateTime(Now.UtcDateTime);

        var making = Task.Run(async () =>
        {
            for (var year = 3; year < 7; year++)
                await partitions.MakeAsync(today.AddYears(-year), cancel);
        }, cancel);
        var sent = 0;
        await timed.Clock.RunAsync(WriteAsync());
        await making;
        var counted = (await workspace.GetAsync("/api/event-types")).GetProperty("data")[0].GetProperty("occurrences").GetInt64();
        Assert.Equal(4 * sent, counted);

        async Task WriteAsync()
        {
            for (; !making.IsCompleted || sent == 0; sent++)
            {
                // Each round lies in a month nothing was written to before.
                var day = today.AddDays(-28 * (sent % 12));
                await workspace.IngestAsync(Enumerable.Range(3, 4).Select(year => Some.Event(at: new(day.AddYears(-year).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero))));
            }
        }
    }

    static async Task<List<string>> NamesAsync(AnalyticsApi api)
    {
        var names = new List<string>();
        await using var command = api.Store.CreateCommand("select inhrelid::regclass::text from pg_inherits where inhparent = 'events'::regclass");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            names.Add(row.GetString(0));
        return names;
    }
}
