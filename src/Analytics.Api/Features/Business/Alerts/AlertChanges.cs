using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Business.Alerts;

/// <summary>
/// Writes alerts, under the row that says that they change: so they are counted before one is added, and the node that watches tells
/// nothing of one that is not as it knows it.
/// </summary>
sealed class AlertChanges(AnalyticsDb db, IValidator<NewAlert> rules, TimeProvider time)
{
    const int MostAlerts = 100;

    public async Task<Alert> AddAsync(Workspace workspace, NewAlert request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TakeAsync(workspace, cancel);
        await CheckAppAsync(workspace, request, cancel);
        if (await Of(workspace).CountAsync(cancel) >= MostAlerts)
            throw ProblemException.Conflict("", $"A workspace has at most {MostAlerts} alerts.");
        var added = new Alert
        {
            WorkspaceKey = workspace.Key,
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Name = request.Name!,
            Enabled = request.Enabled ?? true,
            Severity = request.Severity ?? AlertWords.DefaultSeverity,
            Query = AlertAnswer.Write(request.Query),
            Statistic = AlertAnswer.Write(request.Statistic),
            Span = request.Window!,
            Condition = AlertAnswer.Write(request.When)!,
            CreatedAt = time.GetStoreNow(),
        };
        db.Set<Alert>().Add(added);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return added;
    }

    public async Task<Alert> ChangeAsync(Workspace workspace, Guid id, AlertChange request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TakeAsync(workspace, cancel);
        var alert = await Of(workspace).FirstOrDefaultAsync(alert => alert.Id == id, cancel) ?? throw ProblemException.NotFound();
        var before = WatchedAlert.Asked(alert);
        var now = request.Of(before);
        var problems = await rules.ValidateAsync(now, cancel);
        if (!problems.IsValid)
            throw ProblemException.Invalid([.. problems.Errors.Select(problem => new Problem(
                JsonPointer.OfProperty(problem.PropertyName, Naming.Camel), problem.ErrorCode, problem.ErrorMessage))]);
        // What is sent as it is changes nothing, and need not hold any more: the app may be gone.
        if (AlertAnswer.Write(now.Statistic) != AlertAnswer.Write(before.Statistic))
            await CheckAppAsync(workspace, now, cancel);
        (alert.Name, alert.Enabled, alert.Severity, alert.Span) = (now.Name!, now.Enabled!.Value, now.Severity!, now.Window!);
        (alert.Query, alert.Statistic, alert.Condition) =
            (AlertAnswer.Write(now.Query), AlertAnswer.Write(now.Statistic), AlertAnswer.Write(now.When)!);
        // Whoever sends it back, changed or not, has it tried again.
        alert.TooLarge &= alert.Enabled && request is { Query: null, Statistic: null, Window: null, When: null };
        if (!alert.Enabled || !IsSame(before, now))
            await ForgetAsync(workspace.Key, id, cancel);

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return alert;
    }

    public async Task DeleteAsync(Workspace workspace, Guid id, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TakeAsync(workspace, cancel);
        if (await Of(workspace).Where(alert => alert.Id == id).ExecuteDeleteAsync(cancel) == 0)
            throw ProblemException.NotFound();
        // What it told stays for a while, unseen: whoever is erased may be named in it, and in its records.
        await ForgetAsync(workspace.Key, id, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Whether they watch the same, crossed by the same.</summary>
    static bool IsSame(NewAlert one, NewAlert other) => Watched(one) == Watched(other);

    static (string? Query, string? Statistic, string? Window, string? When) Watched(NewAlert alert) =>
        (AlertAnswer.Write(alert.Query), AlertAnswer.Write(alert.Statistic), alert.Window, AlertAnswer.Write(alert.When));

    // What it was crossed by says nothing of what it is now: as far as anybody can tell, it is back.
    Task<int> ForgetAsync(int workspace, Guid alert, CancellationToken cancel) => db.Database.ExecuteSqlAsync($"""
        update alert_crossings
        set is_open = false, back_at = {time.GetStoreNow()}
        where workspace_id = {workspace}
          and alert_id = {alert}
          and is_open
        """, cancel);

    async Task TakeAsync(Workspace workspace, CancellationToken cancel) => await db.Database.ExecuteSqlAsync($"""
        insert into alert_watches (workspace_id)
        values ({workspace.Key})
        on conflict (workspace_id) do update
        set revision = alert_watches.revision + 1
        """, cancel);

    async Task CheckAppAsync(Workspace workspace, NewAlert alert, CancellationToken cancel)
    {
        if (alert.Statistic is not { Scope: AlertWords.OfApp, Id: { } name })
            return;
        var isId = Guid.TryParse(name, out var id);
        if (!await db.Set<App>().AnyAsync(app => app.WorkspaceKey == workspace.Key && app.DeletedAt == null
            && (app.NaturalId == name || (isId && app.Id == id)), cancel))
            throw ProblemException.Invalid(new Problem("/statistic/id", "unknown", "Must be an app of the workspace."));
    }

    IQueryable<Alert> Of(Workspace workspace) => db.Set<Alert>().Where(alert => alert.WorkspaceKey == workspace.Key);
}
