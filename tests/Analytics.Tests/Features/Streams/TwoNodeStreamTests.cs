using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Analytics.Tests.Features.Streams;

/// <summary>Two nodes on one Postgres and one Redis.</summary>
public sealed class TwoNodeStreamTests(AnalyticsApi api, ITestOutputHelper output) : IAsyncLifetime
{
    static readonly int Rounds = Tests.Faults.Faults.Rounds;

    readonly RedisServer redis = new();
    Node writing = null!;
    Node reading = null!;

    public async ValueTask InitializeAsync()
    {
        // Redis comes after them: they start without.
        writing = await Node.StartAsync(api, ("ConnectionStrings:Redis", redis.Address));
        reading = await Node.StartAsync(api, ("ConnectionStrings:Redis", redis.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await reading.DisposeAsync();
        await writing.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task Killing_redis_costs_no_event_and_no_write()
    {
        var workspace = await api.NewWorkspaceAsync();
        await redis.StartAsync();
        using var over = new CancellationTokenSource();
        var written = 0;
        var load = Task.Run(async () =>
        {
            for (; !over.IsCancellationRequested; written += 5)
            {
                await Ingest(workspace, written, 5);
                await Task.Delay(5);
            }
        });
        var path = $"/api/stream/workspaces/{workspace.Id}";
        var start = await OpenStream.OpenAsync(reading.Of(workspace), path + "?last_event_id=none");
        var reset = await start.NextAsync();
        var firstSeen = (await start.NextAsync()).Number;
        await start.DisposeAsync();
        var readers = Enumerable.Range(0, 5).Select(_ => Task.Run(() => FollowAsync(reset.Id!))).ToList();

        for (var round = 0; round < Rounds; round++)
        {
            await MoreAsync(Random.Shared.Next(100, 500));
            await redis.KillAsync();
            await MoreAsync(Random.Shared.Next(100, 500));
            await redis.StartAsync();
        }

        await MoreAsync(200);
        await over.CancelAsync();
        await load;
        foreach (var reader in readers)
            Assert.Equal(Enumerable.Range(firstSeen, written - firstSeen), await reader);
        output.WriteLine($"{written} events, {Rounds} kills");

        Task MoreAsync(int events)
        {
            var enough = Volatile.Read(ref written) + events;
            return Until.HoldsAsync(() => Volatile.Read(ref written) >= enough, "Nothing is written any more.");
        }

        // Comes back with its id every now and then, in the end once more to see that nothing is left.
        async Task<List<int>> FollowAsync(string cursor)
        {
            var seen = new List<int>();
            var clock = Stopwatch.StartNew();
            while (!load.IsCompleted || seen.LastOrDefault() != written - 1)
            {
                Assert.True(clock.Elapsed < Until.Patience, $"Nothing came after {seen.LastOrDefault()}.");
                await using var stream = await OpenStream.OpenAsync(reading.Of(workspace), path, cursor);
                for (var until = Random.Shared.Next(50, 800); until > 0; until--)
                {
                    // Now and then it has all there is.
                    if (await stream.NextUnlessEndedAsync(TimeSpan.FromMilliseconds(500)) is not { } message)
                        break;
                    Assert.Null(message.Event);
                    seen.Add(message.Number);
                    cursor = message.Id!;
                    clock.Restart();
                }
            }

            return seen;
        }
    }

    [Fact]
    public async Task The_other_nodes_log_tells_audit_records_within_a_second_and_killing_redis_loses_none()
    {
        var workspace = await api.NewWorkspaceAsync();
        await redis.StartAsync();
        await using var log = await Telling.LogAsync(reading.Of(workspace));
        await Ingest(workspace, 0, 1);
        await log.NextAsync();
        var clock = Stopwatch.StartNew();
        await Telling.TellAsync(writing.Services, workspace, 1);
        Assert.Equal(1, Telling.NumberOf(await log.NextAsync()));
        output.WriteLine($"{clock.ElapsedMilliseconds} ms");

        for (var round = 0; round < Rounds; round++)
        {
            await redis.KillAsync();
            await TellAsync(2 + round * 40);
            await redis.StartAsync();
            await TellAsync(22 + round * 40);
        }

        Assert.Equal(Enumerable.Range(2, Rounds * 40), (await log.TakeAsync(Rounds * 40)).Select(Telling.NumberOf));

        async Task TellAsync(int first)
        {
            for (var n = first; n < first + 20; n += 2)
            {
                await Telling.TellAsync(writing.Services, workspace, n);
                await Ingest(workspace, n + 1, 1);
            }
        }
    }

    [Fact]
    public async Task No_reader_ever_sees_another_workspaces_event()
    {
        // ANALYTICS_FAULTS=10 makes it a thousand workspaces and many more events.
        var (count, batches) = Rounds >= 10 ? (1_000, 12_000) : (60, 1_600);
        await redis.StartAsync();
        var workspaces = new WorkspaceClient[count];
        for (var at = 0; at < count; at++)
            workspaces[at] = await api.NewWorkspaceAsync();
        var received = new ConcurrentDictionary<Guid, int>();
        var written = 0;
        var people = Enumerable.Range(0, 24).Select(who => Task.Run(() => who % 3 == 0 ? WriteAsync() : ReadAsync())).ToList();
        await Task.WhenAll(people);
        output.WriteLine($"{written} batches written, {received.Values.Sum()} events read in {received.Count} workspaces");
        Assert.NotEmpty(received);

        async Task WriteAsync()
        {
            while (Interlocked.Increment(ref written) <= batches)
                await Ingest(workspaces[Random.Shared.Next(count)], 0, Random.Shared.Next(1, 20));
        }

        async Task ReadAsync()
        {
            while (Volatile.Read(ref written) < batches)
            {
                var open = new List<(WorkspaceClient Workspace, OpenStream Stream)>();
                for (var n = 0; n < 10; n++)
                {
                    var workspace = workspaces[Random.Shared.Next(count)];
                    var node = Random.Shared.Next(2) == 0 ? reading : writing;
                    open.Add((workspace, await OpenStream.OpenAsync(node.Of(workspace), $"/api/stream/workspaces/{workspace.Id}")));
                }

                var enough = Math.Min(batches, Volatile.Read(ref written) + Random.Shared.Next(40, 400));
                await Until.HoldsAsync(() => Volatile.Read(ref written) >= enough, "Nothing is written any more.");
                foreach (var (workspace, stream) in open)
                {
                    foreach (var message in stream.TakeAll())
                    {
                        Assert.Equal(workspace.Id, message.Json.GetProperty("workspace_id").GetGuid());
                        Assert.Equal(workspace.Id, message.Json.GetProperty("payload").GetProperty("workspace_id").GetGuid());
                        received.AddOrUpdate(workspace.Id, 1, (_, before) => before + 1);
                    }

                    await stream.DisposeAsync();
                }
            }
        }
    }

    Task<JsonElement> Ingest(WorkspaceClient workspace, int first, int events) =>
        writing.Of(workspace).PostAsync("/api/events/ingest", new { events = Numbered.Events(first, events) });
}
