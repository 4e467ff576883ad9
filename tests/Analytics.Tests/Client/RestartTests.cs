using System.Runtime.Versioning;
using Analytics.Tests.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Client;

/// <summary>The client and the real service, which goes away and comes back.</summary>
[Collection<Faults.Faults>, UnsupportedOSPlatform("windows")]
public sealed class RestartTests(ServiceProcess service, ITestOutputHelper output)
{
    readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_of_the_service_loses_nothing_and_counts_nothing_twice(bool killed)
    {
        var workspace = await service.NewWorkspaceAsync();
        var reader = workspace.Client(TimeSpan.FromSeconds(30));
        await using var shop = await Shop.StartAsync(
            service.Address,
            app => app.MapPost("/orders/{id}", (string id) => $"{id}"),
            // The client's clock runs ahead while it retries; its tries end by the service's going away alone.
            options => (options.Key, options.BatchSize, options.Timeout) = (reader.Key, 20, TimeSpan.FromHours(1)),
            builder => builder.Services.AddSingleton<TimeProvider>(clock));

        await AskAsync(shop, 200);
        var asking = AskAsync(shop, 400);
        if (killed)
            await service.KillAsync();
        else
            await service.TerminateAsync();
        await asking;
        await AskAsync(shop, 200);
        Assert.InRange(shop.Counted("sent"), 0, 1_599);
        await service.StartAsync();
        await AskAsync(shop, 50);

        await Until.HoldsAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return Task.FromResult(shop.Counted("sent") == 1_700);
            },
            () => $"{shop.Counted("sent")} of 1700 facts are sent.");
        output.WriteLine($"The client's clock ran {clock.GetUtcNow() - clock.Start}.");
        Assert.Equal([KeyValuePair.Create("POST:/orders/{id}", 850L)], await reader.EndpointsAsync());
        Assert.Equal(850, await reader.OccurrencesAsync("order.placed"));
    }

    // Every request comes with an event.
    static Task AskAsync(Shop shop, int requests) => Parallel.ForEachAsync(
        Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (id, cancel) =>
        {
            using var answer = await shop.Http.PostAsync($"/orders/{id}", null, cancel);
            answer.EnsureSuccessStatusCode();
            shop.Events.Track("order.placed", "acme", new { id });
        });
}
