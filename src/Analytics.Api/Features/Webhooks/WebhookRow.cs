using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Webhooks;

/// <summary>A webhook's row, to be changed.</summary>
static class WebhookRow
{
    /// <summary>
    /// The row, locked; null when there is none. It is locked before any of its deliveries: who notes what came of a try locks them in this
    /// order, too.
    /// </summary>
    public static Task<Webhook?> LockedWebhookAsync(this AnalyticsDb db, int workspace, Guid id, CancellationToken cancel) =>
        db.Set<Webhook>().FromSql($"select * from webhooks where workspace_id = {workspace} and id = {id} for update")
            .AsAsyncEnumerable().FirstOrDefaultAsync(cancel).AsTask();
}
