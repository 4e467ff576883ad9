using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Business.Costs;

/// <summary>An event of a random life, as it is sent and as the model reads it.</summary>
sealed record CostEvent(string Name, DateTimeOffset At)
{
    public string? Customer { get; init; }
    public string? Share { get; init; }
    public string? Payment { get; init; }
    public string? Subscription { get; init; }
    public string? Product { get; init; }
    public string? Category { get; init; }
    public string? Vendor { get; init; }
    public string? Model { get; init; }
    public decimal? Cost { get; init; }
    public long Cents { get; init; }

    /// <summary>As the ingest route takes it; some customers are named by our id.</summary>
    public JsonObject ToJson(Guid? customerId)
    {
        var metadata = new JsonObject();
        foreach (var (member, text) in new[]
            {
                ("share_id", Share), ("payment_id", Payment), ("subscription_id", Subscription), ("product_id", Product),
                ("cost_category", Category),
            })
            if (text is not null)
                metadata[member] = text;
        if (Payment is not null)
            metadata["amount_cents"] = Cents;
        if (Vendor is not null)
            metadata["_llm"] = new JsonObject { ["vendor"] = Vendor, ["model"] = Model, ["input_tokens"] = 1, ["output_tokens"] = 2 };
        return Some.Event(Name, At, Some.ExternalId, Customer, customerId, cost: Cost, metadata: metadata);
    }
}

/// <summary>A cost or a payment with everything it is told apart by, the customer first.</summary>
sealed record CostFact(DateTimeOffset At, string?[] Groups, bool IsCost, decimal Cost, long Cents);

/// <summary>What random events cost and bring, from all of them at once: knows nothing of the order in which they came.</summary>
sealed class CostModel(IReadOnlyList<CostEvent> events)
{
    public static readonly string[] Groups = ["customer", "product", "vendor", "model", "category", "subscription"];

    /// <summary>What names nothing: it comes after everything else.</summary>
    public const string None = "~";

    public IReadOnlyList<CostFact> Facts { get; } = [.. Of(events)];

    /// <summary>The rows of an answer as text: key, cost, revenue and margins.</summary>
    public static List<string> Rows(IEnumerable<CostFact> facts, string[] groupBy, bool hasRevenue)
    {
        var places = groupBy.Select(name => Array.IndexOf(Groups, name)).ToArray();
        return
        [
            .. facts.Where(fact => fact.IsCost || hasRevenue)
                .GroupBy(fact => string.Join('/', places.Select(place => fact.Groups[place] ?? None)))
                .OrderByDescending(group => group.Sum(fact => fact.Cost)).ThenBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key} {Words(group, hasRevenue)}"),
        ];
    }

    /// <summary>Cost, revenue, margin and percent; a point of a trend has none of the last.</summary>
    public static string Words(IEnumerable<CostFact> facts, bool hasRevenue, bool isPoint = false)
    {
        var (cost, cents) = (facts.Sum(fact => fact.Cost), facts.Sum(fact => fact.Cents));
        var percent = cents == 0 ? "null" : Text(Math.Round((cents - cost) * 100 / cents, 2, MidpointRounding.AwayFromZero));
        var words = hasRevenue ? $"{Text(cost)} {cents} {Text(cents - cost)}" : $"{Text(cost)} null null";
        return isPoint ? words : $"{words} {(hasRevenue ? percent : "null")}";
    }

    public static string Text(decimal number) => FormattableString.Invariant($"{number:0.############}");

    static IEnumerable<CostFact> Of(IReadOnlyList<CostEvent> events)
    {
        var owners = events.Where(e => e is { Subscription: not null, Customer: not null }).GroupBy(e => e.Subscription!)
            .ToDictionary(named => named.Key, named => named.MinBy(e => e.At)!.Customer);
        var shares = events.Where(e => e.Name == "file_share.created").GroupBy(e => e.Share!)
            .ToDictionary(named => named.Key, named => named.MinBy(e => e.At)!.Customer);
        var payments = events.Where(e => e.Name == "payment.completed").GroupBy(e => e.Payment!)
            .ToDictionary(named => named.Key, named => named.MinBy(e => e.At)!);
        string? OfShare(string? share) => share is null ? null : shares.GetValueOrDefault(share);
        string? PayerOf(CostEvent paid) => paid.Customer ?? OfShare(paid.Share);

        foreach (var e in events)
        {
            var payment = e.Payment is null ? null : payments.GetValueOrDefault(e.Payment);
            var isRefund = e.Name == "payment.refunded";
            var owner = e.Customer
                ?? (isRefund && payment is not null ? PayerOf(payment) ?? OfShare(e.Share ?? payment.Share) : OfShare(e.Share));
            if (e.Cost is { } cost)
                yield return new(
                    e.At,
                    [
                        owner ?? (e.Subscription is null ? null : owners.GetValueOrDefault(e.Subscription)), e.Product, e.Vendor, e.Model,
                        e.Category, e.Subscription,
                    ],
                    true, cost, 0);
            if (payment is not null && (isRefund || payment == e))
                yield return new(
                    e.At, [owner, payment.Product, null, null, null, payment.Subscription], false, 0, isRefund ? -e.Cents : e.Cents);
        }
    }
}
