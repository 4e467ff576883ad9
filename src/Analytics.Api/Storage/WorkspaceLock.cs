using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage;

/// <summary>
/// The lock of a workspace: its row of counters. Every writer takes it before it changes facts, rollups or people; who
/// holds it sees them stand still.
/// </summary>
static class WorkspaceLock
{
    /// <summary>Takes the lock until the transaction ends. False when the workspace is gone.</summary>
    public static async Task<bool> LockAsync(this AnalyticsDb db, int workspace, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync($"set local lock_timeout = '10s'", cancel);
        var found = await db.Database
            .SqlQuery<int>($"select workspace_id as \"Value\" from workspace_seq where workspace_id = {workspace} for update")
            .ToListAsync(cancel);
        return found.Count > 0;
    }
}
