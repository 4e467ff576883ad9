using System.Runtime.Versioning;
using Analytics.Storage;
using Analytics.Tests.Features.Business.Reports;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Faults;

[Collection<Faults>, UnsupportedOSPlatform("windows")]
public sealed class KilledReportsTests(ServiceProcess service, ITestOutputHelper output)
{
    const int Reports = 40;

    const string MissedSql = "update reports set due_at = due_at - interval '1 day'";

    // Nobody waits until what a node had taken is free again; so nodes are often at the same report.
    const string FreeSql = "update reports set again_at = due_at where due_at < now()";

    const string Told = "audit where name = 'report.ready'";

    const string OftenSql = """
        select count(*)
        from (
            select
            from audit
            where name = 'report.ready'
            group by payload ->> 'reportId', payload ->> 'at'
            having count(*) > 1) often
        """;

    [Fact]
    public async Task Of_two_nodes_one_is_killed_and_every_run_is_told_once()
    {
        var workspace = await service.NewWorkspaceAsync();
        var client = workspace.Client(TimeSpan.FromSeconds(30));
        var reports = new List<string>();
        for (var n = 0; n < Reports; n++)
            reports.Add(await client.SaveAsync(SomeReports.ByCustomer()));
        await using var store = await service.StoreAsync();
        await using var second = await Node.StartAsync(await service.ConnectionStringAsync());
        for (var round = 0; round < Faults.Rounds; round++)
        {
            foreach (var report in reports)
                await client.PutAsync(report, SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", $"{round % 24:00}:30")));
            await store.ExecuteAsync(MissedSql, [], default);
            var enough = round * Reports + Random.Shared.Next(Reports / 2);
            await Until.HoldsAsync(async () => await FreeAsync() && await CountAsync(Told) > enough, "No report runs.");
            await service.KillAsync();
            output.WriteLine($"told when one was killed: {await CountAsync(Told) - round * Reports}");
            await service.StartAsync();
            await Until.HoldsAsync(
                async () => await FreeAsync() && await CountAsync("reports where due_at < now()") == 0 && await CountAsync("outbox") == 0,
                "Something is not told.");
            Assert.Equal((round + 1) * Reports, await CountAsync(Told));
            Assert.Equal((round + 1) * Reports, await CountAsync("report_runs"));
        }

        Assert.Equal(0, await store.ScalarAsync<long>(OftenSql, [], default));

        async Task<bool> FreeAsync() => await store.ExecuteAsync(FreeSql, [], default) >= 0;

        async Task<long> CountAsync(string rows) => await store.ScalarAsync<long>($"select count(*) from {rows}", [], default);
    }
}
