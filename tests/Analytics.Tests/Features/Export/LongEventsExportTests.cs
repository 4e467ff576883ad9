using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Features.Requests;

namespace Analytics.Tests.Features.Export;

/// <summary>However long events are, a step of an export holds only so much of them.</summary>
public sealed class LongEventsExportTests(AnalyticsApi api)
{
    const int Events = 800;
    const int MostBytes = 5_000_000;

    [Theory, InlineData("events"), InlineData("log")]
    public async Task A_step_of_long_events_ends_early_and_the_next_goes_on_behind_it(string name)
    {
        var workspace = await FilledAsync();

        var steps = await (await workspace.BeginExportAsync(name)).StepsAsync();

        Assert.All(steps, step => Assert.InRange(step.Sum(line => line.Bytes), 0, MostBytes));
        Assert.True(steps.Sum(step => step.Sum(line => (long)line.Bytes)) > 2 * MostBytes);
        var lines = await ExportSteps.LinesAsync(steps);
        Exported.AssertInOrder(lines);
        Assert.Equal(await workspace.IdsAsync(name), lines.Select(Exported.IdOf));
        Assert.Equal(lines.Count, lines.Select(Exported.IdOf).Distinct().Count());
        var events = lines.Where(line => name == "events" || line.GetProperty("eventType").GetString() == "task.done");
        Assert.Equal(Events, events.Count());
        Assert.True(name == "events" || lines.Count >= 2 * Events);
    }

    [Fact]
    public async Task They_have_their_children_whatever_step_these_are_in()
    {
        var workspace = await FilledAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("even"));

        var (lines, ours) = (await SentAsync(workspace), await SentAsync(portal));

        Assert.Equal(Events, lines.Count);
        Assert.All(lines, line => Assert.Equal(
            (NumberOf(line) < Events - 2 ? 1 : 0, (Events - 1 - NumberOf(line)) / 2),
            (line.GetProperty("child_count").GetInt32(), line.GetProperty("descendant_count").GetInt32())));
        Assert.Equal(
            lines.Where(line => NumberOf(line) % 2 == 0).Select(line => line.GetRawText()), ours.Select(line => line.GetRawText()));
    }

    // The customer's own event is another.
    static async Task<List<JsonElement>> SentAsync(ApiClient client) =>
        [.. (await client.ExportAsync("events")).Where(line => line.GetProperty("name").GetString() == "task.done")];

    static int NumberOf(JsonElement line) => int.Parse(line.GetProperty("external_id").GetString()!);

    // Two traces, each a chain through all of them; some events at each instant, and a request beside each.
    async Task<WorkspaceClient> FilledAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var batch in Enumerable.Range(0, Events).Chunk(100))
            await workspace.IngestAsync(batch.Select(n => Some.Event(
                at: AtOf(n), externalId: $"{n}", customer: n % 2 == 0 ? "even" : "odd", parent: n < 2 ? null : $"{n - 2}",
                metadata: new(Enumerable.Range(0, 7).Select(at => KeyValuePair.Create($"text{at}", (JsonNode?)new string('x', 2_048)))))));
        await workspace.TellAsync(Enumerable.Range(0, Events).Select(n => SomeRequests.Request(at: AtOf(n))));
        return workspace;

        static DateTimeOffset AtOf(int n) => Some.Day.AddSeconds(n / 4);
    }
}
