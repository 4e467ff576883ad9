using System.Text.Json;

namespace Analytics.Tests.Client;

/// <summary>Events that a host tells of.</summary>
public sealed class TrackedEventsTests : IAsyncLifetime
{
    RecordingService service = null!;

    public async ValueTask InitializeAsync() => service = await RecordingService.StartAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task An_event_is_told_as_it_was_when_it_was_tracked()
    {
        await using var shop = await Shop.StartAsync(service.Address);
        var metadata = new Dictionary<string, object?> { ["pages"] = 12, ["_cost"] = new { amount = "0.5", currency = "usd" } };
        var parent = shop.Events.Track("order.placed", "acme", metadata, Some.Day, externalId: "order-1");
        metadata["pages"] = 13;
        var child = shop.Events.Track("order.paid", parentId: parent);

        var told = await service.EventsAsync(2);
        Assert.Equal("order-1", parent);
        Assert.True(JsonElement.DeepEquals(told[0], JsonElement.Parse("""
            {
                "name": "order.placed", "external_id": "order-1", "timestamp": "2026-03-11T00:00:00+00:00", "external_customer_id": "acme",
                "metadata": {"pages": 12, "_cost": {"amount": "0.5", "currency": "usd"}}
            }
            """)));
        Assert.Equal((child, "order-1"), (told[1].GetProperty("external_id").GetString(), told[1].GetProperty("parent_id").GetString()));
        Assert.False(told[1].TryGetProperty("external_customer_id", out _));
        Assert.InRange(
            told[1].GetProperty("timestamp").GetDateTimeOffset(),
            TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task What_does_not_become_JSON_is_counted_and_throws_nothing()
    {
        await using var shop = await Shop.StartAsync(service.Address);
        var cycle = new Dictionary<string, object?>();
        cycle["again"] = cycle;
        shop.Events.Track("cycle", "acme", cycle);
        shop.Events.Track(null!, "acme");
        shop.Events.Track("half a pair \ud800", "acme");
        shop.Events.Track("good", "acme");
        await Until.HoldsAsync(() => service.Events.Select(Name).Contains("good"), "The good one is not sent.");
        await Until.HoldsAsync(
            () => shop.Counted("sent") + shop.Counted("dropped unwritable") == 4, "Some are neither sent nor counted.");
        Assert.InRange(shop.Counted("dropped unwritable"), 1, 3);
    }

    [Fact]
    public async Task Every_event_has_an_id_of_its_own()
    {
        await using var shop = await Shop.StartAsync(service.Address);
        var given = Enumerable.Range(0, 3_000).AsParallel().Select(number => shop.Events.Track($"event {number}", "acme")).ToList();
        var told = await service.EventsAsync(3_000);
        Assert.Equal(given.ToHashSet(), told.Select(fact => fact.GetProperty("external_id").GetString()!).ToHashSet());
        Assert.Equal(3_000, given.Distinct().Count());
    }

    static string? Name(JsonElement fact) => fact.GetProperty("name").GetString();
}
