using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Audit;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// The first step of an erasure, in one transaction: the customer and its ids are gone when it is answered. People keep
/// their numbers, so every total stays.
/// </summary>
sealed class CustomerErasure(AnalyticsDb db, DeliverOutbox deliver, ForgetTenants forget, TimeProvider time)
{
    public async Task<Guid> StartAsync(Workspace workspace, Guid customer, Caller by, CancellationToken cancel)
    {
        var job = Guid.CreateVersion7(time.GetUtcNow());
        // The new name of what was a person; a random one, so that nothing leads back.
        var pseudonym = Guid.NewGuid();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            if (!await db.LockAsync(workspace.Key, cancel))
                throw ProblemException.NotFound();
            var erased = await db.Set<Customer>().AsNoTracking()
                .FirstOrDefaultAsync(c => c.WorkspaceKey == workspace.Key && c.Id == customer, cancel)
                ?? throw ProblemException.NotFound();
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            var people = await ErasedPeople.FindAsync(connection, erased, cancel);
            var names = ErasedNames.Of(
                erased, await people.RenameAsync(pseudonym, cancel), await people.SharedCallsAsync(cancel));
            await RecordAsync(erased, job, pseudonym, people.Numbers, names, cancel);
            await new ErasedAlerts(connection, workspace.Key, names).RenameAsync(cancel);
            await new ErasedReports(connection, workspace.Key, names).RenameAsync(cancel);
            await new ErasedTitles(connection, workspace.Key, names).RenameAsync(cancel);
            await new ErasedFindings(connection, workspace.Key, names).RenameWaitingAsync(cancel);
            var keys = await RemoveAsync(erased, cancel);
            var audited = keys.Select(key => AuditRecords.KeyRevoked(key, by)).Append(AuditRecords.CustomerErased(pseudonym, job, by));
            await EnqueueAsync(erased, pseudonym, audited, cancel);
            await transaction.CommitAsync(cancel);
        }
        forget();
        await deliver(workspace, pseudonym, cancel);
        return job;
    }

    async Task RecordAsync(Customer erased, Guid job, Guid pseudonym, int[] people, ErasedNames names, CancellationToken cancel)
    {
        var now = time.GetStoreNow();
        await db.Database.ExecuteSqlAsync($"""
            insert into erasures
                (workspace_id, job_id, pseudonym, people, names, asked_seq, asked_time, asked_commit, status, requested_at, again_at)
            select
                workspace_id, {job}, {pseudonym}, {people}, {names.Kept}::jsonb, seq,
                coalesce(greatest(
                    (select timestamp from events where workspace_id = {erased.WorkspaceKey} order by timestamp desc limit 1),
                    (select timestamp from requests where workspace_id = {erased.WorkspaceKey} order by timestamp desc limit 1)), {now}),
                commits, 'running', {now}, {now}
            from workspace_seq
            where workspace_id = {erased.WorkspaceKey}
            """, cancel);
    }

    /// <summary>Removes the customer; gives the keys that were good until then and went with it.</summary>
    async Task<List<ApiKey>> RemoveAsync(Customer erased, CancellationToken cancel)
    {
        await db.Set<Customer>().Where(c => c.WorkspaceKey == erased.WorkspaceKey && c.Id == erased.Id).ExecuteDeleteAsync(cancel);
        var keys = await db.Set<ApiKey>()
            .FromSql($"delete from api_keys where workspace_id = {erased.WorkspaceKey} and customer_id = {erased.Id} returning *")
            .AsNoTracking().ToListAsync(cancel);
        await db.ForgetPeopleAsync(erased.WorkspaceKey, cancel);
        return keys.FindAll(key => key.RevokedAt is null);
    }

    // Rows that are not delivered yet are about nobody any more. They keep their order and come before the end.
    async Task EnqueueAsync(Customer erased, Guid pseudonym, IEnumerable<AuditRecord> audited, CancellationToken cancel)
    {
        var now = time.GetStoreNow();
        await db.Set<OutboxRow>().Where(a => a.WorkspaceKey == erased.WorkspaceKey && a.Subject == erased.Id).ExecuteUpdateAsync(
            row => row.SetProperty(a => a.Subject, pseudonym).SetProperty(a => a.Metadata, OutboxRow.Naming(pseudonym)), cancel);
        db.Set<OutboxRow>().Add(OutboxRow.OfCustomer(OwnNames.CustomerDeleted, erased.WorkspaceKey, pseudonym, now));
        db.Set<OutboxRow>().AddRange(audited.Select(record => record.InOutbox(erased.WorkspaceKey, pseudonym, now)));
        await db.SaveChangesAsync(cancel);
    }
}
