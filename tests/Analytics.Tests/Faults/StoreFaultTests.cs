using System.Diagnostics;
using System.Runtime.Versioning;
using Npgsql;

namespace Analytics.Tests.Faults;

[Collection<Faults>, UnsupportedOSPlatform("windows")]
public sealed class StoreFaultTests(ServiceProcess service, ITestOutputHelper output)
{
    [Fact]
    public async Task Killing_Postgres_is_answered_503_until_it_is_back_and_loses_nothing()
    {
        var workspace = await service.NewWorkspaceAsync();
        var load = Load.On(workspace, new LoadShape(), seed: 3);
        var recoveries = new List<TimeSpan>();
        for (var round = 0; round < Faults.Rounds; round++)
        {
            await load.GoesOnAsync(500 + Random.Shared.Next(1_000));
            var refused = load.Answered(503);
            await service.Postgres.KillPostmasterAsync();
            var away = await UntilPostgresAnswersAsync();
            var recovery = await workspace.TakesEventsAsync();
            output.WriteLine($"Postgres was away for {away}, the service {recovery} longer: {load}");
            Assert.True(load.Answered(503) > refused, $"Nothing was answered 503: {load}");
            recoveries.Add(recovery);
        }

        // In real time, for both are other processes; it takes a tenth of a second, on a busy machine two, or a client's ten by chance.
        Assert.InRange(recoveries.Min(), TimeSpan.Zero, TimeSpan.FromSeconds(10));

        await load.GoesOnAsync();
        await workspace.HoldsExactlyAsync(await load.FinishAsync());
    }

    [Fact]
    public async Task A_frozen_Postgres_costs_no_more_memory_and_loses_nothing()
    {
        // A process that did nothing before: the bound is about what the frozen store adds to it.
        await service.KillAsync();
        var workspace = await service.NewWorkspaceAsync();
        const int Clients = 32;
        var load = Load.On(workspace, new LoadShape(Clients, 100, 400) { Patience = TimeSpan.FromSeconds(1) }, seed: 4);
        await load.GoesOnAsync();
        try
        {
            await service.Postgres.FreezeAsync();
            // All of them ask four times for nothing.
            await load.FailsAsync(4 * Clients);
        }
        finally
        {
            await service.Postgres.ThawAsync();
        }

        var recovery = await workspace.TakesEventsAsync();
        output.WriteLine($"took events {recovery} after the thaw, {service.PeakMegabytes:0} MB: {load}");
        var sent = await load.FinishAsync();
        output.WriteLine($"{sent.Count} events, {service.PeakMegabytes:0} MB: {load}");
        Assert.InRange(service.PeakMegabytes, 1, 500);
        await workspace.HoldsExactlyAsync(sent);
    }

    async Task<TimeSpan> UntilPostgresAnswersAsync()
    {
        await using var store = await service.StoreAsync();
        var clock = Stopwatch.StartNew();
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    await using var command = store.CreateCommand("select 1");
                    return await command.ExecuteScalarAsync() is 1;
                }
                catch (NpgsqlException)
                {
                    return false; // not back yet
                }
            },
            "Postgres is not back.");
        return clock.Elapsed;
    }
}
