using System.Text.Json.Nodes;
using Analytics.Feed;
using Analytics.Storage;
using Analytics.Tenancy;
using Analytics.Tests.Features.Metrics;
using Analytics.Tests.Oracle;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage;

/// <summary>
/// A workspace that is filled after the planner last counted it, while it takes the tables for tiny: what belongs to its events is looked up
/// by keys all the same. Postgres itself tells how many rows were read by which index, on whatever connection.
/// </summary>
public sealed class StaleStatisticsTests(QuietStore quiet, ITestOutputHelper output) : IClassFixture<QuietStore>
{
    const int Batches = 8;
    const int BatchSize = 250;
    const int Written = Batches * BatchSize;
    const int PageSize = 40;
    const int MaxEach = 10;

    // Nobody counts the tables from here on.
    const string StaleSql = """
        do $$
        declare part regclass;
        begin
            for part in
                select oid from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'
            loop
                execute format('alter table %s set (autovacuum_enabled = false)', part);
            end loop;
        end $$;
        analyze
        """;

    // A connection that ends has told everything it has read.
    const string EndSql = "select pid from pg_stat_activity where application_name like 'analytics-%' and pg_terminate_backend(pid)";

    const string AreEndedSql = "select not exists (select from pg_stat_activity where pid = any($1))";

    const string ReadSql = """
        select coalesce(parent.relname, i.relname) || ' ' || array_to_string(array(
            select pg_get_indexdef(i.indexrelid, n, true) from generate_series(1, x.indnkeyatts) n), ','),
            sum(i.idx_tup_read)::bigint
        from pg_stat_user_indexes i
        join pg_index x using (indexrelid)
        left join pg_inherits on inhrelid = i.relid
        left join pg_class parent on parent.oid = inhparent
        group by 1
        union all
        select relname || ' all of it', seq_tup_read from pg_stat_user_tables where relname !~ '^rollup_|_log$'
        """;

    readonly AnalyticsApi api = quiet.Api;

    [Fact]
    public async Task What_belongs_to_events_is_looked_up_by_key_whatever_the_planner_thinks()
    {
        var small = await api.NewWorkspaceAsync();
        for (var batch = 0; batch < 6; batch++)
            await LiveAsync(small, batch, size: 4);
        await api.Store.ExecuteAsync(StaleSql, [], default);
        var before = await ReadAsync();

        var large = await api.NewWorkspaceAsync();
        for (var batch = 0; batch < Batches; batch++)
            await LiveAsync(large, batch, BatchSize);
        await AskAsync(large);
        int[] ended = [.. await api.Store.QueryAsync(EndSql, [], row => row.GetInt32(0), default)];
        await Until.HoldsAsync(() => api.Store.ScalarAsync<bool>(AreEndedSql, [ended], default), "Connections do not end.");

        var read = (await ReadAsync()).ToDictionary(one => one.Key, one => one.Value - before.GetValueOrDefault(one.Key));
        foreach (var (index, rows) in read.OrderByDescending(one => one.Value).Where(one => one.Value > 0))
            output.WriteLine($"{rows,9} {index}");
        foreach (var index in (string[])["event_types workspace_id,name", "people workspace_id,external_id", "shares workspace_id,key"])
            Assert.InRange(read[index], 1, Written);
        Assert.All(read, one => Assert.InRange(one.Value, 0, 3 * Written));
    }

