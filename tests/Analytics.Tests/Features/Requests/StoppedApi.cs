using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Features.Requests;

/// <summary>Tests that need to know what time it is for the service, to the microsecond.</summary>
[CollectionDefinition]
public sealed class Stopped : ICollectionFixture<StoppedApi>;

/// <summary>The service on a store of its own, with a clock that hardly ever moves: what is today and what is not over yet is known.</summary>
public sealed class StoppedApi : IAsyncLifetime
{
    /// <summary>A Saturday, some weeks after Europe and Lebanon changed their clocks.</summary>
    public static readonly DateTimeOffset Now = new DateTimeOffset(2026, 11, 21, 12, 34, 56, TimeSpan.Zero).AddMicroseconds(789_012);

    public StoppedApi() => Api = new AnalyticsApi { Clock = Clock };

    /// <summary>For what the service does by itself and waits for in between.</summary>
    public FakeTimeProvider Clock { get; } = new(Now);

    public AnalyticsApi Api { get; }

    public ValueTask InitializeAsync() => Api.InitializeAsync();

    public async ValueTask DisposeAsync() => await Clock.RunAsync(Api.DisposeAsync().AsTask());
}
