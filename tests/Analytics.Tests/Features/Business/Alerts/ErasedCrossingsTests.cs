using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Erasure;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>What alerts are crossed by while somebody is erased: each crossing is told once, and nothing that is about to go.</summary>
[Collection<Timed>]
public sealed class ErasedCrossingsTests(TimedApi timed)
{
    [Fact]
    public async Task A_text_that_only_an_erased_person_has_is_not_told_again_before_it_goes()
    {
        var (workspace, ann, alert) = await CrossedAsync("plan", "ann-first", new() { ["plan"] = "x@y" });
        Assert.Equal(["x@y"], await KeysAsync(workspace, alert));

        var job = await BeginErasureAsync(workspace, ann);
        await timed.LookAsync();
        Assert.Equal([null], await KeysAsync(workspace, alert));

        await EndErasureAsync(workspace, job);
        await timed.LookAsync();
        Assert.Equal([null], await KeysAsync(workspace, alert));
        Assert.Equal([null], await ToldAsync(workspace));
    }

    [Fact]
    public async Task A_name_that_others_facts_say_for_the_log_is_not_told_again_before_it_goes()
    {
        var (workspace, ann, alert) = await CrossedAsync(
            "_log.actor_id", "bob", new() { ["_log"] = new JsonObject { ["actor_id"] = "ann-first" } });
        Assert.Equal(["ann-first"], await KeysAsync(workspace, alert));

        var job = await BeginErasureAsync(workspace, ann);
        await timed.LookAsync();
        var pseudonym = Assert.Single(await KeysAsync(workspace, alert));
        Assert.True(Guid.TryParse(pseudonym, out _), pseudonym);

        await EndErasureAsync(workspace, job);
        await timed.LookAsync();
        Assert.Equal([pseudonym], await KeysAsync(workspace, alert));
        Assert.Equal([pseudonym], await ToldAsync(workspace));
    }

    [Fact]
    public async Task A_session_of_an_erased_person_is_not_told_again_by_the_hash_that_its_id_became()
    {
        var (workspace, ann, alert) = await CrossedAsync("session_id", "ann-first", new() { ["session_id"] = "session-of-ann" });

        await timed.Clock.RunAsync(workspace.EraseAsync(ann));
        await timed.LookAsync();

        Assert.Equal([null], await KeysAsync(workspace, alert));
        Assert.Equal([null], await ToldAsync(workspace));
    }

    /// <summary>A workspace with the customer ann-first, and an alert that three events of a customer have crossed.</summary>
    async Task<(WorkspaceClient Workspace, Guid Ann, string Alert)> CrossedAsync(string dimension, string customer, JsonObject metadata)
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var ann = await workspace.NewCustomerAsync("ann-first");
        var alert = await workspace.MakeAlertAsync(SomeAlerts.Count(above: 2, window: "1d", dimension: dimension, events: "task.done"));
        await workspace.IngestAsync(Enumerable.Range(0, 3).Select(_ => Some.Event(
            at: timed.Now, externalId: Some.ExternalId, customer: customer, metadata: (JsonObject)metadata.DeepClone())));
        await timed.LookAsync();
        return (workspace, ann, alert);
    }

    /// <summary>Erases a customer as a node leaves it that goes down right after it has answered; the job.</summary>
    async Task<string> BeginErasureAsync(WorkspaceClient workspace, Guid customer)
    {
        var begun = BeginAsync();
        await timed.Clock.RunAsync(begun);
        return await begun;

        async Task<string> BeginAsync()
        {
            await using var before = await HeldWorkspace.OfAsync(workspace);
            var erasure = workspace.DeleteAsync($"/api/customers/{customer}", 202);
            await before.WaitsAsync(1);
            var holding = HeldWorkspace.OfAsync(workspace);
            await before.WaitsAsync(2);
            await before.LetGoAsync();
            await using (await holding)
                await GoOnAtAsync(workspace, "2999-01-01Z");
            return (await erasure).GetProperty("job_id").GetString()!;
        }
    }

    async Task EndErasureAsync(WorkspaceClient workspace, string job)
    {
        await GoOnAtAsync(workspace, "-infinity");
        await timed.Clock.RunAsync(workspace.ErasedAsync(job));
    }

    async Task GoOnAtAsync(WorkspaceClient workspace, string time) => await timed.Api.Store.ExecuteAsync(
        $"update erasures set again_at = '{time}' where workspace_id = $1", [await RandomLife.KeyOfAsync(workspace)], default);

    static async Task<List<string?>> KeysAsync(WorkspaceClient workspace, string alert) =>
        (await workspace.HistoryAsync(alert)).ConvertAll(row => row.GetProperty("key").GetString());

    /// <summary>The keys that the log tells.</summary>
    async Task<List<string?>> ToldAsync(WorkspaceClient workspace) => await timed.Api.Store.QueryAsync(
        "select payload ->> 'key' from audit where workspace_id = $1 and target_type = 'alert'", [await RandomLife.KeyOfAsync(workspace)],
        row => row.IsDBNull(0) ? null : row.GetString(0), default);
}
