using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Customers;

/// <summary>
/// Writes customers in the order every writer keeps to: the workspace lock first, then the rows. What happens is
/// put into the outbox in the same transaction, so that its system event is delivered whatever comes between.
/// </summary>
sealed class CustomerChanges(AnalyticsDb db, DeliverOutbox deliver, ForgetTenants forget, TimeProvider time)
{
    public async Task AddAsync(Workspace workspace, Customer customer, CancellationToken cancel)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            if (!await db.LockAsync(workspace.Key, cancel))
                throw ProblemException.NotFound();
            db.Set<Customer>().Add(customer);
            Enqueue(OwnNames.CustomerCreated, customer, customer.CreatedAt);
            await SaveAsync(workspace.Key, [customer.ExternalId], cancel);
            await transaction.CommitAsync(cancel);
        }
        await deliver(workspace, customer.Id, cancel);
    }

    public async Task<Customer> ChangeAsync(Workspace workspace, Guid id, CustomerChange change, CancellationToken cancel)
    {
        Customer customer;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            if (!await db.LockAsync(workspace.Key, cancel))
                throw ProblemException.NotFound();
            customer = await db.Set<Customer>().FirstOrDefaultAsync(c => c.WorkspaceKey == workspace.Key && c.Id == id, cancel)
                ?? throw ProblemException.NotFound();
            var before = customer.ExternalId;
            Apply(change, customer);
            if (!db.ChangeTracker.HasChanges())
                return customer;
            customer.UpdatedAt = time.GetStoreNow();
            Enqueue(OwnNames.CustomerUpdated, customer, customer.UpdatedAt);
            await SaveAsync(workspace.Key, before == customer.ExternalId ? [] : [before, customer.ExternalId], cancel);
            if (before is not null && before != customer.ExternalId)
                await KeepFormerAsync(customer, before, cancel);
            await transaction.CommitAsync(cancel);
        }
        forget();
        await deliver(workspace, id, cancel);
        return customer;
    }

    void Enqueue(string name, Customer customer, DateTimeOffset at) =>
        db.Set<OutboxRow>().Add(OutboxRow.OfCustomer(name, customer.WorkspaceKey, customer.Id, at));

    static void Apply(CustomerChange change, Customer customer)
    {
        customer.ExternalId = change.ExternalId.Or(customer.ExternalId);
        customer.Name = change.Name.Or(customer.Name);
        customer.Email = change.Email.Or(customer.Email);
        if (change.Metadata.IsSet)
            customer.Metadata = CustomerRules.Stored(change.Metadata.Value);
    }

    // An erasure looks for it.
    async Task KeepFormerAsync(Customer customer, string externalId, CancellationToken cancel) => await db.Database.ExecuteSqlAsync($"""
        insert into former_external_ids (workspace_id, customer_id, external_id)
        values ({customer.WorkspaceKey}, {customer.Id}, {externalId})
        on conflict do nothing
        """, cancel);

    async Task SaveAsync(int workspace, string?[] externalIds, CancellationToken cancel)
    {
        if (!await db.TrySaveAsync(cancel))
            throw ProblemException.Conflict("/external_id", "Another customer of the workspace has this external id.");
        var named = externalIds.OfType<string>().Distinct().ToList();
        if (named.Count > 0)
            await db.RelinkAsync(workspace, named, cancel);
    }
}
