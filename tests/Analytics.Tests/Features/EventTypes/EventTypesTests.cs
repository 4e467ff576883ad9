using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.EventTypes;

/// <summary>Event types: what is counted for them, and their labels.</summary>
public sealed class EventTypesTests(AnalyticsApi api)
{
    [Fact]
    public async Task Types_count_their_events_and_know_when_they_were_seen()
    {
        var workspace = await FilledAsync();

        var rows = await RowsAsync(workspace, "/api/event-types?source=user");

        Assert.Equal("order.paid 4 2026-03-10T12:00:00.000001Z 2026-03-14T00:00:00Z", Line(rows[0]));
        Assert.Equal("order.sent 2 2026-03-11T01:00:00Z 2026-03-11T02:00:00Z", Line(rows[1]));
        Assert.Equal(2, rows.Count);
        Assert.Equal("order.paid", rows[0].GetProperty("label").GetString());
        Assert.Equal(JsonValueKind.Null, rows[0].GetProperty("label_property_selector").ValueKind);
        var one = await workspace.GetAsync($"/api/event-types/{rows[0].GetProperty("id").GetGuid()}");
        Assert.Equal(rows[0].GetRawText(), one.GetRawText());
    }

    [Fact]
    public async Task Occurrences_count_what_passes_the_filters()
    {
        var workspace = await FilledAsync();
        var customer = await workspace.NewCustomerAsync("globex");

        var roots = await RowsAsync(workspace, "/api/event-types?root_events=true&source=user");
        var theirs = await RowsAsync(workspace, $"/api/event-types?customer_id={customer}&source=user");
        var theirRoots = await RowsAsync(workspace, $"/api/event-types?customer_id={customer}&root_events=true&source=user");
        var nobodys = await RowsAsync(workspace, $"/api/event-types?customer_id={Guid.NewGuid()}");

        Assert.Equal(["order.paid 2 2026-03-11T00:00:00Z 2026-03-12T00:00:00Z", "order.sent 2 2026-03-11T01:00:00Z 2026-03-11T02:00:00Z"],
            roots.Select(Line));
        Assert.Equal(["order.paid 2 2026-03-12T00:00:00Z 2026-03-14T00:00:00Z", "order.sent 1 2026-03-11T02:00:00Z 2026-03-11T02:00:00Z"],
            theirs.Select(Line));
        Assert.Equal(["order.paid 1 2026-03-12T00:00:00Z 2026-03-12T00:00:00Z", "order.sent 1 2026-03-11T02:00:00Z 2026-03-11T02:00:00Z"],
            theirRoots.Select(Line));
        Assert.Empty(nobodys);
    }

    [Theory]
    [InlineData("q=PAID", "order.paid")]
    [InlineData("q=paid&q=sent", "order.paid order.sent")]
    [InlineData("sort=-name", "order.sent order.paid")]
    [InlineData("sort=occurrences", "order.sent order.paid")]
    [InlineData("sort=-first_seen", "order.sent order.paid")]
    [InlineData("sort=-last_seen", "order.paid order.sent")]
    [InlineData("sort=label&limit=1", "order.paid")]
    public async Task Types_are_filtered_and_sorted(string query, string expected)
    {
        var workspace = await FilledAsync();

        var rows = await RowsAsync(workspace, $"/api/event-types?{query}");

        Assert.Equal(expected, string.Join(' ', rows.Select(row => row.GetProperty("name").GetString())));
    }

    [Theory]
    [InlineData("label_property_selector", "b", "d")]
    [InlineData("-label_property_selector", "d", "b")]
    public async Task Types_without_the_field_come_last_in_both_directions(string sort, string first, string second)
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
            await workspace.IngestAsync(Some.Event(name));
        await workspace.PatchAsync(await PathOfAsync(workspace, "b"), new { label_property_selector = "one" });
        await workspace.PatchAsync(await PathOfAsync(workspace, "d"), new { label_property_selector = "two" });
        var ids = (await RowsAsync(workspace, "/api/event-types")).ToDictionary(Name, row => row.GetProperty("id").GetGuid());

