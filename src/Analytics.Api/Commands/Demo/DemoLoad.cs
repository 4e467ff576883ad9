using System.Diagnostics;
using System.Globalization;
using System.Net;
using Analytics.Commands.Demo.Life;

namespace Analytics.Commands.Demo;

/// <summary>What was added to the demo's workspace.</summary>
sealed record DemoLoaded(IReadOnlyDictionary<string, long> Facts, TimeSpan Took)
{
    /// <summary>Says so, in a sentence without its end.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{Facts["events"]:n0} events, {Facts["requests"]:n0} API requests and {Facts["apps"]:n0} facts of apps came to the workspace "
        + $"'demo' in {Took.TotalSeconds:n1} s");
}

/// <summary>
/// Brings the demo up to now: the first time with the last days, 90 as a rule, then with what came about since. How far it got is a fact of
/// its own, sent last; whoever is killed before sends all of it again, and every fact has an id, so none is stored twice.
/// </summary>
sealed class DemoLoad(DemoClient client, TimeProvider clock, int days = Story.Days)
{
    const string Mark = "sync.finished";
    const int DaysOfAPage = 30; // unless somebody asks for more
    const int FactsAtOnce = 4_000;
    const int BatchesAtOnce = 3;

    readonly DateTimeOffset now = clock.GetUtcNow();

    /// <summary>Sends what is missing, the latest first: with what a page shows the workspace is <paramref name="usable"/>.</summary>
    public async Task<DemoLoaded> RunAsync(Func<Guid, Task> usable, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var workspace = (await client.GetAsync("api/workspaces", cancel)).GetProperty("data")[0];
        var story = new Story(Rhythm.DayOf(workspace.GetProperty("created_at").GetDateTimeOffset()));
        var (facts, missing) = (new Dictionary<string, long>(), new Dictionary<Part, DateTimeOffset>());
        foreach (var part in story.Parts)
            missing[part] = Later(await MarkOfAsync(part, cancel), StartOfLast(days));
        if (missing.Values.Any(from => from == StartOfLast(days)))
        {
            await AddCustomersAsync(cancel);
            await AddProductsAsync(cancel);
            await AddQuestionsAsync(cancel);
        }

        await AddAppsAsync(cancel);

        var page = StartOfLast(DaysOfAPage);
        foreach (var (part, from) in missing)
            facts[part.Name] = await SendAsync(part, Later(from, page), now, cancel);
        await LabelAsync(cancel);
        await usable(workspace.GetProperty("id").GetGuid());
        foreach (var (part, from) in missing)
        {
            facts[part.Name] += from < page ? await SendAsync(part, from, page, cancel) : 0;
            await MarkAsync(part, facts[part.Name], cancel);
        }

        return new(facts, watch.Elapsed);
    }

    DateTimeOffset StartOfLast(int count) => Rhythm.At(Rhythm.DayOf(now).AddDays(1 - count), 0);

    static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;

    /// <summary>Up to when everything of the part is there.</summary>
    async Task<DateTimeOffset?> MarkOfAsync(Part part, CancellationToken cancel)
    {
        var marks = await client.GetAsync($"api/events?name={Mark}&metadata[part]={part.Name}&limit=1", cancel);
        return marks.GetProperty("data").EnumerateArray().Select(mark => (DateTimeOffset?)mark.GetProperty("timestamp").GetDateTimeOffset())
            .FirstOrDefault();
    }

    async Task<long> SendAsync(Part part, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        long sent = 0;
        var lanes = new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = cancel };
        var batches = part.Between(from, to).SelectMany(day => day.Facts.Chunk(FactsAtOnce), (day, batch) => (day.Line, Facts: batch));
        await Parallel.ForEachAsync(batches, lanes, async (batch, stop) =>
        {
            await client.SendAsync(batch.Line.Route, batch.Line.Name, batch.Facts, stop);
            Interlocked.Add(ref sent, batch.Facts.Length);
        });
        return sent;
    }

    Task MarkAsync(Part part, long facts, CancellationToken cancel)
    {
        var until = now.ToString("yyyyMMddHHmmssffffff", CultureInfo.InvariantCulture);
        var mark = new { name = Mark, external_id = $"{part.Name}-{until}", timestamp = now, metadata = new { part = part.Name, facts } };
        return client.SendAsync("api/events/ingest", "events", [mark], cancel);
    }

    async Task AddCustomersAsync(CancellationToken cancel)
    {
        foreach (var customer in Customers.All)
            await client.PostAsync("api/customers",
                new { external_id = customer.ExternalId, name = customer.Name, email = customer.Email }, cancel, HttpStatusCode.Conflict);
    }

    async Task AddProductsAsync(CancellationToken cancel)
    {
        foreach (var (key, name, type) in Products.All)
            await client.PostAsync("api/v1/products", new { key, name, type }, cancel, HttpStatusCode.Conflict);
        foreach (var unit in Units.All)
            await client.PostAsync("api/v1/billable-units", unit, cancel, HttpStatusCode.Conflict);
    }

    // They have no keys that a second time would meet.
    async Task AddQuestionsAsync(CancellationToken cancel)
    {
        foreach (var (route, all) in ((string, object[])[])
                 [
                     ("api/v1/analytics/reports", Questions.Reports), ("api/v1/alerts", Questions.Alerts),
                     ("api/v1/webhooks", [Questions.Webhook]),
                 ])
            if ((await client.GetAsync(route, cancel)).GetProperty("data").GetArrayLength() == 0)
                foreach (var one in all)
                    await client.PostAsync(route, one, cancel, HttpStatusCode.Created);
    }

    // One that somebody deleted is made anew: what is told of it has to go somewhere.
    async Task AddAppsAsync(CancellationToken cancel)
    {
        foreach (var app in Apps.All)
            await client.PostAsync("api/apps", new { natural_id = app.NaturalId, name = app.Name, quota_bytes = Apps.Quota }, cancel,
                HttpStatusCode.Conflict);
    }

    // Those that nobody named otherwise.
    async Task LabelAsync(CancellationToken cancel)
    {
        var types = await client.GetAsync("api/event-types?limit=1000", cancel);
        foreach (var type in types.GetProperty("data").EnumerateArray())
            if (type.GetProperty("name").GetString()! is var name && type.GetProperty("label").GetString() == name
                && Story.Labels.TryGetValue(name, out var label))
                await client.PatchAsync($"api/event-types/{type.GetProperty("id").GetGuid()}", new { label }, cancel);
    }
}
