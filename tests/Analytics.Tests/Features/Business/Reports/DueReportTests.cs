using Analytics.Features.Business.Query;
using Analytics.Features.Business.Reports;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tests.Features.Erasure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Reports;

/// <summary>A report that is due is lent to one node at a time, and a run that comes too late changes nothing.</summary>
public sealed class DueReportTests(AnalyticsApi api)
{
    static readonly QueryAnswer Nothing = new(["count"], [], false, null);

    [Fact]
    public async Task Whoever_takes_a_report_has_it_for_a_while()
    {
        var (workspace, due, now) = await DueAsync();

        Assert.NotNull(await TakeAsync(workspace, now));
        Assert.Null(await TakeAsync(workspace, now));
        Assert.Null(await TakeAsync(workspace, now.AddSeconds(59)));
        Assert.Equal(due, (await TakeAsync(workspace, now.AddSeconds(60)))!.Report.DueAt);
        Assert.Null(await TakeAsync(workspace, due.AddSeconds(-1)));
    }

    [Fact]
    public async Task Of_two_who_have_it_one_saves_its_run()
    {
        var (workspace, _, now) = await DueAsync();
        var (slow, quick) = (await TakeAsync(workspace, now), await TakeAsync(workspace, now.AddMinutes(1)));

        Assert.True(await SaveAsync(workspace, quick!));
        Assert.False(await SaveAsync(workspace, slow!));
        Assert.Equal(1, await CountAsync(workspace, "select count(*) from report_runs where workspace_id = $1"));
        await Until.HoldsAsync(
            async () => await CountAsync(workspace, "select count(*) from outbox where workspace_id = $1 and name = 'report.ready'") == 0,
            "The run is not told.");
        Assert.Equal(1, await CountAsync(workspace, "select count(*) from audit where workspace_id = $1 and name = 'report.ready'"));
    }

    [Fact]
    public async Task A_run_of_a_report_that_was_changed_or_deleted_meanwhile_is_not_saved()
    {
        var (workspace, due, now) = await DueAsync();
        var taken = (await TakeAsync(workspace, now))!;
        await workspace.PutAsync($"{SomeReports.Path}/{taken.Report.Id}", SomeReports.ByCustomer("Other", schedule: SomeReports.Schedule("day", $"{due:HH:mm}")));
        Assert.False(await SaveAsync(workspace, taken));

        taken = (await TakeAsync(workspace, now.AddMinutes(1)))!;
        Assert.Equal("Other", taken.Report.Name);
        await workspace.DeleteAsync($"{SomeReports.Path}/{taken.Report.Id}");
        Assert.False(await SaveAsync(workspace, taken));
        Assert.Equal(0, await CountAsync(workspace, "select count(*) from report_runs where workspace_id = $1"));
    }

    [Fact]
    public async Task A_run_that_may_name_somebody_who_was_erased_meanwhile_is_not_saved()
    {
        var (workspace, _, now) = await DueAsync();
        var taken = (await TakeAsync(workspace, now))!;

        await workspace.EraseAsync(await workspace.NewCustomerAsync("acme"));

        Assert.False(await SaveAsync(workspace, taken));
        Assert.True(await SaveAsync(workspace, (await TakeAsync(workspace, now.AddMinutes(1)))!));
    }

    [Theory, InlineData(false, "ok"), InlineData(true, "partial")]
    public void A_run_says_whether_it_counted_everything(bool partial, string status) =>
        Assert.Equal(status, new FinishedRun(Some.Day, Nothing with { Partial = partial }, []).Status);

    /// <summary>A workspace with a report that is due tomorrow, as it is for these tests alone, and that time.</summary>
    async Task<(WorkspaceClient Workspace, DateTimeOffset Due, DateTimeOffset Now)> DueAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        var tomorrow = TimeProvider.System.GetUtcNow().AddHours(12);
        var report = await workspace.SaveAsync(SomeReports.ByCustomer(schedule: SomeReports.Schedule("day", $"{tomorrow:HH:mm}")));
        var due = (await workspace.GetAsync(report)).GetProperty("nextRunAt").GetDateTimeOffset();
        return (workspace, due, due.AddSeconds(5));
    }

    async Task<DueReport?> TakeAsync(WorkspaceClient workspace, DateTimeOffset now) =>
        await DueReport.TakeAsync(api.Store, await workspace.NumberAsync(), now, default);

    async Task<bool> SaveAsync(WorkspaceClient workspace, DueReport due)
    {
        await using var db = await api.Services.GetRequiredService<IDbContextFactory<AnalyticsDb>>().CreateDbContextAsync();
        var at = due.Report.DueAt!.Value;
        return await due.SaveAsync(
            api.Store, await db.Set<Workspace>().SingleAsync(row => row.Id == workspace.Id), new FinishedRun(at, Nothing, []), at.AddDays(1), at, default);
    }

    async Task<long> CountAsync(WorkspaceClient workspace, string sql) =>
        await api.Store.ScalarAsync<long>(sql, [await workspace.NumberAsync()], default);
}
