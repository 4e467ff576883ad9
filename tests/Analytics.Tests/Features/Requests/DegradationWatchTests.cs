using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Requests;

/// <summary>Every new degradation is told in the event log, once, whatever happens to nodes and however late requests come.</summary>
[Collection<Timed>]
public sealed class DegradationWatchTests(TimedApi timed)
{
    [Fact]
    public async Task A_new_degradation_is_told_within_a_minute_as_the_route_shows_it()
    {
        var (workspace, hour) = await UsualAsync();
        await using var log = await Telling.LogAsync(workspace, "?names=anomaly.detected");
        await SendAsync(workspace, Some(hour, 60, 35));
        var next = log.NextAsync();
        timed.Clock.Advance(TimeSpan.FromMinutes(1));
        await timed.Clock.RunAsync(next);

        var record = (await next).Json;
        Assert.Equal(
            ["anomaly.detected", "USAGE", "system", "WARN", null, null, "endpoint", "GET:/orders", null],
            ((string[])["eventType", "category", "source", "severity", "actorType", "actorId", "targetType", "targetId", "correlationId"])
                .Select(member => record.GetProperty(member).GetString()));
        var row = Assert.Single((await workspace.GetAsync("/api/requests/degradations")).GetProperty("data").EnumerateArray());
        Assert.True(JsonElement.DeepEquals(row, record.GetProperty("payload")), $"{row}\n{record}");
        Assert.Equal(hour, row.GetProperty("since").GetDateTimeOffset());
        Assert.Equal(3.5m, row.GetProperty("factor").GetDecimal());
        Assert.InRange(record.GetProperty("createdAt").GetDateTimeOffset(), timed.Now.AddMinutes(-2), timed.Now);
    }

    [Fact]
    public async Task It_is_not_told_again_while_it_goes_on_but_when_it_comes_back()
    {
        var (workspace, hour) = await UsualAsync();
        await SendAsync(workspace, Some(hour, 60, 35));
        await LookAsync(workspace);
        await SendAsync(workspace, Some(hour, 60, 45));
        await LookAsync(workspace);
        Assert.Equal([hour], await ToldAsync(workspace));

        // The hour gets well, and ill again; and then the next one.
        await SendAsync(workspace, Some(hour, 3_000, 10));
        await LookAsync(workspace);
        await SendAsync(workspace, Some(hour, 3_000, 45));
        await LookAsync(workspace);
        await ToAsync(hour.AddHours(1));
        await SendAsync(workspace, Some(hour.AddHours(1), 60, 35));
        await LookAsync(workspace);
        Assert.Equal([hour], await ToldAsync(workspace));

        // One that is well in between, and one that has too few requests to say so.
        await ToAsync(hour.AddHours(3));
        await SendAsync(workspace, Some(hour.AddHours(2), 60, 10), Some(hour.AddHours(3), 60, 35));
        await LookAsync(workspace);
        await ToAsync(hour.AddHours(5));
        await SendAsync(workspace, Some(hour.AddHours(4), 49, 35), Some(hour.AddHours(5), 60, 35));
        await LookAsync(workspace);
        Assert.Equal([hour, hour.AddHours(3), hour.AddHours(5)], await ToldAsync(workspace));
    }

    [Fact]
    public async Task Each_measure_and_endpoint_is_told_for_itself()
    {
        var (workspace, hour) = await UsualAsync();
        await SendAsync(workspace, Some(hour, 60, 35, 500), Some(hour, 60, 35, path: "/unknown"), Some(hour, 60, 10, 503, "/items"));
        await LookAsync(workspace);

        Assert.Equal(
            ["GET:/items serverErrorRate", "GET:/orders p95", "GET:/orders serverErrorRate"],
            (await PayloadsAsync(workspace)).Select(row => $"{row.GetProperty("endpoint")} {row.GetProperty("measure")}").Order());
    }

    [Fact]
    public async Task Late_requests_are_looked_at_within_a_day_and_make_no_second_degradation_of_one()
    {
        var (workspace, hour) = await UsualAsync();
        await SendAsync(workspace, Some(hour.AddHours(-2), 60, 35));
        await LookAsync(workspace);
        Assert.Equal([hour.AddHours(-2)], await ToldAsync(workspace));

        // It began before, and joins another one that was told.
        await SendAsync(workspace, Some(hour, 60, 35));
        await LookAsync(workspace);
        await SendAsync(workspace, Some(hour.AddHours(-3), 60, 35), Some(hour.AddHours(-1), 60, 35));
        await LookAsync(workspace);
        Assert.Equal([hour.AddHours(-2), hour], await ToldAsync(workspace));

        // Of 23 hours ago, and of 25.
        await SendAsync(workspace, Some(hour.AddHours(-23), 60, 35), Some(hour.AddHours(-26), 60, 35));
        await LookAsync(workspace);
        Assert.Equal([hour.AddHours(-23), hour.AddHours(-2), hour], await ToldAsync(workspace));
    }

    [Fact]
    public async Task Late_requests_that_part_a_degradation_make_no_second_one()
    {
        var (workspace, hour) = await UsualAsync();
        await SendAsync(workspace, Some(hour.AddHours(-2), 60, 35), Some(hour.AddHours(-1), 60, 35), Some(hour, 60, 35));
        await LookAsync(workspace);
        await SendAsync(workspace, Some(hour.AddHours(-1), 3_000, 10));
        await LookAsync(workspace);
        await SendAsync(workspace, Some(hour, 60, 35));
        await LookAsync(workspace);

        Assert.Equal([hour.AddHours(-2)], await ToldAsync(workspace));
    }

