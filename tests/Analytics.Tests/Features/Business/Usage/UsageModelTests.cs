using Analytics.Storage.Verification;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Usage;

/// <summary>Units of every aggregation and operator over random events come to what looking at every event gives, whatever happens when.</summary>
public sealed class UsageModelTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData(1, "UTC")]
    [InlineData(2, "Asia/Kathmandu")]
    public async Task Units_made_before_and_after_events_agree_with_the_model(int seed, string zone)
    {
        var workspace = await api.NewWorkspaceAsync(zone);
        var (life, upkeep) = (new UsageLife(workspace, seed, Now), await Upkeep.OfAsync(workspace));
        var agreement = new UsageAgreement(workspace, life);
        await life.MakeProductAsync("p0", "API");
        await life.RegisterAsync("c0", "c1");
        await life.MakeUnitsAsync("a", 3);
        await life.TellAsync(900);
        await AskAsync(agreement, seed, "fresh");
        await life.MakeProductAsync("p1", "AI_AGENT");
        await life.MakeUnitsAsync("b", 4);
        await AskAsync(agreement, seed + 10, "right after more units");
        await upkeep.CompactAsync();
        await life.TellAsync(200);
        await AskAsync(agreement, seed + 20, "compacted, and more events");
        await life.RegisterAsync("c2");
        await upkeep.ReadyUnitsAsync();
        await AskAsync(agreement, seed + 30, "units ready");
        await upkeep.CompactAsync();
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
        await upkeep.RebuildAsync();
        await AskAsync(agreement, seed + 40, "rebuilt");
        await upkeep.CompactAsync();
        await AskAsync(agreement, seed + 50, "rebuilt and compacted");
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_came_before_units_that_are_not_ready_agrees_with_the_model()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (life, upkeep) = (new UsageLife(workspace, 11, Now), await Upkeep.OfAsync(workspace));
        var (units, customers) = (new UsageAgreement(workspace, life), new CustomerAgreement(workspace, life, Now));
        await life.RegisterAsync("c0", "c2");
        await life.MakeProductAsync("p1", "API");
        await life.TellAsync(600);
        var portal = await workspace.BoundToAsync(life.Customers["c0"]!.Value);
        await upkeep.WithoutBackfillsAsync(async () =>
        {
            await life.MakeUnitsAsync("a", 2);
            await AskEveryWayAsync("not ready");
            await life.TellAsync(200);
            await AskEveryWayAsync("not ready, and more events");
        });
        await upkeep.ReadyUnitsAsync();
        await AskEveryWayAsync("ready");

        async Task AskEveryWayAsync(string moment)
        {
            await AskAsync(units, 60, moment);
            var (from, to) = (Cut(Now.AddDays(-31.37)), Cut(Now.AddDays(-3.21)));
            await customers.ByCustomerAsync(from, to, "Asia/Kolkata", moment);
            await customers.ByProductAsync(from, to, "Asia/Kolkata", moment);
            await units.ByUnitAsync(from, to, "Asia/Kolkata", moment, "c0", portal);
        }
    }

    [Fact]
    public async Task Customers_products_and_portals_agree_with_the_model()
    {
        const string zone = "Asia/Kolkata";
        var workspace = await api.NewWorkspaceAsync(zone);
        var (life, upkeep) = (new UsageLife(workspace, 7, Now), await Upkeep.OfAsync(workspace));
        await life.RegisterAsync("c0", "c3");
        await life.MakeProductAsync("p0", "API");
        await life.MakeUnitsAsync("a", 5);
        await life.TellAsync(500);
        await life.TellMoneyAsync(40);
        await life.TellRequestsAsync(200);
        await life.MakeUnitsAsync("b", 9);
        await life.MakeProductAsync("p5", "AI_AGENT");
        await life.MakeProductAsync("unused", "AI_AGENT");
        var portal = await workspace.BoundToAsync(life.Customers["c0"]!.Value);
        await AskAsync("fresh");
        await upkeep.ReadyUnitsAsync();
        await upkeep.CompactAsync();
        await life.RegisterAsync("c1");
        await life.TellMoneyAsync(10);
        await AskAsync("compacted");
        await upkeep.RebuildAsync();
        await AskAsync("rebuilt");
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace, TestContext.Current.CancellationToken));

        async Task AskAsync(string moment)
        {
            var customers = new CustomerAgreement(workspace, life, Now);
            foreach (var (from, to) in ((DateTimeOffset, DateTimeOffset)[])
                [(Cut(Now.AddDays(-31.37)), Cut(Now.AddDays(-3.21))), (Cut(Now.AddDays(-UsageLife.Days)), Cut(Now.AddHours(1)))])
            {
                await customers.ByCustomerAsync(from, to, zone, moment);
                await customers.ByProductAsync(from, to, zone, moment);
                await new UsageAgreement(workspace, life).ByUnitAsync(from, to, zone, moment, "c0", portal);
            }
        }
    }

    static DateTimeOffset Cut(DateTimeOffset instant) => new(instant.UtcTicks / 10 * 10, TimeSpan.Zero);

    static async Task AskAsync(UsageAgreement agreement, int seed, string moment)
    {
        var random = new Random(seed);
        foreach (var zone in RandomMoments.Zones[..3])
        {
            var from = Now.AddMicroseconds(-random.NextInt64((long)TimeSpan.FromDays(UsageLife.Days).TotalMicroseconds));
            var to = from.AddMicroseconds(random.NextInt64((long)TimeSpan.FromDays(20).TotalMicroseconds) + 1);
            from = new DateTimeOffset(from.UtcTicks / 10 * 10, TimeSpan.Zero);
            await agreement.ByUnitAsync(from, new DateTimeOffset(to.UtcTicks / 10 * 10, TimeSpan.Zero), zone, moment);
        }

        await agreement.ByUnitAsync(Now.AddDays(-UsageLife.Days), Now.AddHours(1), "UTC", moment);
    }
}
