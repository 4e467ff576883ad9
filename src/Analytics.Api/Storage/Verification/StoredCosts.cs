using System.Text.Encodings.Web;
using System.Text.Json;
using Analytics.Storage.Business;

namespace Analytics.Storage.Verification;

/// <summary>
/// What the store knows of what some raw events' costs are told apart by, and of the subscriptions they name. That it knows it rightly
/// is checked beside it: <see cref="CostCheck"/>, <see cref="SubscriptionCheck"/>.
/// </summary>
sealed class StoredCosts
{
    // Lateral and by whole keys; see docs/decisions/0014.
    const string SubscriptionsSql = $"""
        select {SubscriptionRow.Columns}
        from (select distinct one from unnest($2) as asked (one)) wanted
        cross join lateral (
            select *
            from subscriptions
            where workspace_id = $1
              and key = wanted.one
            offset 0
        ) s
        """;

    const string TextsSql = """
        select known.number, known.text
        from (select distinct one from unnest($3) as asked (one)) wanted
        cross join lateral (
            select number, text
            from texts
            where workspace_id = $1
              and kind = $2
              and number between wanted.one and wanted.one
            order by number
            limit 1
        ) known
        """;

    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly StoreSnapshot snapshot;
    readonly Dictionary<Guid, SubscriptionRow> subscriptions = [];
    readonly Dictionary<int, string?[]> texts = new() { [0] = [null, null, null, null, null] };
    readonly Dictionary<int, int> plain = [];

    StoredCosts(StoreSnapshot snapshot) => this.snapshot = snapshot;

    public static async Task<StoredCosts> LoadAsync(
        StoreSnapshot snapshot, IReadOnlyList<RawSale> events, StoredSales sales, CancellationToken cancel)
    {
        var known = new StoredCosts(snapshot);
        var payments = events.Select(sales.PaymentOf).OfType<PaymentRow>().ToList();
        Guid[] keys =
        [
            .. events.Select(e => e.Costs.SubscriptionId).OfType<string>().Distinct().Select(known.KeyOf),
            .. events.Select(e => e.Event.Subscription).OfType<Guid>(),
            .. payments.SelectMany(payment => payment.Refunds.Values).Select(refund => refund.Subscription).OfType<Guid>(),
        ];
        if (keys.Length > 0)
            await snapshot.EachAsync(
                SubscriptionsSql, [keys], row => known.subscriptions[row.GetGuid(0)] = SubscriptionRow.Read(row), cancel);
        int[] numbers =
        [
            .. events.Select(e => e.Event.CostKey).OfType<int>(), .. payments.Select(payment => payment.CostKey),
            .. payments.SelectMany(payment => payment.Refunds.Values).Select(refund => refund.CostKey).OfType<int>(),
        ];
        if (numbers.Length > 0)
            await known.LoadTextsAsync(numbers, cancel);
        return known;
    }

    async Task LoadTextsAsync(int[] numbers, CancellationToken cancel)
    {
        var named = new List<(int Number, string Plain)>();
        await snapshot.EachAsync(TextsSql, [(short)TextKind.CostKey, numbers], row =>
        {
            var number = row.GetInt32(0);
            texts[number] = JsonSerializer.Deserialize<string?[]>(row.GetString(1))!;
            if (texts[number][^1] is not null)
                named.Add((number, Plain(texts[number])));
        }, cancel);
        foreach (var (number, _) in named.Where(one => one.Plain.Length == 0))
            plain[number] = 0;
        var byHash = named.Where(one => one.Plain.Length > 0)
            .ToLookup(one => snapshot.Counters.HashOf(one.Plain, KeyKind.Text), one => one.Number);
        if (byHash.Count > 0)
            await snapshot.EachAsync(
                TextNumbers.FindSql, [(short)TextKind.CostKey, byHash.Select(group => group.Key).ToArray()], row =>
                {
                    foreach (var number in byHash[row.GetGuid(1)])
                        plain[number] = row.GetInt32(0);
                }, cancel);
    }

    static string Plain(string?[] parts) =>
        Array.TrueForAll(parts[..^1], part => part is null) ? "" : JsonSerializer.Serialize<string?[]>([.. parts[..^1], null], Readable);

    /// <summary>The number of the same without a subscription; the number itself where none is named, or nothing else is known.</summary>
    public int PlainOf(int costKey) => plain.GetValueOrDefault(costKey, costKey);

    public Guid KeyOf(string subscriptionId) => snapshot.Counters.HashOf(subscriptionId, KeyKind.Subscription);

    public SubscriptionRow? Subscription(string id) => subscriptions.GetValueOrDefault(KeyOf(id));

    /// <summary>What a number stands for; null when there is no such number.</summary>
    public string?[]? Of(int costKey) => texts.GetValueOrDefault(costKey);

    /// <summary>Whose the cost of an event is; <paramref name="target"/> as its share and payment say.</summary>
    public int OwnerOf(RawSale e, int target) => target != 0 ? target
        : e.Costs.SubscriptionId is { } id ? Subscription(id)?.Person ?? 0
        : 0;
}
