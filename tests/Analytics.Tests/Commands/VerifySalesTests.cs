using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Storage.Verification;
using Upkeep = Analytics.Tests.Oracle.Upkeep;

namespace Analytics.Tests.Commands;

/// <summary>Whatever shares and payments go through, nothing differs.</summary>
public sealed class VerifySalesTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("UTC", 1)]
    [InlineData("Asia/Kathmandu", 2)]
    [InlineData("America/St_Johns", 3)]
    public async Task Any_order_is_clean_before_and_after_flushing_and_recounting(string zone, int seed)
    {
        var (workspace, life, upkeep) = await LivedAsync(zone, seed, 700);
        var stored = new StoredRollups(api.Store, upkeep.Workspace);
        Assert.NotEqual(0, await stored.CountAsync("activity_doubts where workspace_id = $1"));

        await CleanAsync(upkeep);
        await stored.FlushAsync();
        await CleanAsync(upkeep);
        await life.LiveAsync(150);
        await CleanAsync(upkeep);
        await upkeep.RebuildAsync();
        await CleanAsync(upkeep);
        Assert.Equal(0, await stored.CountAsync("activity_doubts where workspace_id = $1"));
        await life.LiveAsync(50);
        await CleanAsync(upkeep);
    }

    [Fact]
    public async Task Late_links_and_erased_owners_of_shares_are_clean()
    {
        var (workspace, life, upkeep) = await LivedAsync("Europe/Paris", 4, 400);
        var customer = await workspace.NewCustomerAsync("person-1");
        await workspace.IngestAsync(
            Some.Event(customerId: customer), Some.Event("file_share.created", customerId: customer, metadata: new() { ["share_id"] = "own" }));
        await CleanAsync(upkeep);

        await workspace.DeleteAsync($"/api/customers/{customer}", 202);

        var stored = new StoredRollups(api.Store, upkeep.Workspace);
        await Until.HoldsAsync(
            async () => await stored.CountAsync("erasures where workspace_id = $1 and status <> 'done'") == 0, "The erasure does not end.");
        Assert.NotEqual(0, await stored.CountAsync(
            "shares join events using (workspace_id) where workspace_id = $1 and id = created_id and expires_at is not null and not metadata ? 'expires_at'"));
        await CleanAsync(upkeep);
        await upkeep.RebuildAsync();
        await CleanAsync(upkeep);
        await life.LiveAsync(100);
        await CleanAsync(upkeep);
    }

    [Fact]
    public async Task Days_whose_raw_events_are_gone_are_left_alone()
    {
        var (_, life, upkeep) = await LivedAsync("Asia/Kathmandu", 5, 500);
        var stored = new StoredRollups(api.Store, upkeep.Workspace);
        await stored.RunAsync("update workspace_seq set horizon = '2026-04-01Z' where workspace_id = $1");
        Assert.NotEqual(0, await stored.RunAsync("delete from events where workspace_id = $1 and timestamp < '2026-04-01Z'"));

        await CleanAsync(upkeep);
        await upkeep.RebuildAsync();
        await CleanAsync(upkeep);
        await life.LiveAsync(100);
        await CleanAsync(upkeep);
        await stored.FlushAsync();
        await CleanAsync(upkeep);
        await stored.RunAsync("update shares set payments = payments + 1 where workspace_id = $1 and created_at >= '2026-04-01Z'");
        Assert.NotEmpty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace));
    }

    [Fact]
    public async Task While_shares_are_sent_nothing_differs()
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var upkeep = await Upkeep.OfAsync(workspace);
        var living = new SalesLife(workspace, 6).LiveAsync(1_000, batches: 40);
        do
            await CleanAsync(upkeep);
        while (!living.IsCompleted);
        await living;
    }

    [Fact]
    public async Task A_parent_whose_hash_stands_among_ids_counts_its_early_children_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(workspace);
        // Hashes that begin like the ids of these months lie between the first and the last event's.
        var (first, last) = (Some.Day.AddDays(-60), Some.Day.AddDays(60));
        var parent = await NameAmongIdsAsync(upkeep.Workspace, EventId.New(Microseconds(first)), EventId.New(Microseconds(last)));
        await workspace.IngestAsync(
            Some.Event(at: first.AddDays(-1)), Some.Event(at: last.AddDays(1)),
            Some.Event(at: Some.Day, parent: parent, cost: 2), Some.Event(at: Some.Day, parent: parent, cost: 3));
        await CleanAsync(upkeep);
        await workspace.IngestAsync(Some.Event(at: Some.Day, externalId: parent, cost: 1));
        await CleanAsync(upkeep);
    }

    async Task<(WorkspaceClient, SalesLife, Upkeep)> LivedAsync(string zone, int seed, int events)
    {
        var workspace = await api.NewWorkspaceAsync(zone);
        var life = new SalesLife(workspace, seed);
        await life.LiveAsync(events);
        await life.LiveOddlyAsync();
        return (workspace, life, await Upkeep.OfAsync(workspace));
    }

    async Task CleanAsync(Upkeep upkeep) => Assert.Empty(await Verifier.DifferencesAsync(api.Store, upkeep.Workspace));

    async Task<string> NameAmongIdsAsync(int workspace, Guid first, Guid last)
    {
        await using var command = api.Store.CreateCommand("select hash_key from workspaces where workspace_id = $1");
        command.Parameters.Add(new() { Value = workspace });
        var secret = (byte[])(await command.ExecuteScalarAsync())!;
        return Enumerable.Range(0, 4_000_000).Select(number => $"parent-{number}").First(name =>
            KeyHash.Of(secret, KeyKind.Event, null, System.Text.Encoding.UTF8.GetBytes(name)).ToUuid() is var hash && hash > first && hash < last);
    }

    static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / 10;
}
