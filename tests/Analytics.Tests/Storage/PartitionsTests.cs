using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tests.Commands;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

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
                await Until.HoldsAsync(() => IsMadeAsync(partitions, today.AddYears(-year)), "They are not made.");
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

    [Fact]
    public async Task A_month_of_more_than_ten_years_ago_stays_as_long_as_a_workspace_keeps_it()
    {
        var (partitions, longAgo) = (api.Services.GetRequiredService<Partitions>(), Now.AddYears(-11));
        var cancel = TestContext.Current.CancellationToken;
        await partitions.MakeAsync(DateOnly.FromDateTime(longAgo.UtcDateTime), cancel);
        var workspace = await api.NewWorkspaceAsync(retentionDays: 36_500);
        await workspace.IngestAsync(Some.Event(at: longAgo));

        await api.Services.GetRequiredService<Retention>().RunAsync(Now, cancel);

        Assert.Equal(1, await CountAsync(workspace));
        Assert.Contains($"events_{longAgo:yyyy_MM}", await NamesAsync(api));
        await VerifyRun.OfAsync(workspace, 0);

        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { retention_days = 365 });
        await api.Services.GetRequiredService<Retention>().RunAsync(Now, cancel);

        Assert.Equal(0, await CountAsync(workspace));
        Assert.DoesNotContain($"events_{longAgo:yyyy_MM}", await NamesAsync(api));
        await VerifyRun.OfAsync(workspace, 0);
    }

    /// <summary>Whoever reads for long keeps the default partition, which a new one wants for itself for a moment.</summary>
    [Fact]
    public async Task A_partition_that_waits_for_a_long_reader_gives_way_to_all_others()
    {
        var partitions = api.Services.GetRequiredService<Partitions>();
        var (month, cancel) = (DateOnly.FromDateTime(Now.UtcDateTime).AddYears(-9), TestContext.Current.CancellationToken);
        await using var reader = await api.Store.OpenConnectionAsync(cancel);
        await using var reading = await reader.BeginTransactionAsync(cancel);
        await reader.ScalarAsync<long>("select count(*) from events", [], cancel);

        var making = partitions.MakeAsync(month, cancel);
        await Until.HoldsAsync(async () => making.IsCompleted || await api.Store.ScalarAsync<bool>(
            "select exists (select from pg_locks where relation = 'events_default'::regclass and not granted)", [], cancel), "Nobody waits.");

        await api.Store.ScalarAsync<long>("select count(*) from events", [], cancel);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => making);
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, refusal.SqlState);
        await reading.CommitAsync(cancel);
        await Until.HoldsAsync(() => IsMadeAsync(partitions, month), "It is not made.");
        Assert.Contains($"events_{month:yyyy_MM}", await NamesAsync(api));
    }

    // Whoever is held up in the middle of a commit is not waited for; what was made by then stays.
    static async Task<bool> IsMadeAsync(Partitions partitions, DateOnly month)
    {
        try
        {
            await partitions.MakeAsync(month, TestContext.Current.CancellationToken);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    static async Task<int> CountAsync(WorkspaceClient workspace) =>
        (await workspace.GetAsync("/api/events")).GetProperty("data").GetArrayLength();

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
