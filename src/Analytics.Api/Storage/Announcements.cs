using System.Text;
using Analytics.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage;

/// <summary>
/// Makes events of announcements and forgets them: right after the change they tell of, and in the background what a crash,
/// an outage or an overload left behind. Any node may do it, two may do it at once: the deduplication key lets one of them.
/// </summary>
public sealed class Announcements(
    EventWriter writer, IDbContextFactory<AnalyticsDb> contexts, StoreReadiness readiness, TimeProvider clock, ILogger<Announcements> log)
    : RepeatedJob(readiness, clock, log)
{
    const int AtOnce = 500;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Tells what is untold of the subject, after the change was committed: what was left behind before goes first. A failure
    /// does not concern the caller, whose change stands: it is told later.
    /// </summary>
    public async Task TellAsync(Workspace workspace, Guid subject, CancellationToken cancel)
    {
        try
        {
            // Goes on when nobody waits any more.
            await TellSubjectAsync(workspace, subject).WaitAsync(Patience, cancel);
            Failures.Worked();
        }
        catch (Exception e)
        {
            Later(workspace, e);
        }
    }

    protected override string Work => "Telling what happened to customers";

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        // A workspace that could not be told of waits for the next time, or its order would be lost.
        var held = new HashSet<int>();
        long last = 0;
        while (await UntoldAsync(db, db.Announcements.Where(a => a.Number > last), cancel) is { Count: > 0 } page)
        {
            await TellPageAsync(db, page.Where(untold => !held.Contains(untold.Row.WorkspaceKey)), held, cancel);
            last = page[^1].Row.Number;
        }
    }

    async Task TellPageAsync(AnalyticsDb db, IEnumerable<Untold> page, HashSet<int> held, CancellationToken cancel)
    {
        var byWorkspace = page.ToLookup(untold => untold.Row.WorkspaceKey);
        var keys = byWorkspace.Select(workspace => workspace.Key).ToList();
        var workspaces = await db.Workspaces.AsNoTracking().Where(w => keys.Contains(w.Key)).ToDictionaryAsync(w => w.Key, cancel);
        foreach (var untold in byWorkspace)
            if (!workspaces.TryGetValue(untold.Key, out var workspace))
                await ForgetAsync(db, untold.Key, [.. untold], cancel); // the workspace is gone
            else if (!await TryDeliverAsync(db, workspace, [.. untold], cancel))
                held.Add(untold.Key);
    }

    async Task<bool> TryDeliverAsync(AnalyticsDb db, Workspace workspace, List<Untold> untold, CancellationToken cancel)
    {
        try
        {
            return await DeliverAsync(db, workspace, untold, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            Later(workspace, e);
            return false;
        }
    }

    async Task TellSubjectAsync(Workspace workspace, Guid subject)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var rows = db.Announcements.Where(a => a.WorkspaceKey == workspace.Key && a.Subject == subject);
        List<Untold> page;
        do
            page = await UntoldAsync(db, rows, CancellationToken.None);
        while (await DeliverAsync(db, workspace, page, CancellationToken.None) && page.Count == AtOnce);
    }

    /// <summary>False when some were refused: their customer was erased since they were read, and they do not name it any more.</summary>
    async Task<bool> DeliverAsync(AnalyticsDb db, Workspace workspace, List<Untold> untold, CancellationToken cancel)
    {
        var written = await writer.WriteAsync(workspace, [.. untold.Select(EventOf)], partial: true, cancel);
        var refused = written.Refusals.Select(refusal => refusal.Index).ToHashSet();
        await ForgetAsync(db, workspace.Key, [.. untold.Where((_, at) => !refused.Contains(at))], cancel);
        return refused.Count == 0;
    }

    static IncomingEvent EventOf(Untold untold, int at) => new()
    {
        Index = at,
        Name = untold.Row.Name,
        Source = EventSource.System,
        Timestamp = (untold.Row.Timestamp - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        CustomerId = untold.IsOfCustomer ? untold.Row.Subject : null,
        KeyKind = KeyKind.Announcement,
        HiddenKey = Encoding.ASCII.GetBytes(untold.Row.Id.ToString()),
        Metadata = Encoding.UTF8.GetBytes(untold.Row.Metadata),
    };

    static Task<List<Untold>> UntoldAsync(AnalyticsDb db, IQueryable<Announcement> rows, CancellationToken cancel) => rows
        .AsNoTracking()
        .OrderBy(a => a.Number)
        .Take(AtOnce)
        .Select(a => new Untold(a, db.Customers.Any(c => c.WorkspaceKey == a.WorkspaceKey && c.Id == a.Subject)))
        .ToListAsync(cancel);

    // In the way is another node that told the same, or an erasure: what stays is delivered once more, which changes nothing.
    static async Task ForgetAsync(AnalyticsDb db, int workspace, List<Untold> told, CancellationToken cancel)
    {
        if (told.Count > 0)
            await db.Database.ExecuteSqlAsync($"""
                delete from announcements
                where workspace_id = {workspace}
                    and number in (
                        select number
                        from announcements
                        where workspace_id = {workspace} and number = any({told.Select(untold => untold.Row.Number).ToArray()})
                        for update skip locked)
                """, cancel);
    }

    // A full queue, a writer that takes its time and a caller who does not wait are nothing to look into.
    void Later(Workspace workspace, Exception why)
    {
        if (why is OverloadedException or OperationCanceledException or TimeoutException)
            log.LogWarning("What happened in {Workspace} is told later: {Reason}", workspace.Id, why.Message);
        else
            Failures.Failed(why, $"Telling what happened in workspace {workspace.Id}", "it is told later");
    }

    sealed record Untold(Announcement Row, bool IsOfCustomer);
}
