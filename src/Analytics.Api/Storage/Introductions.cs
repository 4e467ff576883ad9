using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage;

/// <summary>Users are brought into workspaces the same way whether they were here before or not. See docs/decisions/0016.</summary>
static class Introductions
{
    /// <summary>
    /// Makes the user unless the email is known, has the workspaces call them by this name, and gives their id. Within a transaction.
    /// </summary>
    public static async Task<Guid> IntroduceAsync(this AnalyticsDb db, User user, int[] workspaces, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync($"""
            insert into users (id, email, name, created_at)
            values ({user.Id}, {user.Email}, {user.Name}, {user.CreatedAt})
            on conflict (email) do nothing
            """, cancel);
        var id = await db.Set<User>().Where(u => u.Email == user.Email).Select(u => u.Id).SingleAsync(cancel);
        await db.Database.ExecuteSqlAsync($"""
            insert into introductions (workspace_id, user_id, name, created_at)
            select workspace, {id}, {user.Name}, {user.CreatedAt}
            from unnest({workspaces}) as managed (workspace)
            on conflict (workspace_id, user_id) do update set name = excluded.name
            """, cancel);
        return id;
    }
}
