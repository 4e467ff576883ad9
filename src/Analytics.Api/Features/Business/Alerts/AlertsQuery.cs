using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Business.Alerts;

/// <summary>Which alerts does a workspace have, and in which state?</summary>
sealed class AlertsQuery(AnalyticsDb db)
{
    public async Task<Page<AlertAnswer>> PageAsync(Workspace workspace, PageRequest page, CancellationToken cancel)
    {
        var key = workspace.Key;
        var crossed = await CrossedAsync(key, cancel);
        return await new Keyset<Alert, Guid>(alert => alert.Id)
            .By("createdAt", alert => alert.CreatedAt).By("name", alert => alert.Name).By("severity", alert => alert.Severity)
            .By("enabled", alert => alert.Enabled ? 1 : 0).By("window", alert => alert.Span).By("id", alert => alert.Id)
            .By("state", alert => !alert.Enabled ? AlertWords.Disabled : alert.TooLarge ? AlertWords.TooLarge
                : crossed.Contains(alert.Id) ? AlertWords.Crossed : AlertWords.Watching)
            .PageAsync(
                db.Set<Alert>().AsNoTracking().Where(alert => alert.WorkspaceKey == key), page,
                alert => AlertAnswer.Of(alert, crossed.Contains(alert.Id)), cancel);
    }

    public async Task<AlertAnswer> FindAsync(Workspace workspace, Guid id, CancellationToken cancel)
    {
        var alert = await db.Set<Alert>().AsNoTracking()
            .FirstOrDefaultAsync(alert => alert.WorkspaceKey == workspace.Key && alert.Id == id, cancel)
            ?? throw ProblemException.NotFound();
        return AlertAnswer.Of(alert, (await CrossedAsync(workspace.Key, cancel)).Contains(id));
    }

    async Task<HashSet<Guid>> CrossedAsync(int workspace, CancellationToken cancel) => [.. await db.Database
        .SqlQuery<Guid>($"select distinct alert_id as \"Value\" from alert_crossings where workspace_id = {workspace} and is_open")
        .ToListAsync(cancel)];
}
