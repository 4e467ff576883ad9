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
    public async Task What_one_node_stores_comes_from_the_other_with_redis_and_without()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OpenAsync(reading.Of(workspace), $"/api/stream/workspaces/{workspace.Id}");

        output.WriteLine($"without Redis {await MedianAsync(0):0} ms");
        await redis.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(7));
        var median = await MedianAsync(100);
        output.WriteLine($"with Redis {median:0} ms");
        Assert.InRange(median, 0, 200);
        await redis.KillAsync();
        output.WriteLine($"after its death {await MedianAsync(200):0} ms");

        async Task<double> MedianAsync(int first)
        {
            var delays = new List<double>();
            for (var n = first; n < first + 7; n++)
            {
                await Ingest(workspace, n, 1);
                var clock = Stopwatch.StartNew();
                Assert.Equal(n, (await stream.NextAsync()).Number);
                delays.Add(clock.Elapsed.TotalMilliseconds);
                Assert.InRange(delays[^1], 0, 2_000);
                await Task.Delay(30);
            }

            return delays.Order().ElementAt(3);
        }
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
            await Task.Delay(Random.Shared.Next(300, 1_500));
            await redis.KillAsync();
            await Task.Delay(Random.Shared.Next(300, 1_500));
            await redis.StartAsync();
        }

        await Task.Delay(500);
        await over.CancelAsync();
        await load;
        foreach (var reader in readers)
            Assert.Equal(Enumerable.Range(firstSeen, written - firstSeen), await reader);
        output.WriteLine($"{written} events, {Rounds} kills");

        // Comes back with its id every now and then, in the end once more to see that nothing is left.
        async Task<List<int>> FollowAsync(string cursor)
        {
            var seen = new List<int>();
            var (clock, silent) = (Stopwatch.StartNew(), false);
            while (!load.IsCompleted || seen.LastOrDefault() != written - 1)
            {
                // The writer may have ended right after the last one that was seen.
                Assert.True(!silent || clock.Elapsed < OpenStream.Patience, $"Nothing came after {seen.LastOrDefault()}.");
                await using var stream = await OpenStream.OpenAsync(reading.Of(workspace), path, cursor);
                for (var until = Random.Shared.Next(50, 800); until > 0; until--)
                {
                    var message = await stream.NextWithinAsync(TimeSpan.FromSeconds(2));
                    silent = message is null;
                    if (message is null)
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
    public async Task No_reader_ever_sees_another_workspaces_event()
    {
        // ANALYTICS_FAULTS=10 makes it a thousand workspaces for half a minute.
        var (count, seconds) = Rounds >= 10 ? (1_000, 30) : (60, 5);
        await redis.StartAsync();
        var workspaces = new WorkspaceClient[count];
        for (var at = 0; at < count; at++)
            workspaces[at] = await api.NewWorkspaceAsync();
        var clock = Stopwatch.StartNew();
        var received = new ConcurrentDictionary<Guid, int>();
        var written = 0;
        var people = Enumerable.Range(0, 24).Select(who => Task.Run(() => who % 3 == 0 ? WriteAsync() : ReadAsync())).ToList();
        await Task.WhenAll(people);
        output.WriteLine($"{written} events written, {received.Values.Sum()} read in {received.Count} workspaces");
        Assert.NotEmpty(received);

        async Task WriteAsync()
        {
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var workspace = workspaces[Random.Shared.Next(count)];
                await Ingest(workspace, 0, Random.Shared.Next(1, 20));
                Interlocked.Increment(ref written);
            }
        }

        async Task ReadAsync()
        {
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var open = new List<(WorkspaceClient Workspace, OpenStream Stream)>();
                for (var n = 0; n < 10; n++)
                {
                    var workspace = workspaces[Random.Shared.Next(count)];
                    var node = Random.Shared.Next(2) == 0 ? reading : writing;
                    open.Add((workspace, await OpenStream.OpenAsync(node.Of(workspace), $"/api/stream/workspaces/{workspace.Id}")));
                }

                await Task.Delay(Random.Shared.Next(100, 900));
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
