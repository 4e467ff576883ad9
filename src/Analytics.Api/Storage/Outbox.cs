using System.Text;
using System.Text.Json;
using Analytics.Storage.Audit;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage;

/// <summary>
/// Delivers the rows of the outbox as events or audit records and deletes them: right after the change they report, and in the
/// background what a crash, an outage or an overload left behind, some of each workspace in turn. Any node may do it, two may do it at
/// once: the deduplication key lets one of them.
/// </summary>
sealed class Outbox(
    FactWriter writer, IDbContextFactory<AnalyticsDb> contexts, WakeWebhooks wake, StoreReadiness readiness, TimeProvider clock,
    ILogger<Outbox> log) : WorkspaceJob(readiness, clock, log)
{
    const int AtOnce = 500;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Delivers the rows of a subject after its change was committed, older ones first. A failure does not concern the caller,
    /// whose change stands: the rows are delivered later.
    /// </summary>
    public async Task DeliverAsync(Workspace workspace, Guid subject, CancellationToken cancel)
    {
        try
        {
            // Goes on when nobody waits any more.
            await DeliverSubjectAsync(workspace, subject).WaitAsync(Patience, cancel);
            Failures.Worked();
        }
        catch (Exception e)
        {
            Later(workspace, e);
        }
    }

    protected override string Work => "Delivering the outbox";

    protected override async Task<List<int>> WaitingAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Set<OutboxRow>().Select(a => a.WorkspaceKey).Distinct().ToListAsync(cancel);
    }

    // A failure ends the workspace's turn: what could not be delivered comes before anything younger, or the order would be lost.
    protected override async Task<bool> StepAsync(int workspace, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var page = await UndeliveredAsync(db, db.Set<OutboxRow>().Where(a => a.WorkspaceKey == workspace), cancel);
        var owner = await db.Set<Workspace>().AsNoTracking().SingleOrDefaultAsync(w => w.Key == workspace, cancel);
        if (owner is null)
            return await DeleteAsync(db, workspace, page, cancel) > 0; // the workspace is gone
        try
        {
            return await DeliverAsync(db, owner, page, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            Later(owner, e);
            return false;
        }
    }

    async Task DeliverSubjectAsync(Workspace workspace, Guid subject)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var rows = db.Set<OutboxRow>().Where(a => a.WorkspaceKey == workspace.Key && a.Subject == subject);
        List<Undelivered> page;
        do
            page = await UndeliveredAsync(db, rows, CancellationToken.None);
        while (await DeliverAsync(db, workspace, page, CancellationToken.None) && page.Count == AtOnce);
    }

    /// <summary>
    /// False when some were refused: their customer was erased since they were read, and they do not name it any more. All of them in
    /// other hands are waited for.
    /// </summary>
    async Task<bool> DeliverAsync(AnalyticsDb db, Workspace workspace, List<Undelivered> undelivered, CancellationToken cancel)
    {
        var written = await writer.WriteAsync(workspace, [.. undelivered.Select(FactOf)], partial: true, cancel);
        if (undelivered.Count > 0)
            wake();
        var refused = written.Refusals.Select(refusal => refusal.Index).ToHashSet();
        var deleted = await DeleteAsync(db, workspace.Key, [.. undelivered.Where((_, at) => !refused.Contains(at))], cancel);
        if (deleted == 0 && refused.Count == 0)
            await LetGoAsync(db, workspace.Key, undelivered, cancel);
        return refused.Count == 0;
    }

    static IncomingFact FactOf(Undelivered undelivered, int at)
    {
        var row = undelivered.Row;
        var timestamp = (row.Timestamp - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var key = Encoding.ASCII.GetBytes(row.Id.ToString());
        return row.IsAudit
            ? new IncomingAudit(JsonSerializer.Deserialize<AuditRecord>(row.Metadata)!, row.Number)
            {
                Index = at,
                Timestamp = timestamp,
                KeyKind = KeyKind.Audit,
                HiddenKey = key,
            }
            : new IncomingEvent
            {
                Index = at,
                Name = row.Name,
                Source = EventSource.System,
                Timestamp = timestamp,
                CustomerId = undelivered.IsOfCustomer ? row.Subject : null,
                KeyKind = KeyKind.Outbox,
                HiddenKey = key,
                Metadata = Encoding.UTF8.GetBytes(row.Metadata),
                Log = LogWords.In(Encoding.UTF8.GetBytes(row.Metadata)),
            };
    }

    static Task<List<Undelivered>> UndeliveredAsync(AnalyticsDb db, IQueryable<OutboxRow> rows, CancellationToken cancel) => rows
        .AsNoTracking()
        .OrderBy(a => a.Number)
        .Take(AtOnce)
        .Select(a => new Undelivered(a, db.Set<Customer>().Any(c => c.WorkspaceKey == a.WorkspaceKey && c.Id == a.Subject)))
        .ToListAsync(cancel);

    // A locked row is being delivered by another node, or erased. It stays and is delivered once more, which changes nothing.
    static async Task<int> DeleteAsync(AnalyticsDb db, int workspace, List<Undelivered> delivered, CancellationToken cancel) =>
        delivered.Count == 0 ? 0 : await db.Database.ExecuteSqlAsync($"""
            delete from outbox
            where workspace_id = {workspace}
                and number in (
                    select number
                    from outbox
                    where workspace_id = {workspace} and number = any({delivered.Select(row => row.Row.Number).ToArray()})
                    for update skip locked)
            """, cancel);

    // Who holds them has deleted them after that, or looked and left them: the next look tells. It fails when that takes long.
    static async Task LetGoAsync(AnalyticsDb db, int workspace, List<Undelivered> delivered, CancellationToken cancel)
    {
        if (delivered.Count == 0)
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlAsync($"set local lock_timeout = '1s'", cancel);
        await db.Database.ExecuteSqlAsync($"""
            select
            from outbox
            where workspace_id = {workspace} and number = any({delivered.Select(row => row.Row.Number).ToArray()})
            for update
            """, cancel);
    }

    // A full queue, rows that are held, a writer that takes its time and a caller who does not wait are nothing to look into.
    void Later(Workspace workspace, Exception why)
    {
        if (why is OverloadedException or OperationCanceledException or TimeoutException || IsLocked(why))
            log.LogWarning("The outbox of {Workspace} is delivered later: {Reason}", workspace.Id, why.Message);
        else
            Failures.Failed(why, $"Delivering the outbox of workspace {workspace.Id}", "it is delivered later");
    }

    sealed record Undelivered(OutboxRow Row, bool IsOfCustomer);
}