        var rows = new List<JsonElement>();
        for (var next = ""; ;)
        {
            var page = await workspace.GetAsync($"/api/event-types?sort={sort}&limit=1{next}");
            rows.AddRange(page.GetProperty("data").EnumerateArray());
            if (page.GetProperty("meta").GetProperty("next_cursor").GetString() is not { } cursor)
                break;
            next = $"&cursor={cursor}";
        }

        // Those without it are in the order of their ids, which are random.
        var others = new[] { "a", "c", "e" }.OrderBy(name => ids[name]);
        Assert.Equal([first, second, .. sort[0] == '-' ? others.Reverse() : others], rows.Select(Name));
    }

    [Fact]
    public async Task A_change_without_a_body_changes_nothing()
    {
        var workspace = await FilledAsync();
        var path = await PathOfAsync(workspace, "order.paid");
        var before = await workspace.PatchAsync(path, new { label = "Paid" });

        Assert.Equal(before.GetRawText(), (await workspace.PatchAsync(path, null)).GetRawText());
        Assert.Equal(before.GetRawText(), (await workspace.PatchAsync(path, "")).GetRawText());
        Assert.Equal(before.GetRawText(), (await workspace.PatchAsync(path, Chunked(""))).GetRawText());
        Assert.Equal(before.GetRawText(), (await workspace.PatchAsync(path, "\uFEFF")).GetRawText());
        Assert.Equal(before.GetRawText(), (await workspace.GetAsync(path)).GetRawText());
        await workspace.PatchAsync($"/api/event-types/{Guid.NewGuid()}", null, 404);
    }

    // Says nothing of its length, as it does not know it.
    static StreamContent Chunked(string text) =>
        new(new UnknownLength(System.Text.Encoding.UTF8.GetBytes(text))) { Headers = { ContentType = new("application/json") } };

    sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Enumerable.Range(0, 9).SelectMany(at => Enumerable.Repeat(at, at % 3 + 1)).Select(at => Some.Event($"n{at}")));
        foreach (var path in new[] { "/api/event-types?sort=occurrences", "/api/events/names?sort=-occurrences" })
        {
            var names = new List<string?>();
            var next = "";
            while (next is not null)
            {
                var page = await workspace.GetAsync($"{path}&limit=2{next}");
                names.AddRange(page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
                next = page.GetProperty("meta").GetProperty("next_cursor").GetString() is { } cursor ? $"&cursor={cursor}" : null;
            }

            Assert.Equal(9, names.Distinct().Count());
            Assert.Equal(9, names.Count);
        }
    }

    [Fact]
    public async Task Names_are_listed_by_how_often_they_occurred()
    {
        var workspace = await FilledAsync();

        var page = await workspace.GetAsync("/api/events/names");

        Assert.Equal(
            """{"name":"order.paid","label":"order.paid","source":"user","occurrences":4,"first_seen":"2026-03-10T12:00:00.000001Z","last_seen":"2026-03-14T00:00:00Z"}""",
            page.GetProperty("data")[0].GetRawText());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("meta").GetProperty("next_cursor").ValueKind);
    }

    [Fact]
    public async Task A_label_is_given_to_the_type_or_taken_from_each_event()
    {
        var workspace = await FilledAsync();
        var path = await PathOfAsync(workspace, "order.paid");

        var labelled = await workspace.PatchAsync(path, new { label = "  Order paid " });
        Assert.Equal("Order paid", labelled.GetProperty("label").GetString());
        Assert.Equal(["Order paid"], await LabelsAsync(workspace));

        var selected = await workspace.PatchAsync(path, new { label_property_selector = "plan.name" });
        Assert.Equal("plan.name", selected.GetProperty("label_property_selector").GetString());
        Assert.Equal("Order paid", selected.GetProperty("label").GetString());
        Assert.Equal(["Order paid", "pro"], await LabelsAsync(workspace));
        Assert.Equal(
            ["Order paid", "Order paid", "Order paid", "pro"],
            (await RowsAsync(workspace, "/api/events?name=order.paid&sort=label")).Select(row => row.GetProperty("label").GetString()));

        var unchanged = await workspace.PatchAsync(path, new { });
        Assert.Equal(selected.GetRawText(), unchanged.GetRawText());
        var cleared = await workspace.PatchAsync(path, new JsonObject { ["label_property_selector"] = null });
        Assert.Equal(JsonValueKind.Null, cleared.GetProperty("label_property_selector").ValueKind);
        Assert.Equal(["Order paid"], await LabelsAsync(workspace));
        Assert.Equal("Order paid", (await RowsAsync(workspace, "/api/event-types?q=order%20p"))[0].GetProperty("label").GetString());
    }

    [Theory]
    [InlineData("""{"label":"  "}""", "/label")]
    [InlineData("""{"label":null}""", "/label")]
    [InlineData("""{"label":5}""", "/label")]
    [InlineData("""{"label":"a\u0000b"}""", "/label")]
    [InlineData("""{"label_property_selector":""}""", "/label_property_selector")]
    [InlineData("""{"label_property_selector":"a..b"}""", "/label_property_selector")]
    public async Task A_bad_change_is_refused(string body, string pointer)
    {
        var workspace = await FilledAsync();
        var path = await PathOfAsync(workspace, "order.paid");

        var problem = await workspace.PatchAsync(path, body, 400);

        Assert.Equal(pointer, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
        await workspace.PatchAsync(path, new { label = new string('x', 129) }, 400);
        await workspace.PatchAsync(path, new { label = new string('x', 128) });
    }

    [Fact]
    public async Task A_foreign_type_is_as_unknown_as_any()
    {
        var (ours, theirs) = (await FilledAsync(), await FilledAsync());
        foreach (var path in new[] { await PathOfAsync(theirs, "order.paid"), $"/api/event-types/{Guid.NewGuid()}", "/api/event-types/nonsense" })
        {
            await ours.GetAsync(path, 404);
            await ours.PatchAsync(path, new { label = "x" }, 404);
        }

        Assert.Equal("order.paid", (await RowsAsync(theirs, "/api/event-types?q=paid"))[0].GetProperty("label").GetString());
    }

    [Fact]
    public async Task A_change_needs_its_scope_and_no_portal_key()
    {
        var workspace = await FilledAsync();
        var path = await PathOfAsync(workspace, "order.paid");
        var reader = await workspace.WithScopesAsync("events:read");
        await reader.PatchAsync(path, new { label = "x" }, 403);

        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("globex"));
        await portal.PatchAsync(path, new { label = "x" }, 403);
        Assert.Equal(2, (await portal.GetAsync(path)).GetProperty("occurrences").GetInt32());
        Assert.Equal(
            ["order.paid 2", "order.sent 1"],
            (await RowsAsync(portal, "/api/events/names?source=user"))
                .Select(row => $"{row.GetProperty("name").GetString()} {row.GetProperty("occurrences").GetInt32()}"));
    }

    async Task<WorkspaceClient> FilledAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Some.Event("order.paid", Some.Day, "top", metadata: (JsonObject)JsonNode.Parse("""{"plan":{"name":"pro"}}""")!),
            Some.Event("order.paid", Some.Day.AddHours(-12).AddMicroseconds(1), parent: "top"),
            Some.Event("order.paid", Some.Day.AddDays(1), customer: "globex"),
            Some.Event("order.paid", Some.Day.AddDays(3), parent: "top", customer: "globex"),
            Some.Event("order.sent", Some.Day.AddHours(1)),
            Some.Event("order.sent", Some.Day.AddHours(2), customer: "globex"));
        return workspace;
    }

    static async Task<string> PathOfAsync(WorkspaceClient workspace, string name) =>
        $"/api/event-types/{(await RowsAsync(workspace, $"/api/event-types?q={name}"))[0].GetProperty("id").GetGuid()}";

    static async Task<List<JsonElement>> RowsAsync(ApiClient workspace, string path) =>
        [.. (await workspace.GetAsync(path)).GetProperty("data").EnumerateArray()];

    static async Task<IEnumerable<string?>> LabelsAsync(WorkspaceClient workspace) =>
        (await RowsAsync(workspace, "/api/events?name=order.paid")).Select(row => row.GetProperty("label").GetString()).Distinct().Order();

    static string Name(JsonElement row) => row.GetProperty("name").GetString()!;

    static string Line(JsonElement row) =>
        $"{row.GetProperty("name").GetString()} {row.GetProperty("occurrences").GetInt64()} {row.GetProperty("first_seen").GetString()} {row.GetProperty("last_seen").GetString()}";
}
