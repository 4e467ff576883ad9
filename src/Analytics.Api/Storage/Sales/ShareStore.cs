using System.Collections.Immutable;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Npgsql;
using NpgsqlTypes;

namespace Analytics.Storage.Sales;

/// <summary>Reads and writes what is known of a workspace's shares and payments, under the workspace's lock.</summary>
sealed class ShareStore(NpgsqlConnection connection, int workspace)
{
    // Lateral and by whole keys, as everywhere under the lock: no plan may scan.
    const string ShareColumns = """
        s.share, s.created_at, s.created_id, s.person, s.price, s.size, s.expires_at, s.completed_at, s.completed_id, s.expired_at,
        s.expired_id, s.payments
        """;

    static readonly string SharesByKeySql = SharesBy("key");
    static readonly string SharesByNumberSql = SharesBy("share");

    const string PaymentsSql = """
        select wanted.key, p.paid_at, p.paid_id, p.share, p.person, p.amount, p.fee, p.cost_key
        from unnest($2) as wanted (key)
        cross join lateral (
            select *
            from payments
            where workspace_id = $1
              and key = wanted.key
            offset 0
        ) p
        """;

    const string RefundsSql = """
        select wanted.key, r.id, r.share, r.person, r.amount, r.fee, r.cost::text, r.cost_key, r.subscription
        from unnest($2) as wanted (key)
        cross join lateral (
            select *
            from refunds
            where workspace_id = $1
              and payment = wanted.key
            offset 0
        ) r
        """;

    const string PaymentsOfSql = """
        select named.key
        from unnest($2) as wanted (share)
        cross join lateral (
            select key
            from payments
            where workspace_id = $1
              and share = wanted.share
              and share > 0
            union
            select payment
            from refunds
            where workspace_id = $1
              and share = wanted.share
              and share > 0
        ) named
        """;

    // Events that leave their customer or bytes to the share; the others stay where they are, and refunds go with their payments.
    // Added up by quarter hour, so that however many events a share has, little of them is brought here.
    const string EventsSql = """
        select e.share, coalesce(e.person, 0), e.quarter, e.is_download, count(*), coalesce(sum(e.cost), 0)::text,
            coalesce(sum(e.bytes), 0)::text, count(*) filter (where e.is_download and e.bytes is null)
        from (
            select wanted.share, one.person, floor(extract(epoch from one.timestamp - '2000-01-01Z'::timestamptz) / 900)::int as quarter,
                t.name = 'file_share.downloaded' as is_download, (one.metadata -> '_cost' ->> 'amount')::numeric as cost,
                case when t.name = 'file_share.downloaded' then (one.metadata ->> 'bytes')::numeric end as bytes
            from unnest($2) as wanted (share)
            cross join lateral (
                select *
                from events
                where workspace_id = $1
                  and share = wanted.share
                offset 0
            ) one
            cross join lateral (
                select name
                from event_types
                where workspace_id = $1
                  and type between one.type and one.type
                order by type
                limit 1
            ) t
            where t.name <> 'payment.refunded'
              and (one.person is null or (t.name = 'file_share.downloaded' and one.metadata ->> 'bytes' is null))
        ) e
        group by 1, 2, 3, 4
        """;

    const string SaveSharesSql = """
        insert into shares (
            workspace_id, share, key, created_at, created_id, person, price, size, expires_at, completed_at, completed_id, expired_at,
            expired_id, payments, expiry_at)
        select $1, changed.*
        from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as changed
        on conflict (workspace_id, share) do update
        set created_at = excluded.created_at, created_id = excluded.created_id, person = excluded.person, price = excluded.price,
            size = excluded.size, expires_at = excluded.expires_at, completed_at = excluded.completed_at,
            completed_id = excluded.completed_id, expired_at = excluded.expired_at, expired_id = excluded.expired_id,
            payments = excluded.payments, expiry_at = excluded.expiry_at
        """;

    const string SavePaymentsSql = """
        insert into payments (workspace_id, key, paid_at, paid_id, share, person, amount, fee, cost_key)
        select $1, changed.*
        from unnest($2, $3, $4, $5, $6, $7, $8, $9) as changed
        on conflict (workspace_id, key) do update
        set paid_at = excluded.paid_at, paid_id = excluded.paid_id, share = excluded.share, person = excluded.person,
            amount = excluded.amount, fee = excluded.fee, cost_key = excluded.cost_key
        """;

