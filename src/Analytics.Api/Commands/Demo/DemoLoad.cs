using System.Diagnostics;
using System.Globalization;
using System.Net;
using Analytics.Commands.Demo.Life;

namespace Analytics.Commands.Demo;

/// <summary>What was added to the demo's workspace.</summary>
sealed record DemoLoaded(Guid Workspace, IReadOnlyDictionary<string, long> Facts, TimeSpan Took)
{
    /// <summary>Says so, in a sentence without its end.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{Facts["events"]:n0} events and {Facts["requests"]:n0} API requests were added to the workspace 'demo' in {Took.TotalSeconds:n1} s");
}

/// <summary>
/// Brings the demo up to now: the first time with the last 90 days, then with what came about since. How far it got is a fact of its own,
/// sent last; whoever is killed before sends all of it again, and every fact has an id, so none is stored twice.
/// </summary>
sealed class DemoLoad(DemoClient client, TimeProvider clock, int days = Story.Days)
{
    const string Mark = "sync.finished";
    const int FactsAtOnce = 4_000;
    const int BatchesAtOnce = 3;

    public async Task<DemoLoaded> RunAsync(CancellationToken cancel)
    {
        var (now, watch) = (clock.GetUtcNow(), Stopwatch.StartNew());
        var workspace = (await client.GetAsync("/api/workspaces", cancel)).GetProperty("data")[0];
        var story = new Story(Rhythm.DayOf(workspace.GetProperty("created_at").GetDateTimeOffset()));
        var facts = new Dictionary<string, long>();
        foreach (var part in story.Parts)
        {
            if (await MarkOfAsync(part, cancel) is not { } from)
            {
                await AddCustomersAsync(cancel);
                from = DateTimeOffset.MinValue;
            }

            var first = Rhythm.At(Rhythm.DayOf(now).AddDays(1 - days), 0);
            facts[part.Name] = await LoadAsync(part, from < first ? first : from, now, cancel);
        }

        await LabelAsync(cancel);
        return new(workspace.GetProperty("id").GetGuid(), facts, watch.Elapsed);
    }

    /// <summary>Up to when everything of the part is there.</summary>
    async Task<DateTimeOffset?> MarkOfAsync(Part part, CancellationToken cancel)
    {
        var marks = await client.GetAsync($"/api/events?name={Mark}&metadata[part]={part.Name}&limit=1", cancel);
        return marks.GetProperty("data").EnumerateArray().Select(mark => (DateTimeOffset?)mark.GetProperty("timestamp").GetDateTimeOffset())
            .FirstOrDefault();
    }

    async Task<long> LoadAsync(Part part, DateTimeOffset from, DateTimeOffset now, CancellationToken cancel)
    {
        long sent = 0;
        var lanes = new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = cancel };
        await Parallel.ForEachAsync(
            part.Between(from, now).SelectMany(facts => facts.Chunk(FactsAtOnce)), lanes, async (batch, stop) =>
            {
                await client.SendAsync(part.Route, part.Name, batch, stop);
                Interlocked.Add(ref sent, batch.Length);
            });

        var until = now.ToString("yyyyMMddHHmmssffffff", CultureInfo.InvariantCulture);
        object mark = new
        {
            name = Mark, external_id = $"{part.Name}-{until}", timestamp = now, metadata = new { part = part.Name, facts = sent },
        };
        await client.SendAsync("/api/events/ingest", "events", [mark], cancel);
        return sent;
    }

    async Task AddCustomersAsync(CancellationToken cancel)
    {
        foreach (var customer in Customers.All)
            await client.PostAsync("/api/customers",
                new { external_id = customer.ExternalId, name = customer.Name, email = customer.Email }, cancel, HttpStatusCode.Conflict);
    }

    // Those that nobody named otherwise.
    async Task LabelAsync(CancellationToken cancel)
    {
        var types = await client.GetAsync("/api/event-types?limit=1000", cancel);
        foreach (var type in types.GetProperty("data").EnumerateArray())
            if (type.GetProperty("name").GetString()! is var name && type.GetProperty("label").GetString() == name
                && Story.Labels.TryGetValue(name, out var label))
                await client.PatchAsync($"/api/event-types/{type.GetProperty("id").GetGuid()}", new { label }, cancel);
    }
}
