using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Features.Requests;

/// <summary>Tests that need to know what time it is for the service, to the microsecond.</summary>
[CollectionDefinition]
public sealed class Stopped : ICollectionFixture<StoppedApi>;

/// <summary>The service on a store of its own, with a clock that nobody moves: what is today and what is not over yet is known.</summary>
public sealed class StoppedApi : IAsyncLifetime
{
    /// <summary>A Saturday, some weeks after Europe and Lebanon changed their clocks.</summary>
    public static readonly DateTimeOffset Now = new DateTimeOffset(2026, 11, 21, 12, 34, 56, TimeSpan.Zero).AddMicroseconds(789_012);

    readonly FakeTimeProvider clock = new(Now);

    public StoppedApi() => Api = new AnalyticsApi { Clock = clock };

    public AnalyticsApi Api { get; }

    public ValueTask InitializeAsync() => Api.InitializeAsync();

    public async ValueTask DisposeAsync() => await clock.RunAsync(Api.DisposeAsync().AsTask());
}
