using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Features.Streams;

/// <summary>How a node learns what another one stored, by a clock of both that stands still unless the test moves it.</summary>
public sealed class WakeUpTests(AnalyticsApi api)
{
    // A node looks by itself once in this time, so what it is not told of comes well within the second that is promised.
    static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(500);

    readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task What_one_node_stores_comes_from_the_other_with_redis_and_without()
    {
        await using var redis = new RedisServer();
        // Redis comes after them: they start without.
        await using var writing = await Node.StartAsync(api, clock, ("ConnectionStrings:Redis", redis.Address));
        await using var reading = await Node.StartAsync(api, clock, ("ConnectionStrings:Redis", redis.Address));
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OpenAsync(reading.Of(workspace), $"/api/stream/workspaces/{workspace.Id}");
        var sent = 0;

        await ComesByLookingAsync();
        await redis.StartAsync();
        await Until.HoldsAsync(ComesAtOnceAsync, "Redis tells nothing.");
        for (var n = 0; n < 7; n++)
        {
            await IngestAsync();
            Assert.Equal(sent, (await stream.NextAsync()).Number);
        }

        await redis.KillAsync();
        await ComesByLookingAsync();

        async Task ComesByLookingAsync()
        {
            for (var n = 0; n < 7; n++)
            {
                await IngestAsync();
                clock.Advance(LookPause);
                Assert.Equal(sent, (await stream.NextAsync()).Number);
            }
        }

        // The clock stands still meanwhile, so that nobody looks. Otherwise it moves on, for the nodes to try Redis again.
        async Task<bool> ComesAtOnceAsync()
        {
            await IngestAsync();
            if (await stream.NextWithinAsync(TimeSpan.FromMilliseconds(500)) is not null)
                return true;
            clock.Advance(LookPause);
            Assert.Equal(sent, (await stream.NextAsync()).Number);
            return false;
        }

        Task IngestAsync() => writing.Of(workspace).PostAsync("/api/events/ingest", new { events = Numbered.Events(++sent, 1) });
    }
}