    const string SaveRefundsSql = """
        insert into refunds (workspace_id, payment, id, share, person, amount, fee, cost, cost_key, subscription)
        select $1, payment, id, share, person, amount, fee, cost::numeric, cost_key, subscription
        from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10)
            as new (payment, id, share, person, amount, fee, cost, cost_key, subscription)
        """;

    static string SharesBy(string key) => $"""
        select s.key, {ShareColumns}
        from unnest($2) as wanted (one)
        cross join lateral (
            select *
            from shares
            where workspace_id = $1
              and {key} between wanted.one and wanted.one
            order by {key}
            limit 1
        ) s
        """;

    public Task<List<(Guid Key, Share Share)>> SharesAsync(IReadOnlyCollection<Guid> keys, CancellationToken cancel) =>
        ReadAsync(SharesByKeySql, [.. keys], ReadShare, cancel);

    public Task<List<(Guid Key, Share Share)>> SharesAsync(IReadOnlyCollection<int> numbers, CancellationToken cancel) =>
        ReadAsync(SharesByNumberSql, [.. numbers], ReadShare, cancel);

    /// <summary>The payments with these keys, and all their refunds.</summary>
    public async Task<List<Payment>> PaymentsAsync(IReadOnlyCollection<Guid> keys, CancellationToken cancel)
    {
        Guid[] wanted = [.. keys];
        var payments = await ReadAsync(PaymentsSql, wanted, row => (Key: row.GetGuid(0), Completion: ReadCompletion(row)), cancel);
        var refunds = (await ReadAsync(RefundsSql, wanted, row => (Payment: row.GetGuid(0), Refund: ReadRefund(row)), cancel))
            .ToLookup(row => row.Payment, row => row.Refund);
        return [.. payments.Select(payment => new Payment(
            payment.Key, payment.Completion, refunds[payment.Key].ToImmutableSortedDictionary(refund => refund.Moment, refund => refund)))];
    }

    /// <summary>The keys of payments which name one of these shares, or a refund of which does.</summary>
    public Task<List<Guid>> PaymentsOfAsync(IReadOnlyCollection<int> shares, CancellationToken cancel) =>
        ReadAsync(PaymentsOfSql, [.. shares], row => row.GetGuid(0), cancel);

    /// <summary>What stored events that leave something to one of these shares count for, by share, person and quarter hour.</summary>
    public Task<List<(int Share, ShareCount Count)>> EventsAsync(IReadOnlyCollection<int> shares, CancellationToken cancel) =>
        ReadAsync(EventsSql, [.. shares], row => (row.GetInt32(0), new ShareCount(
            row.GetInt32(1), Timeline.Year2000 + row.GetInt32(2) * Timeline.QuarterHour, row.GetInt64(4), DecimalUnits.Of(row.GetString(5)),
            row.GetBoolean(3), DecimalUnits.Of(row.GetString(6)) / DecimalUnits.One, row.GetInt64(7))), cancel);

    public NpgsqlBatchCommand Save(IReadOnlyList<(Guid Key, Share Share)> shares) => Sql.Statement(SaveSharesSql,
    [
        workspace, Column(shares, s => s.Share.Number), Column(shares, s => s.Key), Column(shares, s => TimeOf(s.Share.Creation?.Moment)),
        Column(shares, s => s.Share.Creation?.Moment.Id), Column(shares, s => s.Share.Person),
        Column(shares, s => s.Share.Creation?.Price ?? 0), Column(shares, s => s.Share.Size),
        Column(shares, s => TimeOf(s.Share.Creation?.ExpiresAt)), Column(shares, s => TimeOf(s.Share.Completed)),
        Column(shares, s => s.Share.Completed?.Id), Column(shares, s => TimeOf(s.Share.Expired)), Column(shares, s => s.Share.Expired?.Id),
        Column(shares, s => s.Share.Payments), Column(shares, s => TimeOf(s.Share.ExpiryAt)),
    ]);

