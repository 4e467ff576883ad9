using System.Buffers.Text;
using System.Text.Json;
using static Analytics.Tests.Features.Events.ListedEvents;

namespace Analytics.Tests.Features.Events;

/// <summary>Order, pages and cursors of the list of events.</summary>
public sealed class EventPagesTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("timestamp")]
    [InlineData("-timestamp")]
    [InlineData("id")]
    [InlineData("-name")]
    [InlineData("label")]
    [InlineData("source")]
    [InlineData("-ingested_at")]
    [InlineData("external_id")]
    [InlineData("-external_id")]
    [InlineData("customer_id")]
    [InlineData("external_customer_id")]
    [InlineData("-parent_id")]
    [InlineData("pending_parent_id")]
    [InlineData("workspace_id")]
    [InlineData("root_id")]
    [InlineData("child_count")]
    [InlineData("-descendant_count")]
    public async Task Pages_hold_every_event_once_in_any_order(string sort)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("b");
        await workspace.IngestAsync(Enumerable.Range(0, 23).Select(at => Some.Event(
            name: $"n{at % 3}", at: Some.Day.AddDays(at / 4 * 50), externalId: at % 5 == 0 ? null : $"x{at * 7 % 23:00}",
            customer: $"{(char)('a' + at % 4)}", parent: at % 6 == 1 ? "x21" : at % 6 == 2 ? $"later{at % 4}" : null)));

        var whole = await workspace.GetAsync($"/api/events?source=user&sort={sort}&limit=1000");
        var paged = new List<JsonElement>();
        var next = "";
        for (JsonElement page; ; next = $"&cursor={page.GetProperty("meta").GetProperty("next_cursor").GetString()}")
        {
            page = await workspace.GetAsync($"/api/events?source=user&sort={sort}&limit=4{next}");
            paged.AddRange(page.GetProperty("data").EnumerateArray());
            if (page.GetProperty("meta").GetProperty("next_cursor").ValueKind == JsonValueKind.Null)
                break;
        }

        Assert.Equal(23, paged.Count);
        Assert.Equal(whole.GetProperty("data").EnumerateArray().Select(Id), paged.Select(Id));
        var field = sort.TrimStart('-');
        var values = paged.Select(row => row.GetProperty(field).ToString()).Where(value => value.Length > 0).ToList();
        var sorted = values.Order(StringComparer.Ordinal).ToList();
        if (sort[0] == '-')
            sorted.Reverse();
        Assert.Equal(sorted, values);
    }

    [Fact]
    public async Task Pages_are_stable_while_events_come_in()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Enumerable.Range(0, 10).Select(at => Some.Event(externalId: $"old{at}", at: Some.Day.AddMinutes(at))));
        var first = await workspace.GetAsync("/api/events?limit=5");
        await workspace.IngestAsync(Enumerable.Range(0, 10).Select(at => Some.Event(externalId: $"new{at}", at: Some.Day.AddHours(1 + at))));

        var second = await workspace.GetAsync($"/api/events?limit=5&cursor={first.GetProperty("meta").GetProperty("next_cursor").GetString()}");

        Assert.Equal(["old9", "old8", "old7", "old6", "old5"], ExternalIds(first));
        Assert.Equal(["old4", "old3", "old2", "old1", "old0"], ExternalIds(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("meta").GetProperty("next_cursor").ValueKind);
    }

    [Fact]
    public async Task Events_of_the_same_instant_are_told_apart_by_id()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Events(9, at: Some.Day));
        var seen = new List<Guid>();
        var cursor = "";
        for (var page = 0; page < 3; page++)
        {
            var rows = await workspace.GetAsync($"/api/events?sort=timestamp&limit=3{cursor}");
            seen.AddRange(rows.GetProperty("data").EnumerateArray().Select(Id));
            cursor = $"&cursor={rows.GetProperty("meta").GetProperty("next_cursor").GetString()}";
        }

        Assert.Equal(9, seen.Distinct().Count());
    }

    [Theory]
    [InlineData("-timestamp", "9999-12-31T23:59:59.9999999+00:00")]
    [InlineData("timestamp", "9999-12-31T23:59:59.9999999+00:00")]
    [InlineData("-timestamp", "soon")]
    [InlineData("ingested_at", "=soon")]
    [InlineData("customer_id", "=nobody")]
    [InlineData("parent_id", "=")]
    [InlineData("child_count", "=99999999999999999999")]
    public async Task A_cursor_of_somebodys_own_making_is_bad_input(string sort, string key)
    {
        var workspace = await api.FilledAsync();
        var cursor = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { sort, key, $"{Guid.NewGuid()}" }));

        using var answer = await workspace.AskAsync(HttpMethod.Get, $"/api/events?sort={sort}&cursor={cursor}");

        // Where nothing can come after an instant, the page may as well be empty.
        Assert.Contains((int)answer.StatusCode, key.StartsWith("9999", StringComparison.Ordinal) ? [200, 400] : new[] { 400 });
    }
}
