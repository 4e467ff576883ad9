using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Features.Log;
using Analytics.Reading;
using Analytics.Tests.Features.Requests;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Features.Log;

/// <summary>What a search of the log takes, and how far a page looks.</summary>
public sealed class LogSearchTests(AnalyticsApi api)
{
    const string Path = "/api/v1/events";

    [Theory]
    [InlineData("timezone=Nowhere/X", "timezone"), InlineData("timezone=Nowhere/X&from=2026-03-11", "timezone")]
    [InlineData("from=garbage&to=x&limit=0&severity=x&category=y&cursor=z&timezone=q", "from,to,limit,severity,category,cursor,timezone")]
    [InlineData("category=x&category=API&category=z", "category")]
    public async Task All_that_is_wrong_is_told_by_the_parameters_names(string query, string pointers)
    {
        var workspace = await api.NewWorkspaceAsync();

        var refused = await workspace.GetAsync($"{Path}?{query}", 400);

        Assert.Equal(
            pointers.Split(',').Order(), refused.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).Order());
    }

    [Fact]
    public async Task Dates_begin_at_midnight_of_the_zone()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event("early", Some.Day.AddHours(-6)), Some.Event("late", Some.Day.AddHours(-5)));

        var found = await workspace.GetAsync($"{Path}?from=2026-03-11&to=2026-03-12&timezone=Asia/Kathmandu&type=early&type=late");

        Assert.Equal(["late"], found.GetProperty("data").EnumerateArray().Select(record => record.GetProperty("eventType").GetString()));
    }

    [Fact]
    public async Task A_text_of_200_characters_is_looked_for_and_none_that_is_longer()
    {
        var workspace = await api.NewWorkspaceAsync();
        var longest = string.Concat(Enumerable.Repeat("😀", 199)) + "é";
        await workspace.IngestAsync(Some.Event(metadata: new() { ["said"] = "- " + longest.Replace('é', 'É') }));

        var found = await workspace.GetAsync($"{Path}?type=task.done&q={Uri.EscapeDataString(longest)}");
        var refused = await workspace.GetAsync($"{Path}?q={Uri.EscapeDataString(longest + "x")}", 400);

        Assert.Equal(1, found.GetProperty("data").GetArrayLength());
        Assert.Equal(("q", "length"), One(refused.GetProperty("errors").EnumerateArray().Single()));
        static (string?, string?) One(JsonElement error) => (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Few_records_are_found_behind_an_hour_whose_own_all_come_after_the_end()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Enumerable.Range(0, 1_000).Select(at => Some.Event("much", Some.Day.AddHours(14).AddSeconds(at))));
        await workspace.IngestAsync(
            Failed("before", Some.Day.AddHours(13)), Failed("first", Some.Day.AddHours(14.75)), Failed("second", Some.Day.AddHours(14.75).AddSeconds(1)));

        foreach (var search in (string[])["severity=ERROR", "severity=ERROR&category=SYSTEM"])
        {
            var page = await workspace.GetAsync($"{Path}?{search}&to={Some.Day.AddHours(14.5):yyyy-MM-ddTHH:mm:ss}Z&limit=1");
            Assert.Equal(["before"], page.GetProperty("data").EnumerateArray().Select(record => record.GetProperty("eventType").GetString()));
        }

        static JsonObject Failed(string name, DateTimeOffset at) => Some.Event(
            name, at, metadata: new() { ["_log"] = new JsonObject { ["severity"] = "ERROR", ["category"] = "SYSTEM" } });
    }

    [Fact]
    public async Task The_time_of_a_request_is_found_as_it_is_shown()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.SendAsync([new Sent(Some.Day.AddMilliseconds(2_500)), new Sent(Some.Day.AddSeconds(7))]);

        foreach (var (text, count) in ((string, int)[])[(":02.500000Z", 1), (":02.5Z", 0), (":07Z", 1)])
        {
            var found = (await workspace.GetAsync($"{Path}?q={text}")).GetProperty("data").EnumerateArray().ToList();
            Assert.Equal(count, found.Count);
            Assert.All(found, record => Assert.Contains(text, record.GetProperty("payload").GetProperty("timestamp").GetString()));
        }
    }

    [Fact]
    public async Task A_page_says_no_time_to_come_however_far_ahead_its_records_are()
    {
        var workspace = await api.NewWorkspaceAsync();
        var now = api.Clock.GetUtcNow();
        await workspace.IngestAsync(Some.Events(3, at: now.AddMinutes(4)));

        var page = await workspace.GetAsync($"{Path}?type=task.done&limit=2");

        Assert.Equal(2, page.GetProperty("data").GetArrayLength());
        Assert.True(page.GetProperty("scannedTo").GetDateTimeOffset() <= api.Clock.GetUtcNow());
        var next = await workspace.GetAsync($"{Path}?type=task.done&limit=2&cursor={page.GetProperty("nextCursor").GetString()}");
        Assert.Equal(1, next.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_page_that_finds_nothing_ends_within_a_second_and_says_how_far_it_came()
    {
        var clock = new FakeTimeProvider();
        var source = new SlowSource(clock);
        var scan = new LogScan([source], clock);

        var began = clock.GetUtcNow();
        Assert.Empty(await scan.RunAsync(10));

        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(1));
        Assert.InRange(source.Looked, 40_000, 50_000);
        Assert.Equal(Some.Day.UtcDateTime.AddSeconds(-source.Looked), scan.End!.Value.Timestamp);
    }

    /// <summary>A record a second, none of which fits, looked at 50 in a millisecond.</summary>
    sealed class SlowSource(FakeTimeProvider clock)
        : LogSource(null!, null!, DateTime.MinValue, new FactPlace(Some.Day.UtcDateTime, Guid.Empty))
    {
        public int Looked { get; private set; }

        public override Task<IEnumerable<LogRecord>> ReadAsync(IReadOnlyList<FactPlace> places) => throw new NotSupportedException();

        protected override Task StepAsync(FactPlace before, int size, int wanted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(size / 50d));
            Looked += size;
            Frontier = new FactPlace(before.Timestamp.AddSeconds(-size), Guid.Empty);
            return Task.CompletedTask;
        }
    }
}
