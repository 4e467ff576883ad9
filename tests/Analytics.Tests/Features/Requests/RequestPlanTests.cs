using System.Diagnostics;
using Analytics.Features.Requests;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tests.Features.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Features.Requests;

/// <summary>What lists of raw requests read is bounded, whatever the number of requests and whether the planner has counted them.</summary>
public sealed class RequestPlanTests(QuietStore quiet, ITestOutputHelper output) : IClassFixture<QuietStore>
{
    const int Requests = 200_000;
    const int Quarters = 96;
    const int Slowest = 100;

    // Half of them slow, some as slow as each other, one in a thousand with a status of its own.
    const string FillSql = """
        insert into requests (
            timestamp, latency, request_size, response_size, commit, workspace_id, person, endpoint, product, api_key, agent, status, has_route, id, method, path,
            route, address, request_id)
        select
            '2026-03-11T00:00:00Z'::timestamptz + n * interval '0.4 seconds', (n * 7919::bigint) % 2000000, 1, 1, 1, $1, 1 + n % 50, 2 + n % 9, 0, 0, 0,
            case when n % 1000 = 7 then 418 else 200 end, false, gen_random_uuid(), 'GET', '/orders', '', '', ''
        from generate_series(1, $2) n
        """;

    readonly AnalyticsApi api = quiet.Api;

    [Fact]
    public async Task A_page_is_read_from_few_rows_of_many()
    {
        var workspace = await FilledAsync();
        for (var round = 0; round < 2; round++)
        {
            Assert.InRange(await SlowAsync(workspace, new SlowRequest { Date = "2026-03-11" }), Slowest, Quarters * 16);
            Assert.InRange(await SlowAsync(workspace, new SlowRequest { Date = "2026-03-11", Limit = 5 }), 5, Quarters * 16);
            Assert.InRange(await RecentAsync(workspace, new RowsWanted(50, null)), 51, 110);
            Assert.InRange(await RecentAsync(workspace, new RowsWanted(50, 418)), 51_000, 120_000);
            Assert.InRange(await RecentAsync(workspace, new RowsWanted(50, 200)), 51, 4_100);
            await api.Store.ExecuteAsync("vacuum analyze requests", [], default);
        }
    }

    sealed record RowsWanted(int Limit, short? Status);

    async Task<long> SlowAsync(Workspace workspace, SlowRequest request)
    {
        await using var rows = new ReadRows(api.ConnectionString);
        var since = Stopwatch.GetTimestamp();
        var answer = await new SlowRequestsQuery(rows.Store, TimeProvider.System).AnswerAsync(workspace, null, request, default);
        Assert.Equal(request.Limit, answer.Data.Count);
        return Noted(rows, $"{request}", since);
    }

    async Task<long> RecentAsync(Workspace workspace, RowsWanted wanted)
    {
        await using var rows = new ReadRows(api.ConnectionString);
        var since = Stopwatch.GetTimestamp();
        await using (var read = await BoundedRead.OpenAsync(rows.Store, default))
        {
            var filter = new RecentFilter(null, null, null, wanted.Status is { } status ? [status] : null);
            var scan = new RecentScan(read, workspace.Key, filter, new FakeTimeProvider());
            await scan.RunAsync(Some.Day.UtcDateTime, new(Some.Day.AddDays(2).UtcDateTime, Guid.Empty), wanted.Limit + 1);
            Assert.Equal(wanted.Limit + 1, scan.Found.Count);
        }

        return Noted(rows, $"{wanted}", since);
    }

    long Noted(ReadRows rows, string what, long since)
    {
        var read = rows.ByTable().Where(table => table.Key.StartsWith("requests", StringComparison.Ordinal)).Sum(table => table.Value);
        output.WriteLine($"{what}: {read} rows, {Stopwatch.GetElapsedTime(since).TotalMilliseconds:0} ms with a new connection; {string.Join(", ", rows.Ways())}");
        Assert.DoesNotContain(rows.Ways(), way => way.StartsWith("Seq Scan requests", StringComparison.Ordinal));
        Assert.DoesNotContain(rows.Ways(), way => way.EndsWith(" requests_2026_05", StringComparison.Ordinal));
        return read;
    }

    async Task<Workspace> FilledAsync()
    {
        var client = await api.NewWorkspaceAsync();
        await client.TellAsync(Enumerable.Range(0, 50).Select(number => Told.Request(Some.Day.AddDays(-3), $"/{"abcdefghi"[number % 9]}", customer: $"c-{number}")));
        await using var db = await api.Services.GetRequiredService<IDbContextFactory<AnalyticsDb>>().CreateDbContextAsync();
        var workspace = await db.Set<Workspace>().AsNoTracking().SingleAsync(one => one.Id == client.Id);
        await api.Store.ExecuteAsync(FillSql, [workspace.Key, Requests], default);
        return workspace;
    }
}
