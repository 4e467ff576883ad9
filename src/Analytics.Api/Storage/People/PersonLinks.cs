using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.People;

/// <summary>
/// Keeps <c>people.same_as</c> true when a customer's ids change: the person known by an external id is the person known by
/// the customer that has it. The writer applies the same rule when it makes people. Call it under the workspace lock.
/// </summary>
static class PersonLinks
{
    public static async Task RelinkAsync(
        this AnalyticsDb db, int workspace, IReadOnlyCollection<string> externalIds, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync($"""
            update people as named
            set same_as = (
                select known.person
                from customers
                join people as known
                    on known.workspace_id = customers.workspace_id and known.customer_id = customers.id
                where customers.workspace_id = named.workspace_id
                    and customers.external_id = named.external_id)
            where named.workspace_id = {workspace}
                and named.external_id = any({externalIds.ToArray()})
            """, cancel);
        await db.ForgetPeopleAsync(workspace, cancel);
    }

    /// <summary>Tells every node that what it remembers of this workspace's people no longer holds.</summary>
    public static Task ForgetPeopleAsync(this AnalyticsDb db, int workspace, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"update workspace_seq set version = version + 1 where workspace_id = {workspace}", cancel);
}
