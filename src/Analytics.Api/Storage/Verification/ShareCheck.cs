namespace Analytics.Storage.Verification;

/// <summary>
/// Do shares say what follows from their own rows and from payments, and were the events that made and ended them sent? That no
/// earlier one was is checked where raw events are counted.
/// </summary>
sealed class ShareCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string Table = "shares";

    const string RowsSql = $"""
        select {ShareRow.Columns},
            (
                select count(*)::int
                from payments p
                where p.workspace_id = $1
                  and p.share = s.share
                  and p.share > 0
                  and p.paid_id is not null),
            exists (
                select
                from events e
                where e.workspace_id = $1
                  and e.share = s.share)
        from shares s
        where s.workspace_id = $1
          and s.share > $2
        order by s.share
        limit $3
        """;

    readonly ReferencedEvents events = new(snapshot, log, Table);

    /// <summary>The next shares in the order of their numbers; gives the last one's, or null after the end.</summary>
    public async Task<int?> RowsAsync(int after, int most, CancellationToken cancel)
    {
        const int width = ShareRow.Width;
        var rows = await snapshot.ReadAsync(
            RowsSql, [after, most],
            row => (Share: ShareRow.Read(row), Payments: row.GetInt32(width), IsNamed: row.GetBoolean(width + 1)), cancel);
        await events.FindAsync(
            rows.SelectMany(row => new[] { row.Share.Created?.Id, row.Share.Completed?.Id, row.Share.Expired?.Id }).OfType<Guid>(), cancel);
        foreach (var (share, payments, isNamed) in rows)
        {
            var words = $"share {share.Number}";
            if (!isNamed && !snapshot.HasHorizon)
                log.Add(Table, words, "row", share.Key, "nobody names it");
            log.Compare(Table, words, "payments", share.Payments, payments);
            log.Compare(Table, words, "expiry_at", share.ExpiryAt, share.Expiry);
            if (share.Created is null)
                log.Compare(
                    Table, words, "what is known of it", (share.Person, share.Price, share.Size, share.ExpiresAt), (0, 0, 0, null));
            Check(words, "created", share, share.Created, SaleKind.Created);
            Check(words, "completed", share, share.Completed, SaleKind.Completed);
            Check(words, "expired", share, share.Expired, SaleKind.Expired);
        }

        return rows.Count < most ? null : rows[^1].Share.Number;
    }

    void Check(string words, string what, ShareRow share, Said? said, SaleKind kind)
    {
        if (said is not null && events.Check(words, what, said, kind) is { } e)
            log.Compare(Table, words, $"share of {what}", share.Number, e.Share);
    }
}
