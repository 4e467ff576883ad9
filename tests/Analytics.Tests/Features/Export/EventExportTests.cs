using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Tests.Features.Erasure;
using Analytics.Time;

namespace Analytics.Tests.Features.Export;

public sealed class EventExportTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_line_is_an_event_as_it_is_read_back()
    {
        var workspace = await FilledAsync();

        var lines = await workspace.ExportAsync("events");

        Exported.AssertInOrder(lines);
        var shown = (await workspace.GetAsync("/api/events?sort=timestamp&limit=1000")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(12, shown.Count);
        AssertSame(shown, lines);
    }

    [Fact]
    public async Task A_portal_key_gets_the_events_of_its_customer_as_it_reads_them_back()
    {
        var workspace = await FilledAsync();
        var ours = (await workspace.GetAsync("/api/customers?external_id=acme")).GetProperty("data")[0].GetProperty("id").GetGuid();
        var portal = await workspace.BoundToAsync(ours);

        var lines = await portal.ExportAsync("events");

        var shown = (await portal.GetAsync("/api/events?sort=timestamp&limit=1000")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(7, shown.Count);
        AssertSame(shown, lines);
    }

    [Fact]
    public async Task Many_events_come_once_each_however_many_stand_at_one_instant()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Events(3_000, at: Some.Day));
        await workspace.IngestAsync(Enumerable.Range(0, 3_000).Select(n => Some.Event(at: Some.Day.AddDays(n % 200).AddMicroseconds(n))));

        var lines = await workspace.ExportAsync("events");

        Exported.AssertInOrder(lines);
        Assert.Equal(6_000, lines.Select(Exported.IdOf).Distinct().Count());
        Assert.Equal(6_000, lines.Count);
    }

    [Fact]
    public async Task An_event_has_its_children_and_its_root_however_many_steps_lie_between()
    {
        var workspace = await api.NewWorkspaceAsync();
        // Some come before their parents, some stand before them, and every trace is spread over all of the export.
        foreach (var batch in Enumerable.Range(0, 900).Chunk(300).Reverse())
            await workspace.IngestAsync(batch.Select(n => Some.Event(
                at: Some.Day.AddMinutes(n * 7 % 900), externalId: $"{n}", parent: n % 3 == 0 || n < 90 ? null : $"{n - 83}")));

        var lines = await workspace.ExportAsync("events");

        Exported.AssertInOrder(lines);
        var shown = (await workspace.GetAsync("/api/events?sort=timestamp&limit=1000")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(900, shown.Count);
        Assert.Contains(shown, e => e.GetProperty("descendant_count").GetInt32() > e.GetProperty("child_count").GetInt32());
        AssertSame(shown, lines);
    }

    [Fact]
    public async Task Children_that_came_first_count_once_though_the_hash_of_their_parents_name_stands_among_the_ids()
    {
        var workspace = await api.NewWorkspaceAsync();
        DateTimeOffset first = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero), last = Some.Day;
        var (from, to) = (EventId.New(Rfc3339.Microseconds(first)), EventId.New(Rfc3339.Microseconds(last)));
        await using var connection = await api.Store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var key = await KeyHash.KeyOfAsync(connection, await workspace.NumberAsync(), TestContext.Current.CancellationToken);
        // Ids begin with a time, hashes with any number.
        var name = Enumerable.Range(0, int.MaxValue).Select(n => $"{n}").First(text => HashOf(text) > from && HashOf(text) < to);
        await workspace.IngestAsync(
            Some.Event(at: first, externalId: "first"), Some.Event(at: first.AddSeconds(1), parent: "first"),
            Some.Event(at: last.AddDays(-1), parent: name),
            Some.Event(at: last, externalId: "last"), Some.Event(at: last.AddSeconds(1), parent: "last"));
        await workspace.IngestAsync(Some.Event(at: last.AddDays(-2), externalId: name));

        var lines = await workspace.ExportAsync("events");

        Assert.Equal([1, 0, 1, 0, 1, 0], lines.Select(line => line.GetProperty("child_count").GetInt32()));

        Guid HashOf(string text) => KeyHash.Of(key, KeyKind.Event, null, Encoding.UTF8.GetBytes(text)).ToUuid();
    }

    [Fact]
    public async Task A_range_has_its_start_and_not_its_end()
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        DateTimeOffset[] times =
        [
            new(2026, 3, 10, 18, 14, 59, TimeSpan.Zero), new(2026, 3, 10, 18, 15, 0, TimeSpan.Zero), Some.Day,
            Some.Day.AddMicroseconds(1), new(2026, 3, 11, 18, 14, 59, TimeSpan.Zero), new(2026, 3, 11, 18, 15, 0, TimeSpan.Zero),
        ];
        await workspace.IngestAsync(times.Select((at, n) => Some.Event(at: at, externalId: $"{n}")));

        Assert.Equal("1234", await NamesAsync("?from=2026-03-11&to=2026-03-12"));
        Assert.Equal("23", await NamesAsync("?from=2026-03-11&to=2026-03-11T12:00:00Z&timezone=UTC"));
        Assert.Equal("345", await NamesAsync("?from=2026-03-11T00:00:00.000001Z"));
        Assert.Equal("012", await NamesAsync("?to=2026-03-11T00:00:00.000001Z"));
        Assert.Equal("", await NamesAsync("?from=2026-03-11T00:00:00Z&to=2026-03-11T00:00:00Z"));
        Assert.Equal("012345", await NamesAsync(""));

        async Task<string> NamesAsync(string query) =>
            string.Concat((await workspace.ExportAsync("events", query)).Select(line => line.GetProperty("external_id").GetString()));
    }

    [Fact]
    public async Task From_the_last_line_on_nothing_is_missed()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Enumerable.Range(0, 900).Select(n => Some.Event(at: Some.Day.AddSeconds(n / 7))));
        var all = await workspace.ExportAsync("events");

        var first = all.Take(450).ToList();
        var last = first[^1].GetProperty("timestamp").GetString();
        var rest = await workspace.ExportAsync("events", $"?from={last}");

        Assert.InRange(rest.Count, 450, 457);
        Assert.Equal(all.Select(Exported.IdOf), first.Concat(rest).Select(Exported.IdOf).Distinct());
    }

    [Fact]
    public async Task What_was_erased_is_named_by_no_export()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("ann-secret", "Ann");
        await workspace.IngestAsync(Some.Event(customer: "ann-secret", metadata: new() { ["note"] = "of ann-secret" }), Some.Event(customer: "bob"));

        var job = (await workspace.DeleteAsync($"/api/customers/{customer}", 202)).GetProperty("job_id").GetGuid();
        await Until.HoldsAsync(
            async () => (await workspace.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString() == "done", "Nobody is erased.");

        foreach (var kind in (string[])["events", "log"])
        {
            var lines = await workspace.ExportAsync(kind);
            Assert.True(lines.Count >= 2);
            Assert.DoesNotContain("ann-secret", string.Concat(lines), StringComparison.Ordinal);
            Assert.DoesNotContain($"{customer}", string.Concat(lines), StringComparison.Ordinal);
        }
    }

    static void AssertSame(List<JsonElement> shown, List<JsonElement> lines)
    {
        Assert.Equal(shown.Count, lines.Count);
        foreach (var (expected, line) in shown.Zip(lines))
        {
            Assert.Equal(expected.EnumerateObject().Select(member => member.Name), line.EnumerateObject().Select(member => member.Name));
            Assert.True(JsonElement.DeepEquals(expected, line), $"{expected}\n{line}");
        }
    }

    // Traces of two customers, a parent that comes late and one that never does, an event of nobody, labels, and texts of every sort.
    async Task<WorkspaceClient> FilledAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(
            Some.Event(at: Some.Day, externalId: "root", cost: 0.12m, metadata: new() { ["title"] = "Ünï \"q\" \n 😀 <b>" }),
            Some.Event("step", Some.Day.AddSeconds(1), "child", parent: "root"),
            Some.Event("step", Some.Day.AddSeconds(2), "other's", customer: "bob", parent: "child"),
            Some.Event("step", Some.Day.AddSeconds(3), "below bob", parent: "other's"),
            Some.Event("step", Some.Day.AddSeconds(4), "orphan", parent: "never"),
            Some.Event("step", Some.Day.AddSeconds(5), "early", parent: "late"),
            Some.Event("step", Some.Day.AddSeconds(6), "bob alone", customer: "bob"));
        await workspace.IngestAsync(
            Some.Event(at: Some.Day.AddSeconds(7), externalId: "late"),
            Some.Event("storefront.visit", Some.Day.AddMicroseconds(1), customer: null, metadata: new() { ["n"] = new JsonArray(1, 2.5, null, true) }),
            Some.Event("payment.completed", Some.Day.AddYears(-3), customer: "bob", metadata: new() { ["payment_id"] = "p", ["amount_cents"] = 12 }),
            Some.Event("ask", Some.Day.AddDays(1), customer: "bob", metadata: new()
            {
                ["_llm"] = new JsonObject { ["vendor"] = "v", ["model"] = "m", ["input_tokens"] = 1, ["output_tokens"] = 2 },
            }));
        var type = (await workspace.GetAsync("/api/event-types?q=task.done")).GetProperty("data")[0].GetProperty("id").GetGuid();
        await workspace.PatchAsync($"/api/event-types/{type}", new { label = "Done", label_property_selector = "title" });
        return workspace;
    }
}