    [Fact]
    public async Task Late_requests_of_long_ago_begin_where_they_began()
    {
        var (workspace, hour) = await UsualAsync();
        for (var ago = 30; ago >= 20; ago--)
            await SendAsync(workspace, Some(hour.AddHours(-ago), 60, 35));
        await LookAsync(workspace);

        Assert.Equal([hour.AddHours(-30)], await ToldAsync(workspace));
    }

    [Fact]
    public async Task Two_nodes_and_one_that_starts_anew_tell_it_once()
    {
        var (workspace, hour) = await UsualAsync();
        var second = await Node.StartAsync(timed.Api, timed.Clock);
        await using (second)
            for (var ago = 5; ago >= 0; ago--)
            {
                await Task.WhenAll(
                    workspace.TellAsync(Some(hour.AddHours(-ago), 60, 35)), second.Of(workspace).TellAsync(Some(hour.AddHours(-ago), 60, 35)));
                await LookAsync(workspace);
            }

        await using var third = await Node.StartAsync(timed.Api, timed.Clock);
        await SendAsync(workspace, Some(hour, 60, 35));
        await LookAsync(workspace);
        Assert.Equal([hour.AddHours(-5)], await ToldAsync(workspace));
    }

    [Fact]
    public async Task What_was_saved_and_not_told_is_told_once_by_whoever_comes()
    {
        var (workspace, hour) = await UsualAsync();
        var key = await RandomLife.KeyOfAsync(workspace);
        // As if a node had died right after it saved: the writer waits for the workspace, which somebody holds.
        await SendAsync(workspace, Some(hour, 60, 35));
        await using (await HeldWorkspace.OfAsync(workspace))
        {
            timed.Clock.Advance(TimeSpan.FromMinutes(1));
            await Until.HoldsAsync(async () => await CountAsync("outbox", key) == 1 && await CountAsync("moved_hours", key) == 0, "Nothing is saved.");
            Assert.Empty(await ToldAsync(workspace));
        }

        var told = Until.HoldsAsync(async () => await CountAsync("outbox", key) == 0, "Nothing is told.");
        await timed.Clock.RunAsync(told);
        Assert.Equal([hour], await ToldAsync(workspace));
    }

    [Fact]
    public async Task Workspaces_whose_requests_are_of_long_ago_are_not_looked_at()
    {
        var (workspace, _) = await UsualAsync();
        Assert.Equal(0, await CountAsync("moved_hours", await RandomLife.KeyOfAsync(workspace)));
    }

    /// <summary>A workspace whose endpoints took 10 ms at every hour of two weeks, and the running hour, which has begun just now.</summary>
    async Task<(WorkspaceClient Workspace, DateTimeOffset Hour)> UsualAsync()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var hour = new DateTimeOffset(timed.Now.UtcDateTime.Date, TimeSpan.Zero).AddHours(timed.Now.Hour + 1);
        await ToAsync(hour);
        foreach (var week in (int[])[1, 2])
            foreach (var path in (string[])["/orders", "/items"])
                await workspace.TellAsync(Enumerable.Range(-31, 40).SelectMany(at => Some(hour.AddDays(-7 * week).AddHours(at), 50, 10, path: path)).ToArray());
        return (workspace, hour);
    }

    static Task<JsonElement> SendAsync(WorkspaceClient workspace, params JsonNode[][] requests) =>
        workspace.TellAsync(requests.SelectMany(each => each));

    Task ToAsync(DateTimeOffset hour)
    {
        timed.Clock.Advance(hour.AddMinutes(10) - timed.Now);
        return Task.CompletedTask;
    }

    static JsonNode[] Some(DateTimeOffset hour, int count, decimal latency, int status = 200, string path = "/orders") =>
        [.. Enumerable.Range(0, count).Select(n => SomeRequests.Request(path, latency, status, hour.AddSeconds(n % 600)))];

    /// <summary>Lets a minute go by, and waits until what moved was looked at and told.</summary>
    async Task LookAsync(WorkspaceClient workspace)
    {
        var key = await RandomLife.KeyOfAsync(workspace);
        timed.Clock.Advance(TimeSpan.FromMinutes(1));
        await timed.Clock.RunAsync(Until.HoldsAsync(
            async () => await CountAsync("moved_hours", key) == 0 && await CountAsync("outbox", key) == 0, "What moved is not looked at."));
    }

    Task<long> CountAsync(string table, int workspace) =>
        timed.Api.Store.ScalarAsync<long>($"select count(*) from {table} where workspace_id = $1", [workspace], default);

    async Task<List<DateTimeOffset>> ToldAsync(WorkspaceClient workspace) =>
        [.. (await PayloadsAsync(workspace)).Select(row => row.GetProperty("since").GetDateTimeOffset()).Order()];

    async Task<List<JsonElement>> PayloadsAsync(WorkspaceClient workspace) => await timed.Api.Store.QueryAsync(
        "select payload from audit where workspace_id = $1 and name = 'anomaly.detected'", [await RandomLife.KeyOfAsync(workspace)], row => JsonElement.Parse(row.GetString(0)), default);
}
