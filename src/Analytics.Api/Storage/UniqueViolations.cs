using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Analytics.Storage;

/// <summary>Tells a taken name from everything else that can go wrong while saving.</summary>
static class UniqueViolations
{
    /// <summary>Saves; false when a unique key already holds one of the values.</summary>
    public static async Task<bool> TrySaveAsync(this AnalyticsDb db, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }
}
