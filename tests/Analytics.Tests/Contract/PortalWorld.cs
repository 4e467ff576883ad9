using System.Globalization;
using System.Text.Json.Nodes;
using Analytics.Tests.Features.Requests;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Contract;

/// <summary>
/// A workspace in which customer A's facts are always the same. In a busy one the backend and customer B do a lot beside them: they use the
/// same external ids, names and shares, hang their events on A's and A's on theirs.
/// </summary>
sealed class PortalWorld(WorkspaceClient backend, WorkspaceClient portal, Guid customer, bool isBusy)
{
    readonly List<string> streamed = [];
    WorkspaceClient? other;
    Guid otherCustomer = Guid.NewGuid();
    int told;

    public WorkspaceClient Backend => backend;

    /// <summary>A's portal key.</summary>
    public WorkspaceClient Portal => portal;

    public Guid Customer => customer;

    /// <summary>An id of B's: a customer's, an event's; where there is no B, one of nobody.</summary>
    public Guid OtherCustomer => otherCustomer;

    public Guid OtherEvent { get; private set; } = Guid.CreateVersion7(Some.Day.AddDays(-1));

    /// <summary>Ids that calls have asked for, by their names there.</summary>
    public Dictionary<string, Guid> Found { get; } = [];

    /// <summary>The messages of A's stream.</summary>
    public IReadOnlyList<string> Streamed => streamed;

    /// <summary>An event of A's by its external id.</summary>
    public async Task<Guid> OwnAsync(string externalId) => (await portal.GetAsync("/api/events?limit=1000")).GetProperty("data").EnumerateArray()
        .First(row => row.GetProperty("external_id").GetString() == externalId).GetProperty("id").GetGuid();

    public static async Task<PortalWorld> MakeAsync(AnalyticsApi api, bool isBusy)
    {
        var backend = await api.NewWorkspaceAsync();
        var customer = await backend.NewCustomerAsync("a", "Ann");
        foreach (var (aggregation, field) in ((string, string?)[])[("COUNT", null), ("SUM", "n"), ("UNIQUE", "n")])
            await backend.PostAsync(
                "/api/v1/billable-units", new { key = aggregation, name = aggregation, unitLabel = "runs", aggregation, eventName = "run", field }, 201);
        var world = new PortalWorld(backend, await backend.BoundToAsync(customer), customer, isBusy);
        await world.LiveAsync();
        return world;
    }

    async Task LiveAsync()
    {
        await using var stream = await OpenStream.OfAsync(portal);
        if (isBusy)
            await BeginOthersAsync();
        await BackendAsync(stream, Own("ra", cost: 1), Own("ca", "ra", cost: 2), Own("pa", "never", cost: 64), Share(), Paid());
        await OthersAsync("rb", null, "b-under-ra", "ra", "b-under-ca", "ca");
        await BackendAsync(stream, Own("ab", "rb", cost: 4), Own("aab", "ab", cost: 8), Own("deep", "b-under-ra", cost: 16));
        await OthersAsync("never", null);
        if (isBusy)
            await other!.IngestAsync(Some.Event("run", Some.Day.AddDays(-1), customer: "b", metadata: Subscribed()));
        await BackendAsync(stream, Some.Event("step", Next(), "subscribed", customer: "a", metadata: Subscribed()));
        await backend.IngestAsync(Some.Event("service.run", Next(), customer: null, cost: 128, metadata: Subscribed()));
        await SendAsync(stream, Mine("late-child", "late"), Mine("inv-1", cost: 32), Mine("inv-2", "inv-1"), Mine("of-b", "rb"));
        await OthersAsync("inv-1", null, "late", null, "of-inv", "inv-1");
        await SendAsync(
            stream, Mine("late"), Mine("by-id", $"{await OwnAsync("ca")}", cost: 0.5m), Mine("by-foreign-id", $"{OtherEvent}"),
            Mine("shared", metadata: new JsonObject { ["share_id"] = "s", ["n"] = 5 }));
        await SendAsync(stream, Mine("below-b", $"{await OwnAsync("aab")}"), Mine("more", "shared", metadata: new JsonObject { ["n"] = 7 }));
        await backend.IngestAsync(Visited("visit", "a"), Visited("product_view", "a"), Invoked("a"), Invoked("a"));
        if (isBusy)
            await EndOthersAsync();
        await CallAsync();
        // A batch that is sent again changes nothing.
        await portal.IngestAsync(Mine("late"), Mine("inv-1"), Mine("of-b", "rb"));
    }

    async Task BeginOthersAsync()
    {
        otherCustomer = await backend.NewCustomerAsync("b", "Bob");
        other = await backend.BoundToAsync(otherCustomer);
        await backend.NewCustomerAsync("a2", "Ann");
        await backend.GetAsync(
            "/api/events/statistics/timeseries?start_date=2026-03-01&end_date=2026-03-31&interval=month&aggregate_fields=n&aggregate_fields=m");
    }

