using System.Net;
using System.Text.Json;

namespace Analytics.Tests.Features.Streams;

/// <summary>The log's stream takes the times that its search takes, but that it has no end by itself.</summary>
public sealed class LogStreamRangeTests(AnalyticsApi api)
{
    const string Path = "/api/v1/events/stream";

    [Fact]
    public async Task Records_outside_the_range_are_not_sent()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace, "?from=2026-03-11T00:00:00Z&to=2026-03-12T00:00:00Z");
        await using var until = await Telling.LogAsync(workspace, "?to=2026-03-11");
        await using var since = await Telling.LogAsync(workspace, "?from=2026-03-12T00:00:00Z");
        await workspace.IngestAsync(
            At(0, Some.Day.AddTicks(-10)), At(1, Some.Day), At(2, Some.Day.AddDays(1).AddTicks(-10)), At(3, Some.Day.AddDays(1)));
        await workspace.TellAsync(4);

        Assert.Equal([1, 2], (await log.TakeAsync(2)).Select(Telling.NumberOf));
        Assert.Equal(0, Telling.NumberOf(await until.NextAsync()));
        Assert.Equal([3, 4], (await since.TakeAsync(2)).Select(Telling.NumberOf));
        await workspace.IngestAsync(At(5, Some.Day), At(6, Some.Day.AddDays(-1)));
        Assert.Equal(5, Telling.NumberOf(await log.NextAsync()));
        Assert.Equal(6, Telling.NumberOf(await until.NextAsync()));
    }

    [Fact]
    public async Task What_was_missed_is_of_the_range_too()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var first = await Telling.LogAsync(workspace);
        await Until.HoldsAsync(() => first.LastId is not null, "A stream says where it is.");
        await workspace.IngestAsync(At(0, Some.Day.AddDays(-1)), At(1, Some.Day));

        await using var again = await Telling.LogAsync(workspace, "?from=2026-03-11", first.LastId);

        Assert.Equal(1, Telling.NumberOf(await again.NextAsync()));
    }

    [Fact]
    public async Task Dates_begin_at_midnight_of_the_zone()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var log = await Telling.LogAsync(workspace, "?from=2026-03-11&to=2026-03-12&timezone=Asia/Kathmandu");
        var midnight = Some.Day.AddHours(-5).AddMinutes(-45);
        await workspace.IngestAsync(
            At(0, midnight.AddMinutes(-1)), At(1, midnight), At(2, midnight.AddDays(1).AddMinutes(-1)), At(3, midnight.AddDays(1)), At(4, midnight));

        Assert.Equal([1, 2, 4], (await log.TakeAsync(3)).Select(Telling.NumberOf));
    }

    [Fact]
    public async Task A_stream_may_begin_with_the_last_date_there_is_in_the_zone_where_it_begins_last()
    {
        var workspace = await api.NewWorkspaceAsync();

        await using var log = await Telling.LogAsync(workspace, "?from=2199-12-31&timezone=Etc/GMT%2B12");

        await Until.HoldsAsync(() => log.LastId is not null, "A stream says where it is.");
    }

    [Theory]
    [InlineData("from=2026-03-12&to=2026-03-11", "to"), InlineData("from=yesterday&to=x", "from,to"), InlineData("timezone=Nowhere/X", "timezone")]
    [InlineData("from=2026-03-11T00:00:00", "from")]
    [InlineData("from=x&to=y&timezone=Z&severity=a&category=b&q=%00", "from,to,timezone,severity,category,q")]
    public async Task What_is_wrong_is_told_before_the_stream_opens(string query, string pointers)
    {
        var workspace = await api.NewWorkspaceAsync();

        using var refused = await workspace.AskAsync(HttpMethod.Get, $"{Path}?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var errors = JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("errors");
        Assert.Equal(pointers.Split(',').Order(), errors.EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).Order());
    }

    static System.Text.Json.Nodes.JsonObject At(int number, DateTimeOffset at) => Some.Event(at: at, metadata: new() { ["n"] = number });
}
