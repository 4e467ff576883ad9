using System.Collections.Concurrent;
using Analytics.Storage;
using Analytics.Tenancy;
using Npgsql;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>
/// Sends what is due to webhooks, several at once, each by one node and one message after the other. Who has waited longest has its turn
/// first: a receiver that is slow holds up nobody else's.
/// </summary>
sealed class WebhookSender(
    NpgsqlDataSource store, TenantDirectory tenants, WebhookTurn turn, StoreReadiness readiness, TimeProvider clock,
    ILogger<WebhookSender> log) : RepeatedJob(readiness, clock, log)
{
    const int Lanes = 64;

    const string DueSql = """
        select webhooks.workspace_id, webhooks.id
        from webhooks
        cross join lateral (
            select
            from webhook_deliveries
            where workspace_id = webhooks.workspace_id
              and webhook_id = webhooks.id
              and due_at <= $1
              and (webhooks.enabled or asked > 0)
            limit 1
        ) due
        where webhooks.taken_until <= $1
        order by webhooks.taken_until
        limit $2
        """;

    readonly ConcurrentDictionary<(int Workspace, Guid Webhook), Task> turns = [];

    protected override string Work => "Sending to webhooks";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(turns.Values).WaitAsync(cancellationToken);
    }

    // Turns go on by themselves. One that is over has the next look taken at once; one that failed waits for it.
    protected override async Task WorkAsync(CancellationToken cancel)
    {
        if (turns.Count >= Lanes)
            return;
        var due = await store.QueryAsync(
            DueSql, [Clock.GetStoreNow().UtcDateTime, 2 * Lanes], row => (Workspace: row.GetInt32(0), Webhook: row.GetGuid(1)), cancel);
        foreach (var webhook in due.Where(webhook => !turns.ContainsKey(webhook)).Take(Lanes - turns.Count))
        {
            var waits = new TaskCompletionSource();
            turns[webhook] = RunAsync(webhook, waits.Task, cancel);
            waits.SetResult();
        }
    }

    async Task RunAsync((int Workspace, Guid Webhook) due, Task isNoted, CancellationToken cancel)
    {
        await isNoted;
        var name = $"{Work}, to {due.Webhook}";
        var isDone = false;
        try
        {
            if (await tenants.WorkspaceAsync(due.Workspace) is not { } workspace)
                return; // it is gone, and soon its rows are
            await turn.RunAsync(new HeldWebhook(store, workspace, due.Webhook, Clock), cancel);
            Failures.Worked();
            isDone = true;
        }
        catch (Exception failure)
        {
            if (!cancel.IsCancellationRequested)
                Failures.Failed(failure, name, $"it is tried again within {Pause.TotalSeconds} s");
        }
        finally
        {
            turns.TryRemove(due, out _);
        }

        if (isDone)
            Wake();
    }
}
