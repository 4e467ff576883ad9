using System.Text.Json;
using Analytics.Contract;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Audit;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Reports;

/// <summary>What a run came to.</summary>
/// <param name="At">The time that was due.</param>
/// <param name="Answer">Null where the question was refused.</param>
/// <param name="Problems">Why it was.</param>
sealed record FinishedRun(DateTimeOffset At, QueryAnswer? Answer, IReadOnlyList<Problem> Problems)
{
    /// <summary>Whose the texts in it are; null where there are none.</summary>
    public RunOwners? Owners { get; init; }

    public Guid Id { get; } = Guid.CreateVersion7(At);

    public string Status => Answer is null ? RunStatus.Failed : Answer.Partial ? RunStatus.Partial : RunStatus.Ok;

    public int Rows => Answer?.Rows.Count ?? 0;
}

/// <summary>
/// A report whose time has come, lent to one node for a while. Who comes too late with its run, after the report was changed or a customer
/// was erased, saves nothing: the report is still due then.
/// </summary>
sealed class DueReport
{
    const int Kept = 30;
    const string Ready = OwnNames.ReportReady;

    /// <summary>After so long another node may try, or the same one again. Longer than any question may take.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    // While somebody is erased, texts of theirs may still be read.
    const string NobodyIsErasedSql = "not exists (select from erasures where workspace_id = reports.workspace_id and status <> 'done')";

    /// <summary>The workspaces with reports that are due at $1.</summary>
    public const string WaitingSql = $"""
        select distinct workspace_id
        from reports
        where again_at <= $1
          and exists (select from workspaces where workspace_id = reports.workspace_id)
          and {NobodyIsErasedSql}
        """;

    const string TakeSql = $"""
        update reports
        set again_at = $3
        where workspace_id = $1
          and id = (
              select id
              from reports
              where workspace_id = $1
                and again_at <= $2
              order by again_at
              limit 1
              for update skip locked)
          and {NobodyIsErasedSql}
        returning id, name, query, every, at, timezone, due_at, created_at, updated_at,
            (select count(*) from erasures where workspace_id = $1)
        """;

    // An erasure holds the row while it renames; so it finds this run, or is found.
    const string LockSql = "select from workspace_seq where workspace_id = $1 for share";

    const string NextSql = """
        update reports
        set due_at = $3, again_at = $3
        where workspace_id = $1
          and id = $2
          and due_at = $4
          and updated_at = $5
          and (select count(*) from erasures where workspace_id = $1) = $6
        """;

    const string KeepSql = """
        insert into report_runs (workspace_id, report_id, id, at, status, rows, answer, problems, text_columns, owners)
        values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10::jsonb)
        """;

    const string ForgetSql = """
        delete from report_runs
        where workspace_id = $1
          and report_id = $2
          and at < (select min(at) from (
              select at
              from report_runs
              where workspace_id = $1
                and report_id = $2
              order by at desc
              limit $3) kept)
        """;

    const string TellSql = """
        insert into outbox (workspace_id, id, subject, name, timestamp, metadata, is_audit)
        values ($1, gen_random_uuid(), $2, $3, $4, $5::jsonb, true)
        """;

    readonly long erasures;

    DueReport(int workspace, NpgsqlDataReader row)
    {
        Report = new()
        {
            WorkspaceKey = workspace,
            Id = row.GetGuid(0),
            Name = row.GetString(1),
            Query = row.GetString(2),
            Every = row.GetString(3),
            At = row.GetFieldValue<TimeOnly>(4),
            Timezone = row.IsDBNull(5) ? null : row.GetString(5),
            DueAt = row.GetFieldValue<DateTimeOffset>(6),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(7),
            UpdatedAt = row.GetFieldValue<DateTimeOffset>(8),
        };
        erasures = row.GetInt64(9);
    }

    public Report Report { get; }

    /// <summary>The one of the workspace that has waited longest; null when none is due or others have them all.</summary>
    public static Task<DueReport?> TakeAsync(NpgsqlDataSource store, int workspace, DateTimeOffset now, CancellationToken cancel) =>
        store.FirstAsync(
            TakeSql, [workspace, now.UtcDateTime, (now + Lease).UtcDateTime], row => new DueReport(workspace, row), cancel);

    /// <summary>Keeps the run, plans the next one and tells it, all at once; false when it came too late.</summary>
    public async Task<bool> SaveAsync(
        NpgsqlDataSource store, Workspace workspace, FinishedRun run, DateTimeOffset next, DateTimeOffset now, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("set local lock_timeout = '10s'", [], cancel);
        await connection.ExecuteAsync(LockSql, [workspace.Key], cancel);
        var planned = await connection.ExecuteAsync(
            NextSql,
            [
                workspace.Key, Report.Id, next.UtcDateTime, Report.DueAt!.Value.UtcDateTime, Report.UpdatedAt.UtcDateTime, erasures,
            ], cancel);
        if (planned == 0)
            return false;
        await connection.ExecuteAsync(
            KeepSql,
            [
                workspace.Key, Report.Id, run.Id, run.At.UtcDateTime, run.Status, run.Rows, TextOf(run.Answer),
                TextOf(run.Answer is null ? run.Problems : null), SqlValue.Of(run.Owners?.Columns), TextOf(run.Owners?.Customers),
            ], cancel);
        await connection.ExecuteAsync(ForgetSql, [workspace.Key, Report.Id, Kept], cancel);
        await connection.ExecuteAsync(
            TellSql, [workspace.Key, workspace.Id, Ready, now.UtcDateTime, JsonSerializer.Serialize(RecordOf(run))], cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    AuditRecord RecordOf(FinishedRun run)
    {
        var byName = LogClass.Of(Ready);
        var payload = new { reportId = Report.Id, runId = run.Id, name = Report.Name, at = run.At, status = run.Status, rows = run.Rows };
        return new(
            Ready, byName.CategoryWord, byName.SeverityWord, "report", $"{Report.Id}",
            JsonSerializer.SerializeToElement(payload, Json.Camel));
    }

    static SqlValue TextOf<T>(T? value) => SqlValue.Of(value is null ? null : JsonSerializer.Serialize(value, Json.Camel));
}
