using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>
/// Disables a webhook whose receiver wants no more, or has taken nothing for days, and tells so in the log. What it has not taken waits
/// until it is enabled again.
/// </summary>
sealed class WebhookEnd(IDbContextFactory<AnalyticsDb> contexts, DeliverOutbox deliver, TimeProvider clock, ILogger<WebhookEnd> log)
{
    public async Task ComeAsync(HeldWebhook held, string url, bool isUnwanted, CancellationToken cancel)
    {
        var workspace = held.Workspace;
        await using (var db = await contexts.CreateDbContextAsync(cancel))
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            if (!await db.LockAsync(workspace.Key, cancel)
                || await db.LockedWebhookAsync(workspace.Key, held.Id, cancel) is not { Enabled: true } webhook
                || webhook.Url != url)
                return;
            webhook.Enabled = false;
            await PendingDeliveries.WaitAsync(db, webhook, cancel);
            db.Set<OutboxRow>().Add(
                AuditRecords.WebhookDisabled(webhook, isUnwanted).InOutbox(workspace.Key, workspace.Id, clock.GetStoreNow()));
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        WebhookMeter.Disabled();
        log.LogInformation("Webhook {Webhook} of workspace {Workspace} is disabled: nothing arrives any more", held.Id, workspace.Id);
        await deliver(workspace, workspace.Id, cancel);
    }
}
