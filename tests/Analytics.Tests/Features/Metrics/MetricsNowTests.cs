using static Analytics.Tests.Features.Metrics.Dashboard;

namespace Analytics.Tests.Features.Metrics;

/// <summary>What depends on when it is asked, by a clock that stands still: no midnight comes in between.</summary>
[Collection<Timed>]
public sealed class MetricsNowTests(TimedApi timed)
{
    [Fact]
    public async Task Periods_are_partial_until_they_are_over()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var days = $"{Route}?start_date={timed.Now.AddDays(-2):yyyy-MM-dd}&end_date={timed.Now.AddDays(2):yyyy-MM-dd}&interval=day";

        Assert.Equal([false, false, true, true, true], await PartialAsync());
        timed.Clock.SetUtcNow(new DateTimeOffset(timed.Now.Date.AddDays(1), TimeSpan.Zero).AddMicroseconds(-1));
        Assert.Equal([false, false, true, true, true], await PartialAsync());
        timed.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal([false, false, false, true, true], await PartialAsync());

        async Task<IEnumerable<bool>> PartialAsync() =>
            Periods(await workspace.GetAsync(days)).Select(period => period.TryGetProperty("partial", out _));
    }

    [Fact]
    public async Task In_csv_partial_is_a_column_when_a_period_is()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();

        using var answer = await AskAsync(
            workspace,
            $"{Route}?start_date={timed.Now.AddDays(-1):yyyy-MM-dd}&end_date={timed.Now.AddDays(1):yyyy-MM-dd}&interval=day&format=csv&metrics=costs&metrics=active_user_by_event");

        var lines = (await answer.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
        Assert.Equal("timestamp,partial,costs,active_users", lines[0]);
        Assert.Equal([",,0,0", ",true,0,0", ",true,0,0"], lines[1..].Select(line => line[line.IndexOf(',')..]));
    }

    [Fact]
    public async Task After_a_share_ran_out_the_answer_is_new()
    {
        // No day ends meanwhile.
        timed.Clock.SetUtcNow(new DateTimeOffset(timed.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));
        var workspace = await timed.Api.NewWorkspaceAsync();
        var now = timed.Now;
        await workspace.IngestAsync(Some.Event("file_share.created", now.AddMinutes(-1), metadata: new()
        {
            ["share_id"] = "s",
            ["expires_at"] = now.AddHours(1).UtcDateTime.ToString("O"),
        }));
        var days = $"{Route}?start_date={now.AddDays(-1):yyyy-MM-dd}&end_date={now.AddDays(1):yyyy-MM-dd}&interval=day&metrics=file_share_active_sessions";
        var tag = await TagAsync(workspace, days);

        timed.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(304, await StatusAsync(workspace, days, tag));
        Assert.Equal("1", Total(await workspace.GetAsync(days), "file_share_active_sessions"));

        timed.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(200, await StatusAsync(workspace, days, tag));
        Assert.Equal("0", Total(await workspace.GetAsync(days), "file_share_active_sessions"));
    }
}