    async Task EndOthersAsync()
    {
        await backend.IngestAsync(
            Some.Event("run", At(), customerId: otherCustomer, parent: $"{await OwnAsync("inv-1")}", cost: -500, externalId: "under-inv-1"),
            Some.Event("service.up", At(), customer: null, parent: "under-inv-1", cost: 9),
            Some.Event("file_share.downloaded", At(), "down", customer: "b", metadata: new JsonObject { ["share_id"] = "s", ["bytes"] = 10 }),
            Some.Event("file_share.created", At(), "share-b", customer: "b", metadata: new JsonObject { ["share_id"] = "sb", ["price_cents"] = 900 }),
            Some.Event("only.bs", At(), customer: "b", metadata: new JsonObject { ["share_id"] = "sb", ["n"] = 100 }));
        await backend.IngestAsync(
            Visited("visit", "b", At()), Visited("pricing_view", null, At()), Visited("signup", "b", At()), Invoked("b", At()), Invoked(null, At()));
        await other!.PatchAsync($"/api/customers/{otherCustomer}", new { name = "Ann" });
    }

    /// <summary>API requests: A's, and those of B and of nobody to the same endpoints and to others, and right now.</summary>
    async Task CallAsync()
    {
        var own = Enumerable.Range(0, 60)
            .Select(number => new Sent(
                Some.Day.AddMinutes(7 * number), $"GET:/a/{number % 3}", 11.5m * number, (short)(number % 5 == 0 ? 500 : 200), "a", 1_000 * number,
                Portal: number % 4 == 0 ? customer : null)).ToList();
        await backend.SendAsync(own);
        if (isBusy)
            await backend.SendAsync(own.Select(one => one with { Customer = one.Bytes % 7_000 == 0 ? "b" : null, Portal = null, Latency = 5_000, Status = 404 })
                .Concat(own.Select((one, at) => one with { Customer = "b", Portal = null, Endpoint = $"GET:/b/{at}" }))
                .Append(new Sent(TimeProvider.System.GetUtcNow(), Customer: "b")));
    }

    Task BackendAsync(OpenStream stream, params JsonObject[] events) => ToldAsync(backend, stream, events);

    Task SendAsync(OpenStream stream, params JsonObject[] events) => ToldAsync(portal, stream, events);

    // One after the other: what a message says of the trace is then what has come until then.
    async Task ToldAsync(WorkspaceClient sender, OpenStream stream, JsonObject[] events)
    {
        foreach (var e in events)
        {
            await sender.IngestAsync(e);
            streamed.Add((await stream.NextAsync()).Data);
        }
    }

    /// <summary>What B's portal key and the backend send of B and of nobody, by external ids and parents.</summary>
    async Task OthersAsync(params string?[] names)
    {
        if (!isBusy)
            return;
        foreach (var pair in names.Chunk(2))
        {
            // Roots are of the day before, so that ids of theirs come before A's in either world.
            var at = pair[1] is null ? At().AddDays(-1) : At();
            await backend.IngestAsync(
                Some.Event("run", at, pair[0], customer: "b", parent: pair[1], cost: -999_999, metadata: new JsonObject { ["n"] = 1 }));
            await other!.IngestAsync(Some.Event("run", at, pair[0], customer: "b", parent: pair[1], cost: 11));
        }

        var theirs = (await other!.GetAsync("/api/events?limit=1000&source=user")).GetProperty("data");
        OtherEvent = theirs[theirs.GetArrayLength() - 1].GetProperty("id").GetGuid();
    }

    // B's are at odd minutes, so that A's have the same times in either world.
    static DateTimeOffset At() => Some.Day.AddMinutes(1 + 2 * Random.Shared.Next(600));

    DateTimeOffset Next() => Some.Day.AddMinutes(2 * ++told);

    JsonObject Own(string externalId, string? parent = null, decimal? cost = null) => Some.Event(
        told % 2 == 0 ? "run" : "step", Next(), externalId, customer: "a", customerId: told % 3 == 0 ? null : customer, parent: parent, cost: cost);

    JsonObject Mine(string externalId, string? parent = null, decimal? cost = null, JsonObject? metadata = null) => Some.Event(
        "run", Next(), externalId, customer: "a", parent: parent, cost: cost, metadata: metadata);

    // The same visitor and the same session, whoever tells of them.
    JsonObject Visited(string step, string? customer, DateTimeOffset? at = null) => Some.Event(
        $"storefront.{step}", at ?? Next(), customer: customer, metadata: new JsonObject { ["visitor_id"] = "v" });

    JsonObject Invoked(string? customer, DateTimeOffset? at = null) => Some.Event(
        "mcp.tool_invoked", at ?? Next(), customer: customer,
        metadata: new JsonObject { ["tool"] = "t", ["session_id"] = "s", ["agent"] = customer ?? "x", ["duration_ms"] = 5, ["revenue_cents"] = 7 });

    static JsonObject Subscribed() => new() { ["subscription_id"] = "sub", ["product_id"] = "api" };

    JsonObject Share() => Some.Event("file_share.created", Next(), "share", customer: "a", metadata: new JsonObject
    {
        ["share_id"] = "s", ["price_cents"] = 500, ["file_size_bytes"] = 1_000,
        ["expires_at"] = Some.Day.AddHours(30).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
    });

    JsonObject Paid() => Some.Event("payment.completed", Next(), "paid", customer: "a", metadata: new JsonObject
    {
        ["payment_id"] = "p", ["share_id"] = "s", ["amount_cents"] = 500, ["platform_fee_cents"] = 50,
    });
}
