using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests;

/// <summary>Tests that move a service's clock: they share it and run one after the other.</summary>
[CollectionDefinition]
public sealed class Timed : ICollectionFixture<TimedApi>;

/// <summary>
/// The service on a store of its own, with a clock that stands still until a test moves it. So nobody waits for it, and what
/// happens by itself was not waited for.
/// </summary>
public sealed class TimedApi : IAsyncLifetime
{
    /// <summary>After so long of the service's time rights that were taken away are gone everywhere.</summary>
    public static readonly TimeSpan RightsEnd = TimeSpan.FromSeconds(5);

    public TimedApi() => Api = new AnalyticsApi { Clock = Clock };

    public AnalyticsApi Api { get; }

    public FakeTimeProvider Clock { get; } = new(Some.Day.AddHours(9));

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Moves the clock to the next whole second, for tests of what is told in coarser units: others leave it anywhere.</summary>
    public void BeginSecond() => Clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerSecond - Now.Ticks % TimeSpan.TicksPerSecond));

    public ValueTask InitializeAsync() => Api.InitializeAsync();

    public async ValueTask DisposeAsync() => await Clock.RunAsync(Api.DisposeAsync().AsTask());
}

public static class RunningClock
{
    /// <summary>
    /// Lets the clock run until the task has ended, for what the service does with little pauses in between: some ten times as fast as time
    /// goes by, or no faster.
    /// </summary>
    public static async Task RunAsync(this FakeTimeProvider clock, Task task, bool isFast = true)
    {
        for (; !task.IsCompleted; await Task.WhenAny(task, Task.Delay(1)))
            clock.Advance(TimeSpan.FromMilliseconds(isFast ? 10 : 1));
        await task;
    }
}
