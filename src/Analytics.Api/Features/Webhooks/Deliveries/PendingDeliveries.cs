using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>What a webhook has not taken yet, when it is disabled and when it is enabled.</summary>
static class PendingDeliveries
{
    /// <summary>They wait until the webhook is enabled again; what was asked for is still tried.</summary>
    public static Task<int> WaitAsync(AnalyticsDb db, Webhook webhook, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        update webhook_deliveries
        set due_at = null
        where workspace_id = {webhook.WorkspaceKey}
          and webhook_id = {webhook.Id}
          and state = 'pending'
          and asked = 0
        """, cancel);

    /// <summary>Each is tried at once, and its plan begins anew.</summary>
    public static Task<int> ResumeAsync(AnalyticsDb db, Webhook webhook, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"""
        update webhook_deliveries
        set due_at = {now.UtcDateTime}, first_try_at = null
        where workspace_id = {webhook.WorkspaceKey}
          and webhook_id = {webhook.Id}
          and state = 'pending'
        """, cancel);

    public static Task<int> DeleteAsync(AnalyticsDb db, Webhook webhook, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"delete from webhook_deliveries where workspace_id = {webhook.WorkspaceKey} and webhook_id = {webhook.Id}", cancel);
}
