using Analytics.Contract;
using Analytics.Features.Webhooks.Deliveries;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Webhooks;

/// <summary>
/// Writes webhooks, under their workspace's lock: what is committed after a webhook is made or enabled is told to it, and nothing that
/// comes after it is disabled or gone.
/// </summary>
sealed class WebhookChanges(AnalyticsDb db, SealedSecrets secrets, AuditTrail audit, WakeWebhooks wake, TimeProvider time)
{
    const int MostWebhooks = 20;
    const int MostSecrets = 20;
    static readonly TimeSpan SignsAlong = TimeSpan.FromHours(24);

    /// <summary>A new webhook and its secret.</summary>
    public async Task<(Webhook Webhook, string Secret)> AddAsync(
        Workspace workspace, NewWebhook request, Caller by, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(workspace, cancel);
        if (await Of(workspace).CountAsync(cancel) >= MostWebhooks)
            throw ProblemException.Conflict("", $"A workspace has at most {MostWebhooks} webhooks.");
        var now = time.GetStoreNow();
        var added = new Webhook
        {
            WorkspaceKey = workspace.Key,
            Id = Guid.CreateVersion7(now),
            Url = request.Url!,
            Events = EventsOf(request.Events!),
            Enabled = request.Enabled ?? true,
            CreatedAt = now,
        };
        db.Set<Webhook>().Add(added);
        var secret = await AddSecretAsync(added, now, cancel);
        audit.Tell(workspace, AuditRecords.WebhookChanged(added, "created", by), now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await audit.DeliverAsync(cancel);
        return (added, secret);
    }

    public async Task<Webhook> ChangeAsync(Workspace workspace, Guid id, WebhookChange request, Caller by, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(workspace, cancel);
        var webhook = await FoundAsync(workspace, id, cancel);
        var (now, wasEnabled) = (time.GetStoreNow(), webhook.Enabled);
        if (request.Url is { } url && url != webhook.Url)
            (webhook.Url, webhook.FailingSince) = (url, null);
        if (request.Events is { } events && !EventsOf(events).SequenceEqual(webhook.Events))
            webhook.Events = EventsOf(events);
        webhook.Enabled = request.Enabled ?? wasEnabled;
        if (!db.ChangeTracker.HasChanges())
            return webhook;
        if (webhook.Enabled && !wasEnabled)
        {
            webhook.FailingSince = null;
            await PendingDeliveries.ResumeAsync(db, webhook, now, cancel);
        }
        else if (wasEnabled && !webhook.Enabled)
            await PendingDeliveries.WaitAsync(db, webhook, cancel);

        audit.Tell(workspace, AuditRecords.WebhookChanged(webhook, "updated", by), now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        wake();
        await audit.DeliverAsync(cancel);
        return webhook;
    }

    public async Task DeleteAsync(Workspace workspace, Guid id, Caller by, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(workspace, cancel);
        var webhook = await FoundAsync(workspace, id, cancel);
        db.Set<Webhook>().Remove(webhook);
        await SecretsOf(webhook).ExecuteDeleteAsync(cancel);
        await PendingDeliveries.DeleteAsync(db, webhook, cancel);
        audit.Tell(workspace, AuditRecords.WebhookChanged(webhook, "deleted", by), time.GetStoreNow());
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await audit.DeliverAsync(cancel);
    }

    /// <summary>Another secret; the last one signs along for a day, as those before it do until theirs is over.</summary>
    public async Task<string> RotateAsync(Workspace workspace, Guid id, Caller by, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(workspace, cancel);
        var webhook = await FoundAsync(workspace, id, cancel);
        var now = time.GetStoreNow();
        await SecretsOf(webhook).Where(secret => secret.EndsAt <= now).ExecuteDeleteAsync(cancel);
        if (await SecretsOf(webhook).CountAsync(cancel) >= MostSecrets)
            throw ProblemException.Conflict("", $"{MostSecrets} secrets sign already: their day has to be over first.");
        await SecretsOf(webhook).Where(secret => secret.EndsAt == null)
            .ExecuteUpdateAsync(secret => secret.SetProperty(s => s.EndsAt, now + SignsAlong), cancel);
        var text = await AddSecretAsync(webhook, now, cancel);
        audit.Tell(workspace, AuditRecords.WebhookChanged(webhook, "secret_added", by), now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await audit.DeliverAsync(cancel);
        return text;
    }

    async Task<string> AddSecretAsync(Webhook webhook, DateTimeOffset now, CancellationToken cancel)
    {
        var secret = SealedSecrets.New();
        db.Set<WebhookSecret>().Add(new WebhookSecret
        {
            WorkspaceKey = webhook.WorkspaceKey,
            WebhookId = webhook.Id,
            Id = Guid.CreateVersion7(now),
            Sealed = await secrets.SealAsync(webhook.Id, secret, cancel),
            CreatedAt = now,
        });
        return SealedSecrets.Text(secret);
    }

    async Task LockAsync(Workspace workspace, CancellationToken cancel)
    {
        if (!await db.LockAsync(workspace.Key, cancel))
            throw ProblemException.NotFound();
    }

    async Task<Webhook> FoundAsync(Workspace workspace, Guid id, CancellationToken cancel) =>
        await db.LockedWebhookAsync(workspace.Key, id, cancel) ?? throw ProblemException.NotFound();

    IQueryable<Webhook> Of(Workspace workspace) => db.Set<Webhook>().Where(webhook => webhook.WorkspaceKey == workspace.Key);

    IQueryable<WebhookSecret> SecretsOf(Webhook webhook) =>
        db.Set<WebhookSecret>().Where(secret => secret.WorkspaceKey == webhook.WorkspaceKey && secret.WebhookId == webhook.Id);

    static string[] EventsOf(IReadOnlyList<string?> events) => [.. events.Select(name => name!).Distinct()];
}
