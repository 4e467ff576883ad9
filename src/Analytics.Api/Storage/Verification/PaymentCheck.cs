namespace Analytics.Storage.Verification;

/// <summary>
/// Were the events that payments and refunds were booked for sent, and for this payment? That all that were sent are booked, and
/// what they say, is checked where raw events are counted.
/// </summary>
sealed class PaymentCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string PaymentsSql = $"""
        select {PaymentRow.Columns}
        from payments p
        where p.workspace_id = $1
          and p.key > $2
        order by p.key
        limit $3
        """;

    const string RefundsSql = """
        select payment, id
        from refunds
        where workspace_id = $1
          and payment > $2
          and payment <= $3
        """;

    readonly ReferencedEvents payments = new(snapshot, log, "payments");
    readonly ReferencedEvents refunds = new(snapshot, log, "refunds");

    /// <summary>The next payments in the order of their keys, and refunds; gives the last one's, or null after the end.</summary>
    public async Task<Guid?> RowsAsync(Guid after, int most, CancellationToken cancel)
    {
        var rows = await snapshot.ReadAsync(PaymentsSql, [after, most], PaymentRow.Read, cancel);
        var isEnd = rows.Count < most;
        var refunded = await snapshot.ReadAsync(
            RefundsSql, [after, isEnd ? Guid.AllBitsSet : rows[^1].Key], row => (Payment: row.GetGuid(0), Id: row.GetGuid(1)), cancel);
        await payments.FindAsync(rows.Select(row => row.Paid?.Id).OfType<Guid>(), cancel);
        await refunds.FindAsync(refunded.Select(refund => refund.Id), cancel);

        var keys = rows.Select(row => row.Key).ToHashSet();
        var withRefunds = refunded.Select(refund => refund.Payment).ToHashSet();
        foreach (var row in rows)
            Check(row, withRefunds.Contains(row.Key));
        foreach (var (payment, id) in refunded)
        {
            var words = $"refund {id} of payment {payment}";
            if (!keys.Contains(payment))
                log.Add("refunds", words, "payment", null, payment);
            if (refunds.Check(words, "event", new Said(EventId.TimestampOf(id) ?? 0, id), SaleKind.Refunded) is { } e)
                log.Compare("refunds", words, "payment of its event", payment, KeyOf(e));
        }

        return isEnd ? null : rows[^1].Key;
    }

    void Check(PaymentRow row, bool isRefunded)
    {
        var words = $"payment {row.Key}";
        if (row.Paid is { } paid)
        {
            if (payments.Check(words, "paid", paid, SaleKind.Paid) is { } e)
                log.Compare("payments", words, "payment of its event", row.Key, KeyOf(e));
            return;
        }

        if (!isRefunded)
            log.Add("payments", words, "row", "a payment", "nobody names it");
        log.Compare("payments", words, "what is known of it", (row.Share, row.Person, row.Amount, row.Fee), (0, 0, 0, 0));
    }

    Guid KeyOf(FoundEvent e) => snapshot.Counters.HashOf(e.PaymentId ?? "", KeyKind.Payment);
}
