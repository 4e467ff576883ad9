using static Analytics.Tests.Features.Metrics.Dashboard;

namespace Analytics.Tests.Features.Metrics;

[Collection<Timed>]
public sealed class LapsedShareTests(TimedApi timed)
{
    [Fact]
    public async Task After_a_share_ran_out_the_answer_is_new()
    {
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
