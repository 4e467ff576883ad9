using Analytics.Storage.Sales;

namespace Analytics.Storage.Verification;

/// <summary>
/// What the store knows of the shares and payments that some raw events name, and what those events count for given that. That
/// the store knows it rightly is checked beside it: <see cref="BookingCheck"/>, <see cref="ShareCheck"/>, <see cref="PaymentCheck"/>.
/// </summary>
sealed class StoredSales
{
    static readonly string SharesSql = By(ShareRow.Columns, "shares", "s", "key");
    static readonly string SharesByNumberSql = By(ShareRow.Columns, "shares", "s", "share");
    static readonly string PaymentsSql = By(PaymentRow.Columns, "payments", "p", "key");
    static readonly string RefundsSql = By(RefundRow.Columns, "refunds", "r", "payment");

    readonly StoreSnapshot snapshot;
    readonly Dictionary<string, Guid> shareKeys;
    readonly Dictionary<string, Guid> paymentKeys;
    readonly Dictionary<Guid, ShareRow> byKey = [];
    readonly Dictionary<int, ShareRow> byNumber = [];
    readonly Dictionary<Guid, PaymentRow> payments = [];

    StoredSales(StoreSnapshot snapshot, IReadOnlyList<RawSale> events)
    {
        this.snapshot = snapshot;
        shareKeys = events.Select(e => e.Says.ShareId).OfType<string>().Distinct()
            .ToDictionary(id => id, id => snapshot.Counters.HashOf(id, KeyKind.Share));
        paymentKeys = events.Where(IsOfPayment).Select(e => e.Says.PaymentId).Distinct()
            .ToDictionary(id => id, id => snapshot.Counters.HashOf(id, KeyKind.Payment));
    }

    public static async Task<StoredSales> LoadAsync(StoreSnapshot snapshot, IReadOnlyList<RawSale> events, CancellationToken cancel)
    {
        var known = new StoredSales(snapshot, events);
        if (known.shareKeys.Count > 0)
            await known.SharesAsync(SharesSql, known.shareKeys.Values.ToArray(), cancel);
        if (known.paymentKeys.Count == 0)
            return known;
        Guid[] keys = [.. known.paymentKeys.Values];
        await snapshot.EachAsync(PaymentsSql, [keys], row => known.payments[row.GetGuid(0)] = PaymentRow.Read(row), cancel);
        await snapshot.EachAsync(
            RefundsSql, [keys], row => known.payments.GetValueOrDefault(row.GetGuid(0))?.Add(RefundRow.Read(row)), cancel);
        var others = known.payments.Values.Select(payment => payment.Share).Where(share => !known.byNumber.ContainsKey(share));
        await known.SharesAsync(SharesByNumberSql, others.Distinct().ToArray(), cancel);
        return known;
    }

    // Lateral and by whole keys; see docs/decisions/0014.
    static string By(string columns, string table, string row, string key) => $"""
        select {columns}
        from (select distinct one from unnest($2) as asked (one)) wanted
        cross join lateral (
            select *
            from {table}
            where workspace_id = $1
              and {key} between wanted.one and wanted.one
            order by {key}
            offset 0
        ) {row}
        """;

    /// <summary>The share an event names itself.</summary>
    public ShareRow? ShareOf(RawSale e) => e.Says.ShareId is { } id ? byKey.GetValueOrDefault(shareKeys[id]) : null;

    public PaymentRow? PaymentOf(RawSale e) => IsOfPayment(e) ? payments.GetValueOrDefault(paymentKeys[e.Says.PaymentId]) : null;

    /// <summary>Which share and person an event counts for; 0 for none.</summary>
    public (int Share, int Person) TargetOf(RawSale e)
    {
        var share = ShareOf(e)?.Number ?? 0;
        var payment = e.What == SaleKind.Refunded && PaymentOf(e) is { Paid: not null } paid ? paid : null;
        if (share == 0)
            share = payment?.Share ?? 0;
        var person = e.Event.Person;
        if (person == 0 && payment is not null)
            person = PayerOf(payment);
        return (share, person == 0 ? OwnerOf(share) : person);
    }

    /// <summary>What an event counts for beside being one.</summary>
    public IEnumerable<(int Share, int Person, SalesSum Sum, Int128 Amount)> SumsOf(RawSale e) => e.What switch
    {
        SaleKind.Created when ShareOf(e) is { } share && share.Created?.Id == e.Event.Id => Of(share, share.AtCreation()),
        SaleKind.Completed or SaleKind.Expired when ShareOf(e) is { } share && share.End?.Event == e.Event.Id => Of(share, share.AtEnd()),
        SaleKind.Downloaded when ShareOf(e) is { } share => At(
            TargetOf(e), (SalesSum.Downloads, 1), (SalesSum.DownloadedBytes, e.Says.Count("bytes") ?? share.Size)),
        SaleKind.Paid when PaymentOf(e) is { Share: > 0 } payment && payment.Paid?.Id == e.Event.Id => At(
            (payment.Share, PayerOf(payment)), (SalesSum.Revenue, payment.Amount), (SalesSum.PlatformFees, payment.Fee)),
        SaleKind.Refunded when PaymentOf(e) is { Paid: not null } payment && TargetOf(e) is { Share: > 0 } target => At(
            target, (SalesSum.Revenue, -(e.Says.Count("amount_cents") ?? 0)), (SalesSum.PlatformFees, -payment.FeeOf(e.Event.Id))),
        _ => [],
    };

    /// <summary>Whose a payment or refund is, what it is told apart by and what it brings; null when it does not count.</summary>
    public (int Person, int CostKey, Int128 Revenue)? RevenueOf(RawSale e) => PaymentOf(e) switch
    {
        { Paid: { } paid } payment when e.What == SaleKind.Paid =>
            paid.Id == e.Event.Id ? (PayerOf(payment), payment.CostKey, payment.Amount) : null,
        { Paid: not null } payment when e.What == SaleKind.Refunded =>
            (TargetOf(e).Person, payment.CostKey, -(e.Says.Count("amount_cents") ?? 0)),
        _ => null,
    };

    static bool IsOfPayment(RawSale e) => e.What is SaleKind.Paid or SaleKind.Refunded;

    static IEnumerable<(int, int, SalesSum, Int128)> Of(ShareRow share, IEnumerable<(SalesSum, Int128)> amounts) =>
        At((share.Number, share.Person), [.. amounts]);

    static IEnumerable<(int, int, SalesSum, Int128)> At((int Share, int Person) target, params (SalesSum Sum, Int128 Amount)[] amounts) =>
        amounts.Select(counted => (target.Share, target.Person, counted.Sum, counted.Amount));

    int OwnerOf(int share) => byNumber.GetValueOrDefault(share)?.Person ?? 0;

    int PayerOf(PaymentRow payment) => payment.Person != 0 ? payment.Person : OwnerOf(payment.Share);

    Task SharesAsync(string sql, SqlValue wanted, CancellationToken cancel) => snapshot.EachAsync(sql, [wanted], row =>
    {
        var share = ShareRow.Read(row);
        (byKey[share.Key], byNumber[share.Number]) = (share, share);
    }, cancel);
}
