using System.Text.Json.Nodes;
using Analytics.Features.Erasure;
using Npgsql;

namespace Analytics.Tests.Features.Erasure;

/// <summary>One workspace's erasure or purge that is stuck holds up nobody else's.</summary>
public sealed class FairErasureTests(AnalyticsApi api)
{
    /// <summary>When no node looks.</summary>
    const string Later = "2999-01-01Z";

    [Fact]
    public async Task A_deleted_workspaces_erasure_holds_up_nobodys()
    {
        var deleted = await NewStuckAsync();
        var number = await deleted.NumberAsync();
        await api.Root.DeleteAsync($"/api/workspaces/{deleted.Id}");
        await PurgedAsync(number);
        // Left behind, and an event that the purge has not come to.
        await LeaveErasureAsync(number, Guid.NewGuid());
        await RunAsync($"""
            insert into events (workspace_id, type, timestamp, id, seq, ingested_at, person, external_id)
            values ({number}, 1, now(), gen_random_uuid(), 1, now(), 1, 'left')
            """);

        await EraseAnotherAsync();

        await RunAsync($"delete from events where workspace_id = {number}");
        await RunAsync($"delete from erasures where workspace_id = {number}");
    }

    [Fact]
    public async Task A_locked_workspaces_erasure_holds_up_nobodys_and_goes_on_by_itself()
    {
        var locked = await NewStuckAsync();
        var number = await locked.NumberAsync();
        var job = Guid.NewGuid();
        await using (await HeldWorkspace.OfAsync(locked))
        {
            await LeaveErasureAsync(number, job);

            await EraseAnotherAsync();

            Assert.Equal("running", (await locked.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString());
        }

        await locked.ErasedAsync(job.ToString());
    }

    [Fact]
    public async Task One_that_fails_is_left_alone_for_longer_each_time_and_holds_up_nobody()
    {
        var failing = await NewStuckAsync();
        var number = await failing.NumberAsync();
        var job = Guid.NewGuid();
        // Counting one more event than there can be fails.
        await LeaveErasureAsync(number, job, events: long.MaxValue);

        await EraseAnotherAsync();
        await failing.EraseAsync(await failing.NewCustomerAsync("another"));
        await Until.HoldsAsync(async () => await FailuresAsync(job) >= 2, "It is not tried again.");

        await RunAsync($"update erasures set events = 0, again_at = now() where job_id = '{job}'");
        Assert.Equal(1, (await failing.ErasedAsync(job.ToString())).GetProperty("events").GetInt64());
        Assert.Equal(0, await FailuresAsync(job));
    }

    [Fact]
    public async Task A_long_erasure_scrubs_a_few_events_at_once_and_all_of_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        for (var part = 0; part < 2; part++)
            await workspace.IngestAsync(Some.Events(3_000).Select(e =>
            {
                e["metadata"] = new JsonObject { ["note"] = "Acme" };
                return e;
            }));

        var done = await workspace.EraseAsync(customer);

        Assert.Equal(6_001, done.GetProperty("events").GetInt64());
        await using var left = api.Store.CreateCommand($"""
            select count(*) from events
            where workspace_id = {await workspace.NumberAsync()} and (external_id is not null or metadata::text like '%Acme%')
            """);
        Assert.Equal(0L, await left.ExecuteScalarAsync());
    }

    [Fact]
    public async Task However_many_events_come_later_an_erasure_does_not_go_through_them()
    {
        var workspace = await NewStuckAsync();
        var number = await workspace.NumberAsync();
        var job = Guid.NewGuid();
        await LeaveErasureAsync(number, job, again: Later);
        await workspace.IngestAsync(Some.Events(5_500));

        await using (var connection = await api.Store.OpenConnectionAsync())
        {
            var batch = await TakeAsync(connection, number);
            await batch!.WorkAsync(TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, await CountAsync($"erasures where job_id = '{job}' and part = 'requests' and events = 1"));
    }

    [Fact]
    public async Task While_a_node_works_on_one_of_a_workspaces_erasures_no_other_works_on_any()
    {
        var number = await (await NewStuckAsync()).NumberAsync();
        await LeaveErasureAsync(number, Guid.NewGuid(), again: Later);
        await LeaveErasureAsync(number, Guid.NewGuid(), again: Later);
        await using var one = await api.Store.OpenConnectionAsync();
        await using var other = await api.Store.OpenConnectionAsync();

        await using (await one.BeginTransactionAsync())
        {
            Assert.NotNull(await TakeAsync(one, number));
            Assert.Null(await TakeAsync(other, number));
        }

        Assert.NotNull(await TakeAsync(other, number));
    }

    [Fact]
    public async Task A_purge_that_is_held_up_holds_up_no_other()
    {
        var (held, other) = (await NewStuckAsync(), await NewStuckAsync());
        var (heldNumber, otherNumber) = (await held.NumberAsync(), await other.NumberAsync());
        await using (var holder = await api.Store.OpenConnectionAsync())
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await using var take = new NpgsqlCommand($"select 1 from customers where workspace_id = {heldNumber} for update", holder);
            await take.ExecuteScalarAsync();
            await api.Root.DeleteAsync($"/api/workspaces/{held.Id}");
            await api.Root.DeleteAsync($"/api/workspaces/{other.Id}");

            await PurgedAsync(otherNumber);
            Assert.Equal(1, await CountAsync($"customers where workspace_id = {heldNumber}"));
        }

        await PurgedAsync(heldNumber);
        Assert.Equal(0, await CountAsync($"customers where workspace_id = {heldNumber}"));
    }

    /// <summary>A workspace whose first person has an event to scrub.</summary>
    async Task<WorkspaceClient> NewStuckAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(customer: "first", externalId: Some.ExternalId));
        await workspace.NewCustomerAsync("second");
        return workspace;
    }

    async Task EraseAnotherAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Some.Event(customer: "acme", externalId: Some.ExternalId));
        await workspace.EraseAsync(customer);
    }

    static Task<ErasureBatch?> TakeAsync(NpgsqlConnection connection, int workspace) =>
        ErasureBatch.TakeAsync(connection, workspace, DateTimeOffset.Parse(Later, null), TestContext.Current.CancellationToken);

    // As another node may have begun it: older than all others, of the first person.
    Task LeaveErasureAsync(int workspace, Guid job, long events = 0, string again = "2020-01-01Z") => RunAsync($"""
        insert into erasures (workspace_id, job_id, pseudonym, people, asked_seq, asked_time, status, events, requested_at, again_at)
        select {workspace}, '{job}', gen_random_uuid(), array[1], seq, clock_timestamp(), 'running', {events}, '2020-01-01Z', '{again}'
        from (select coalesce(max(seq), 0) as seq from workspace_seq where workspace_id = {workspace}) as reached
        """);

    async Task<long> FailuresAsync(Guid job)
    {
        await using var command = api.Store.CreateCommand($"select failures::bigint from erasures where job_id = '{job}'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    Task PurgedAsync(int workspace) => Until.HoldsAsync(
        async () => await CountAsync($"workspace_purges where workspace_id = {workspace}") == 0, "The workspace is not purged.");

    async Task<long> CountAsync(string rows)
    {
        await using var command = api.Store.CreateCommand($"select count(*) from {rows}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    async Task RunAsync(string sql)
    {
        await using var command = api.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
