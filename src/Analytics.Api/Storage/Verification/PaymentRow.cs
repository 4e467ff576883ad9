using System.Globalization;
using System.Numerics;
using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>A row of <c>refunds</c> as it stands; the cost in units of 1e-12.</summary>
sealed record RefundRow(Guid Payment, Guid Id, int Share, int Person, long Amount, long? Fee, Int128 Cost, int? CostKey, Guid? Subscription)
{
    public const string Columns = "r.payment, r.id, r.share, r.person, r.amount, r.fee, r.cost::text, r.cost_key, r.subscription";

    public static RefundRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetInt64(5),
        (Int128)(decimal.Parse(row.GetString(6), CultureInfo.InvariantCulture) * 1_000_000_000_000m),
        row.GetFieldValue<int?>(7), row.GetFieldValue<Guid?>(8));
}

/// <summary>A row of <c>payments</c> as it stands.</summary>
sealed record PaymentRow(Guid Key, Said? Paid, int Share, int Person, long Amount, long Fee, int CostKey)
{
    public const string Columns = "p.key, p.paid_at, p.paid_id, p.share, p.person, p.amount, p.fee, p.cost_key";

    readonly Dictionary<Guid, RefundRow> refunds = [];
    Dictionary<Guid, long>? fees;

    public static PaymentRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), Said.Read(row, 1), row.GetInt32(3), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6),
        row.GetInt32(7));

    public IReadOnlyDictionary<Guid, RefundRow> Refunds => refunds;

    public void Add(RefundRow refund) => refunds.Add(refund.Id, refund);

    /// <summary>The fee this refund gives back: its own or its part of the payment's, as long as anything of that is left.</summary>
    public long FeeOf(Guid refund) => (fees ??= Fees()).GetValueOrDefault(refund);

    Dictionary<Guid, long> Fees()
    {
        var given = new Dictionary<Guid, long>();
        long all = 0;
        foreach (var refund in refunds.Values.OrderBy(refund => EventId.TimestampOf(refund.Id)).ThenBy(refund => refund.Id))
        {
            var wanted = refund.Fee ?? Part(refund.Amount);
            given[refund.Id] = (long)BigInteger.Min(wanted, Fee - all);
            all += given[refund.Id];
        }

        return given;
    }

    /// <summary>fee x amount / payment, half a cent away from zero; nothing here is negative.</summary>
    BigInteger Part(long amount) =>
        Amount == 0 ? 0 : ((2 * (BigInteger)Fee * amount) + Amount) / (2 * (BigInteger)Amount);
}
