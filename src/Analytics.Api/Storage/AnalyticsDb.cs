using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Analytics.Storage;

/// <summary>
/// The configuration rows, for LINQ; the attributes of each in Schema say how it is stored. Facts and rollups are written by
/// <c>FactWriter</c> and read with SQL.
/// </summary>
sealed class AnalyticsDb(DbContextOptions<AnalyticsDb> options) : DbContext(options)
{
    /// <summary>
    /// Takes the lock of a workspace, its row of counters, until the transaction ends. False when the workspace is gone. Every writer
    /// takes it before it changes facts, rollups or people; who holds it sees them stand still.
    /// </summary>
    public async Task<bool> LockAsync(int workspace, CancellationToken cancel)
    {
        await Database.ExecuteSqlAsync($"set local lock_timeout = '10s'", cancel);
        var found = await Database
            .SqlQuery<int>($"select workspace_id as \"Value\" from workspace_seq where workspace_id = {workspace} for update")
            .ToListAsync(cancel);
        return found.Count > 0;
    }

    /// <summary>Saves; false when a unique key already holds one of the values.</summary>
    public async Task<bool> TrySaveAsync(CancellationToken cancel)
    {
        try
        {
            await SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var row in typeof(AnalyticsDb).Assembly.GetTypes().Where(type => type.IsDefined(typeof(TableAttribute), inherit: false)))
            modelBuilder.Entity(row);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            if (property.FindAnnotation("Relational:ColumnName") is null)
                property.SetColumnName(SnakeCase(property.Name));
    }

    static string SnakeCase(string name) =>
        string.Concat(name.Select((c, at) => char.IsUpper(c) && at > 0 ? "_" + char.ToLowerInvariant(c) : $"{char.ToLowerInvariant(c)}"));
}

/// <summary>The clock as the store keeps it: an answer must not change its last digit once it was stored.</summary>
static class StoreTime
{
    /// <summary>Now, cut to the microsecond.</summary>
    public static DateTimeOffset GetStoreNow(this TimeProvider time) => ToMicroseconds(time.GetUtcNow());

    public static DateTimeOffset ToMicroseconds(this DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