    /// <summary>New names, people, customers, shares, payments, tools, sessions, and events that hang on others of whatever age.</summary>
    static async Task LiveAsync(WorkspaceClient workspace, int batch, int size)
    {
        var random = new Random(batch);
        JsonObject Event(int at)
        {
            var number = (batch * size) + at;
            var parent = number > 0 && at % 3 == 0 ? random.Next(number + size) : -1;
            var name = (at % 5) switch { 1 => "file_share.created", 2 => "payment.completed", 3 => "file_share.downloaded", _ => $"name {number}" };
            var metadata = new JsonObject
            {
                ["size"] = number, ["share_id"] = $"share {random.Next(number + 1)}", ["product_id"] = $"product {number}",
                ["subscription_id"] = $"subscription {random.Next(number + 1)}",
            };
            if (name == "payment.completed")
                (metadata["payment_id"], metadata["amount_cents"]) = ($"payment {number}", 5);
            return Some.Event(
                name, Some.Day.AddSeconds(number), $"event {number}", $"person {number}", cost: 1, metadata: metadata,
                parent: parent >= 0 && parent != number ? $"event {parent}" : null);
        }

        await workspace.IngestAsync(Enumerable.Range(0, size).Select(Event));
        await workspace.IngestAsync(Enumerable.Range(0, size / 4).Select(at => Some.Event(
            "service.run", Some.Day.AddSeconds(at), $"cost {batch} {at}", customer: null, cost: 1,
            metadata: new JsonObject { ["subscription_id"] = $"subscription {random.Next((batch + 2) * size)}" })));
        await workspace.IngestAsync(Enumerable.Range(0, size / 4).Select(at => Some.Event(
            "mcp.tool_invoked", Some.Day.AddSeconds(at), $"invocation {batch} {at}", metadata: new JsonObject
            {
                ["session_id"] = $"session {random.Next((batch + 2) * size)}", ["tool"] = $"tool {batch} {at}", ["agent"] = $"agent {at}",
            })));
        await workspace.PostAsync("/api/requests/ingest", new
        {
            requests = Enumerable.Range(batch * size / 2, size / 2).Select(number => new
            {
                method = "GET", path = "/x", route = $"/route/{number}", statusCode = 200, latencyMs = 1,
                timestamp = Some.Day.AddSeconds(number), customerId = $"person {number}", userAgent = $"agent {number}",
            }),
        });
        var customer = await workspace.NewCustomerAsync($"person {batch * size}");
        await workspace.PatchAsync($"/api/customers/{customer}", new { external_id = $"person {(batch * size) + 1}" });
        await workspace.IngestAsync(Some.Event(customerId: customer, at: Some.Day, externalId: Some.ExternalId));
    }

    /// <summary>Pages and answers that say something of a few events, people, names or shares.</summary>
    async Task AskAsync(WorkspaceClient workspace)
    {
        const string Day = "start_date=2026-03-11&end_date=2026-03-11";
        var events = (await workspace.GetAsync($"/api/events?limit={PageSize}&aggregate_fields=size")).GetProperty("data").EnumerateArray().ToList();
        var customer = (await workspace.GetAsync("/api/customers?limit=1")).GetProperty("data")[0].GetProperty("id").GetGuid();
        foreach (var e in events.Take(MaxEach))
        {
            var id = e.GetProperty("id").GetGuid();
            await workspace.GetAsync($"/api/events/{id}?aggregate_fields=size");
            await workspace.GetAsync($"/api/events?parent_id={id}");
            await workspace.GetAsync($"/api/events?limit=5&name={e.GetProperty("name").GetString()}");
        }

        foreach (var question in (string[])
            [
                "/api/v1/analytics/cogs?from=2026-03-11&to=2026-03-12&customer=person+7&groupBy=product",
                "/api/v1/analytics/mcp/tools?from=2026-03-11&to=2026-03-12", "/api/v1/analytics/mcp/agents?from=2026-03-11&to=2026-03-12",
                "/api/v1/analytics/mcp/sessions?from=2026-03-11T00:00:00.5Z&to=2026-03-12",
                "/api/requests/endpoints?from=2026-03-11&to=2026-03-12&limit=5",
                "/api/events?limit=5&external_customer_id=person+7", $"/api/events?limit=5&customer_id={customer}",
                $"/api/events/statistics/timeseries?{Day}&interval=day&name=name+5",
                $"/api/events/statistics/timeseries?{Day}&interval=day&external_customer_id=person+7&name=name+9",
                $"/api/metrics?{Day}&interval=day&share_id=share+3&share_id=share+4", $"/api/metrics?{Day}&interval=day&customer_id={customer}",
            ])
            await workspace.GetAsync(question);

        var known = await api.Services.GetRequiredService<TenantDirectory>().NamedAsync(workspace.Slug);
        await api.Services.GetRequiredService<FeedStore>().ReadAsync(known!, Track.Events, 0, default);
    }

    async Task<Dictionary<string, long>> ReadAsync() => (await api.Store.QueryAsync(
        ReadSql, [], row => (Index: row.GetString(0), Rows: row.IsDBNull(1) ? 0 : row.GetInt64(1)), default)).ToDictionary();
}
