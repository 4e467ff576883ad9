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
        // One by one and by whole keys: of an array of them the planner may compare each with everybody's.
        foreach (var externalId in externalIds)
            await db.Database.ExecuteSqlAsync($"""
                update people
                set same_as = (
                    select known.person
                    from (
                        select id
                        from customers
                        where workspace_id = {workspace}
                          and external_id = {externalId}
                        offset 0
                    ) customer
                    cross join lateral (
                        select person
                        from people
                        where workspace_id = {workspace}
                          and customer_id = customer.id
                        offset 0
                    ) known)
                where workspace_id = {workspace}
                  and external_id = {externalId}
                """, cancel);
        await db.ForgetPeopleAsync(workspace, cancel);
    }

    /// <summary>Tells every node that what it remembers of this workspace's people no longer holds.</summary>
    public static Task ForgetPeopleAsync(this AnalyticsDb db, int workspace, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"update workspace_seq set version = version + 1 where workspace_id = {workspace}", cancel);
}