    public NpgsqlBatchCommand Save(IReadOnlyList<Payment> payments) => Sql.Statement(SavePaymentsSql,
    [
        workspace, Column(payments, p => p.Key), Column(payments, p => TimeOf(p.Completion?.Moment)),
        Column(payments, p => p.Completion?.Moment.Id),
        Column(payments, p => p.Completion?.Share ?? 0), Column(payments, p => p.Completion?.Person ?? 0),
        Column(payments, p => p.Completion?.Amount ?? 0), Column(payments, p => p.Completion?.Fee ?? 0),
        Column(payments, p => p.Completion?.CostKey ?? 0),
    ]);

    public NpgsqlBatchCommand Save(IReadOnlyList<(Guid Payment, Refund Refund)> refunds) => Sql.Statement(SaveRefundsSql,
    [
        workspace, Column(refunds, r => r.Payment), Column(refunds, r => r.Refund.Moment.Id), Column(refunds, r => r.Refund.Share),
        Column(refunds, r => r.Refund.Person), Column(refunds, r => r.Refund.Amount), Column(refunds, r => r.Refund.Fee),
        Column(refunds, r => DecimalUnits.Format(r.Refund.Cost)), Column(refunds, r => r.Refund.CostKey),
        Column(refunds, r => r.Refund.Subscription == Guid.Empty ? (Guid?)null : r.Refund.Subscription),
    ]);

    /// <summary>Everything known of a workspace's shares and payments, for a recount.</summary>
    public async Task<(Dictionary<int, Share> Shares, List<Payment> Payments)> AllAsync(CancellationToken cancel)
    {
        var shares = await connection.QueryAsync(
            $"select s.key, {ShareColumns} from shares s where workspace_id = $1", [workspace], ReadShare, cancel);
        var keys = await connection.QueryAsync(
            "select key from payments where workspace_id = $1", [workspace], row => row.GetGuid(0), cancel);
        return (shares.ToDictionary(row => row.Share.Number, row => row.Share), await PaymentsAsync(keys, cancel));
    }

    static (Guid Key, Share Share) ReadShare(NpgsqlDataReader row)
    {
        var creation = row.IsDBNull(2) ? null : new Creation(
            new Moment(row.Microseconds(2), row.GetGuid(3)), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6),
            row.IsDBNull(7) ? null : row.Microseconds(7));
        return (row.GetGuid(0), new Share(row.GetInt32(1), creation, ReadMoment(row, 8), ReadMoment(row, 10), row.GetInt32(12)));
    }

    static Moment? ReadMoment(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new Moment(row.Microseconds(column), row.GetGuid(column + 1));

    static Completion? ReadCompletion(NpgsqlDataReader row) => row.IsDBNull(1) ? null : new Completion(
        new Moment(row.Microseconds(1), row.GetGuid(2)), row.GetInt32(3), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6),
        row.GetInt32(7));

    static Refund ReadRefund(NpgsqlDataReader row) => new(
        new Moment(EventId.TimestampOf(row.GetGuid(1))!.Value, row.GetGuid(1)), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4),
        row.IsDBNull(5) ? null : row.GetInt64(5), DecimalUnits.Of(row.GetString(6)), row.GetFieldValue<int?>(7),
        row.GetFieldValue<Guid?>(8) ?? Guid.Empty);

    Task<List<T>> ReadAsync<TKey, T>(string sql, TKey[] wanted, Func<NpgsqlDataReader, T> read, CancellationToken cancel) =>
        wanted.Length == 0 ? Task.FromResult(new List<T>()) : connection.QueryAsync(sql, [workspace, SqlValue.Of(wanted)], read, cancel);

    static SqlValue Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value) => SqlValue.Of(rows.Select(value).ToArray());

    static SqlValue Column<TRow>(IReadOnlyList<TRow> rows, Func<TRow, DateTime?> value) =>
        SqlValue.Column(rows.Select(value).ToArray(), NpgsqlDbType.TimestampTz);

    static DateTime? TimeOf(Moment? moment) => TimeOf(moment?.At);

    static DateTime? TimeOf(long? microseconds) => microseconds is { } at ? Sql.TimeOf(at) : null;
}
