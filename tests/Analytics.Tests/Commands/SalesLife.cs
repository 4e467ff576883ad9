using System.Globalization;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Commands;

/// <summary>
/// What shares and payments may go through, at random but the same for every seed: everything in any order and several times,
/// customers named or not, shares that run out before they are created and long after all events.
/// </summary>
public sealed class SalesLife(WorkspaceClient workspace, int seed, int things = 25)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 27, 0, 0, 0, TimeSpan.Zero);
    const int Hours = 10 * 24;

    static readonly string[] Names =
    [
        "file_share.created", "file_share.downloaded", "file_share.downloaded", "file_share.completed", "file_share.expired",
        "payment.completed", "payment.refunded", "task.done",
    ];

    readonly Random random = new(seed);

    public async Task LiveAsync(int events, int batches = 5)
    {
        foreach (var batch in Enumerable.Range(0, events).Select(_ => Event(random, things)).Chunk(1 + (events / batches)))
            await workspace.IngestAsync(batch);
    }

    /// <summary>
    /// A share turns out to be another customer's: Ben loses the only event he had in that quarter hour. A share nobody makes and a
    /// payment nobody makes.
    /// </summary>
    public async Task LiveOddlyAsync()
    {
        await workspace.IngestAsync(
            Told("file_share.downloaded", 1, null, new() { ["share_id"] = "disputed" }),
            Told("file_share.created", 3, "ben", new() { ["share_id"] = "disputed" }));
        await workspace.IngestAsync(
            Told("file_share.created", 2, "ann", new() { ["share_id"] = "disputed" }),
            Told("file_share.completed", 4, null, new() { ["share_id"] = "unmade" }),
            Told("payment.refunded", 5, "ann", new() { ["payment_id"] = "unpaid", ["amount_cents"] = 5 }));
    }

    /// <summary>An event at random. No two are at the same time: ids, which decide then, are others each time.</summary>
    public static JsonObject Event(Random random, int things = 25)
    {
        var hour = random.Next(Hours);
        var name = Names[random.Next(Names.Length)];
        var made = Some.Event(
            name, Start.AddHours(hour).AddTicks(10 * random.NextInt64(3_600_000_000)),
            customer: random.Next(3) == 0 ? $"person-{random.Next(6)}" : name == "task.done" ? "nina" : null,
            metadata: Metadata(name, hour, random, things));
        made["external_id"] = Some.ExternalId;
        return made;
    }

    static JsonObject Metadata(string name, int hour, Random random, int things)
    {
        var made = new JsonObject();
        var isPayment = name.StartsWith("payment.", StringComparison.Ordinal);
        if (random.Next(3) == 0)
            made["_cost"] = new JsonObject { ["amount"] = random.Next(1000) / 100m, ["currency"] = "usd" };
        if (!isPayment || random.Next(2) == 0)
            made["share_id"] = $"share-{random.Next(things)}";
        if (name == "file_share.created")
            (made["price_cents"], made["file_size_bytes"], made["expires_at"]) =
                (random.Next(3) * 100, random.Next(1000), Time(hour + (random.Next(4) == 0 ? 20_000 : random.Next(-10, 100))));
        if (name == "file_share.downloaded" && random.Next(2) == 0)
            made["bytes"] = random.Next(1000);
        if (isPayment)
            (made["payment_id"], made["amount_cents"]) = ($"payment-{random.Next(things)}", random.Next(1000));
        if (isPayment && random.Next(4) > 0)
            made["platform_fee_cents"] = random.Next(100);
        return made;
    }

    static JsonObject Told(string name, int hour, string? customer, JsonObject metadata) =>
        Some.Event(name, Start.AddDays(-1).AddHours(hour), Some.ExternalId, customer, metadata: metadata);

    static string Time(int hour) => Start.AddHours(hour).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
