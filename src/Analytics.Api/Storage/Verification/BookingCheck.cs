namespace Analytics.Storage.Verification;

/// <summary>
/// Is what raw events tell of shares and payments booked? Each names the share its <c>share_id</c> stands for; what is known of
/// a share or payment was said by this event or an earlier one, and says what that event says.
/// </summary>
sealed class BookingCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    // Of these people texts are gone, expires_at among them.
    const string ErasedSql = """
        select wanted.person
        from unnest($2) as wanted (person)
        where exists (
            select
            from erasures e
            where e.workspace_id = $1
              and wanted.person = any(e.people))
        """;

    public async Task RunAsync(IReadOnlyList<RawSale> events, StoredSales known, CancellationToken cancel)
    {
        var erased = await ErasedAsync(events, cancel);
        foreach (var e in events)
        {
            NamesItsShare(e, known.ShareOf(e));
            if (e.What is SaleKind.Created or SaleKind.Completed or SaleKind.Expired && known.ShareOf(e) is { } share)
                IsInShare(e, share, erased.Contains(e.Event.Person));
            if (e.What is SaleKind.Paid or SaleKind.Refunded)
                IsInPayment(e, known);
        }
    }

    async Task<HashSet<int>> ErasedAsync(IReadOnlyList<RawSale> events, CancellationToken cancel)
    {
        var people = events
            .Where(e => e.What == SaleKind.Created && e.Event is { ExternalId: null, Person: not 0 } && e.Says.Moment("expires_at") is null)
            .Select(e => e.Event.Person).Distinct().ToArray();
        return people.Length == 0 ? [] : [.. await snapshot.ReadAsync(ErasedSql, [people], row => row.GetInt32(0), cancel)];
    }

    void NamesItsShare(RawSale e, ShareRow? share)
    {
        if (e.Says.ShareId is not null && share is null)
            log.Add("shares", $"share_id of {Words(e)}", "row", null, "a share");
        log.Compare("events", Words(e), "share", e.Event.Share, share?.Number ?? 0);
    }

    void IsInShare(RawSale e, ShareRow share, bool isErased)
    {
        var words = $"share {share.Number}";
        if (e.What == SaleKind.Completed)
            IsFirst("shares", words, "completed", share.Completed, e);
        else if (e.What == SaleKind.Expired)
            IsFirst("shares", words, "expired", share.Expired, e);
        else if (IsFirst("shares", words, "created", share.Created, e))
        {
            log.Compare("shares", words, "person", share.Person, e.Event.Person);
            log.Compare("shares", words, "price", share.Price, e.Says.Count("price_cents") ?? 0);
            log.Compare("shares", words, "size", share.Size, e.Says.Count("file_size_bytes") ?? 0);
            if (!isErased)
                log.Compare("shares", words, "expires_at", share.ExpiresAt, e.Says.Moment("expires_at"));
        }
    }

    void IsInPayment(RawSale e, StoredSales known)
    {
        var payment = known.PaymentOf(e);
        var share = known.ShareOf(e)?.Number ?? 0;
        if (payment is null)
            log.Add("payments", $"payment_id of {Words(e)}", "row", null, "a payment");
        else if (e.What == SaleKind.Refunded)
            IsRefunded(e, share, payment);
        else if (IsFirst("payments", $"payment {payment.Key}", "paid", payment.Paid, e))
            Says("payments", $"payment {payment.Key}", e, share, payment.Share, payment.Person, payment.Amount, payment.Fee, 0);
    }

    void IsRefunded(RawSale e, int share, PaymentRow payment)
    {
        var words = $"refund {e.Event.Id} of payment {payment.Key}";
        if (!payment.Refunds.TryGetValue(e.Event.Id, out var refund))
        {
            log.Add("refunds", words, "row", null, "a refund");
            return;
        }

        Says("refunds", words, e, share, refund.Share, refund.Person, refund.Amount, refund.Fee, null);
        log.Compare("refunds", words, "cost", refund.Cost, e.Cost);
    }

    void Says(string table, string words, RawSale e, int named, int share, int person, long amount, long? fee, long? noFee)
    {
        log.Compare(table, words, "share", share, named);
        log.Compare(table, words, "person", person, e.Event.Person);
        log.Compare(table, words, "amount", amount, e.Says.Count("amount_cents") ?? 0);
        log.Compare(table, words, "fee", fee, e.Says.Count("platform_fee_cents") ?? noFee);
    }

    /// <summary>Whether this event is the one that counts; one that should be and is not is reported.</summary>
    bool IsFirst(string table, string words, string what, Said? known, RawSale e)
    {
        if (known is null || e.Moment.IsBefore(known))
            log.Add(table, words, what, known, e.Moment);
        return known?.Id == e.Event.Id;
    }

    string Words(RawSale e) => $"event {e.Event.Id}, {snapshot.TypeName(e.Event.Type)}";
}
