using Analytics.Features.Webhooks.Deliveries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>Tests of what webhooks are told and when: they share a clock and run one after the other.</summary>
[CollectionDefinition]
public sealed class Hooked : ICollectionFixture<HookedApi>;

/// <summary>
/// The service on a store of its own, whose clock stands still until a test moves it, and whose webhooks may go to receivers on 127.0.0.2:
/// everything else of this machine is closed to them, as it is without a setting.
/// </summary>
public sealed class HookedApi : IAsyncLifetime
{
    public const string Open = "127.0.0.2/32";

    public HookedApi() => Api = new AnalyticsApi { Clock = Clock, Settings = { ["Analytics:WebhookAllowedNetworks"] = Open } };

    public AnalyticsApi Api { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Moves the clock, and has what is due by then sent. What happens every second in between does not.</summary>
    public void Pass(TimeSpan time)
    {
        Clock.AdjustTime(Now + time);
        Look();
    }

    /// <summary>Has webhooks looked at now.</summary>
    public void Look() => Api.Services.GetRequiredService<WebhookSender>().Wake();

    public ValueTask InitializeAsync() => Api.InitializeAsync();

    public async ValueTask DisposeAsync() => await Clock.RunAsync(Api.DisposeAsync().AsTask());
}
