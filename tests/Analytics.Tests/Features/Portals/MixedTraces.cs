using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Portals;

/// <summary>
/// Traces at random, the same for every seed, that mix customers, portal keys and the backend: parents named by external id and by id,
/// before and after they come, another's and nobody's.
/// </summary>
sealed class MixedTraces
{
    readonly Random random;
    readonly List<(WorkspaceClient Key, Guid Customer)> portals = [];
    readonly List<string> ids = [];
    Guid erased;
    WorkspaceClient? erasedKey;
    int sent;

    MixedTraces(WorkspaceClient workspace, int seed) => (Workspace, random) = (workspace, new Random(seed));

    public WorkspaceClient Workspace { get; }

    /// <summary>The keys whose customers live.</summary>
    public IEnumerable<(WorkspaceClient Key, Guid Customer)> Portals => portals;

    public static async Task<MixedTraces> OfAsync(WorkspaceClient workspace, int seed)
    {
        var traces = new MixedTraces(workspace, seed);
        foreach (var name in (string[])["a", "b"])
        {
            var customer = await workspace.NewCustomerAsync(name);
            traces.portals.Add((await workspace.BoundToAsync(customer), customer));
        }

        traces.erased = await workspace.NewCustomerAsync("c");
        traces.erasedKey = await workspace.BoundToAsync(traces.erased);
        return traces;
    }

    public async Task SendAsync(int events)
    {
        for (var last = sent + events; sent < last;)
        {
            var sender = random.Next(5) switch
            {
                0 => portals[0].Key,
                1 => portals[1].Key,
                2 when erasedKey is not null => erasedKey,
                _ => Workspace,
            };
            var batch = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Event(sent++, sender == Workspace)).ToList();
            await IngestAsync(sender, batch);
            if (random.Next(4) == 0)
                await IngestAsync(sender, batch);
            await LearnIdsAsync();
        }
    }

    /// <summary>A question of the backend's makes the field one the rollups know.</summary>
    public Task RegisterAsync(string field) => Workspace.GetAsync(
        $"/api/events/statistics/timeseries?start_date=2026-03-01&end_date=2026-03-31&interval=month&aggregate_fields={field}");

    public async Task EraseAsync()
    {
        var job = (await Workspace.DeleteAsync($"/api/customers/{erased}", 202)).GetProperty("job_id").GetString();
        erasedKey = null;
        await Until.HoldsAsync(
            async () => (await Workspace.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString() == "done", "The erasure does not end.");
    }

    JsonObject Event(int number, bool isBackends)
    {
        var made = Some.Event(
            number % 3 == 0 ? "storefront.run" : "storefront.step", Some.Day.AddMinutes(random.Next(4_000)).AddMicroseconds(number), customer: null,
            externalId: random.Next(8) > 0 ? $"e-{number}" : null, parent: Parent(number), cost: random.Next(3) > 0 ? random.Next(-20, 100) : null,
            metadata: random.Next(2) == 0 ? new JsonObject { ["size"] = random.Next(1, 9) } : null);
        if (isBackends)
            Name(made);
        return made;
    }

    // Some would go in circles: those are left out.
    static async Task IngestAsync(WorkspaceClient sender, List<JsonObject> batch) => await sender.PostAsync(
        "/api/events/ingest?partial=true", new JsonObject { ["events"] = new JsonArray([.. batch.Select(e => e.DeepClone())]) });

    // Earlier and later ones of any space; of those the sender's own are found, and every other waits.
    string? Parent(int number) => random.Next(10) switch
    {
        < 3 => null,
        < 7 => $"e-{(random.Next(3) > 0 ? random.Next(Math.Max(0, number - 15), number + 1) : number + random.Next(1, 15))}",
        < 9 => ids.Count == 0 ? null : ids[random.Next(ids.Count)],
        _ => $"never-{random.Next(3)}",
    };

    void Name(JsonObject made)
    {
        switch (random.Next(6))
        {
            case 0:
                made["customer_id"] = portals[random.Next(2)].Customer.ToString();
                break;
            case 1:
                made["external_customer_id"] = "stranger";
                break;
            case < 5:
                made["external_customer_id"] = erasedKey is null ? "a" : new[] { "a", "b", "c" }[random.Next(3)];
                break;
        }
    }

    async Task LearnIdsAsync()
    {
        var newest = await Workspace.GetAsync("/api/events?source=user&sort=-ingested_at&limit=10");
        ids.AddRange(newest.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("id").GetString()!));
    }
}
