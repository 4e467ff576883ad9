using Analytics.Commands;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;
using Analytics.Storage.Verification;
using Microsoft.Extensions.Configuration;

namespace Analytics.Tests.Commands;

public sealed class VerifyCommandTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("UTC", 1)]
    [InlineData("Asia/Kathmandu", 2)]
    [InlineData("America/New_York", 3)]
    [InlineData("Pacific/Chatham", 4)]
    public async Task A_random_life_is_clean_before_and_after_compaction(string zone, int seed)
    {
        var workspace = await api.NewWorkspaceAsync(zone);
        var life = new RandomLife(workspace, seed);
        await life.LiveAsync(1_200);
        var key = await RandomLife.KeyOfAsync(workspace);

        Assert.Empty(await Verifier.DifferencesAsync(api.Store, key));
        await new StoredRollups(api.Store, key).FlushAsync();
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, key));

        await workspace.IngestAsync(Some.Events(3));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, key));
    }

    [Fact]
    public async Task Many_runs_merged_and_a_new_zone_are_clean()
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kolkata");
        var key = await RandomLife.KeyOfAsync(workspace);
        for (var part = 0; part < 2 * Piles.FanOut; part++)
        {
            await workspace.IngestAsync(Some.Events(30, at: Some.Day.AddHours(7 * part)));
            await new StoredRollups(api.Store, key).FlushAsync();
        }

        Assert.Empty(await Verifier.DifferencesAsync(api.Store, key));
        await api.Root.PatchAsync($"/api/workspaces/{workspace.Id}", new { timezone = "America/St_Johns" });
        await workspace.IngestAsync(Some.Events(30));
        // The zone is taken over with the next flush, which a barrier of a rebuild would hold back.
        await new StoredRollups(api.Store, key).FlushAsync();
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, key));
    }

    [Fact]
    public async Task An_erased_customer_leaves_everything_clean()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(
            Some.Event(externalId: "child", parent: "parent", cost: 2), Some.Event(externalId: "parent", customerId: customer, cost: 1),
            Some.Event(externalId: "late", parent: "later", customer: "other"));
        await workspace.IngestAsync(Some.Event(externalId: "later", cost: 3));
        await workspace.DeleteAsync($"/api/customers/{customer}", 202);

        var key = await RandomLife.KeyOfAsync(workspace);
        await Until.HoldsAsync(async () => await CountAsync("external_id is not null", key) <= 1, "The customer is not erased.");
        Assert.Equal(1, await CountAsync("external_id is not null", key));
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, key));
    }

    [Fact]
    public async Task While_events_come_in_nothing_differs()
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var key = await RandomLife.KeyOfAsync(workspace);
        var living = new RandomLife(workspace, 7).LiveAsync(2_000);
        do
            Assert.Empty(await Verifier.DifferencesAsync(api.Store, key));
        while (!living.IsCompleted);
        await living;
    }

    [Fact]
    public async Task The_exit_code_says_whether_anything_differs_and_the_output_what()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Events(3));
        var (clean, none) = await RunAsync("--workspace", workspace.Slug);
        var (cleanById, _) = await RunAsync("--workspace", $"{workspace.Id}");
        await using (var fault = api.Store.CreateCommand("update workspace_seq set seq = 4 where workspace_id = $1"))
        {
            fault.Parameters.Add(new() { Value = await RandomLife.KeyOfAsync(workspace) });
            await fault.ExecuteNonQueryAsync();
        }

        var (dirty, found) = await RunAsync("--workspace", workspace.Slug);

        Assert.Equal((0, 0, 1), (clean, cleanById, dirty));
        Assert.Equal("0 differences in 1 workspaces", none.Trim());
        Assert.Contains($"{workspace.Slug}: counters: events: rows: stored 4, counted 3", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--workspace", "there-is-none")]
    [InlineData("--workspace")]
    [InlineData("everything")]
    public async Task What_cannot_run_exits_with_2(params string[] arguments) => Assert.Equal(2, (await RunAsync(arguments)).Code);

    [Fact]
    public async Task A_store_that_does_not_answer_exits_with_2() =>
        Assert.Equal(2, (await RunAsync("Host=127.0.0.1;Port=1;Username=nobody", [])).Code);

    async Task<(int Code, string Output)> RunAsync(params string[] arguments) => await RunAsync(api.ConnectionString, arguments);

    static async Task<(int Code, string Output)> RunAsync(string store, string[] arguments)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Postgres"] = store }).Build();
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await VerifyCommand.RunAsync(arguments, configuration, output, error);
        return (code, output.ToString());
    }

    async Task<int> CountAsync(string condition, int workspace)
    {
        await using var command = api.Store.CreateCommand($"select count(*)::int from events where workspace_id = $1 and {condition}");
        command.Parameters.Add(new() { Value = workspace });
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
