using System.Numerics;
using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>What a question's filters choose.</summary>
sealed record Chosen(Ledger Ledger, IReadOnlyList<ShareLife> Shares, IReadOnlyList<Entry> Entries, IReadOnlyList<Booking> Bookings);

/// <summary>A bucket or a whole range, seen at an instant. Whole numbers, but for costs, which are in units of 1e-12.</summary>
sealed class MetricsWindow(Chosen chosen, Instant from, Instant to, Instant now)
{
    readonly List<ShareLife> created = [.. chosen.Shares.Where(share => share.Created >= from && share.Created < to)];
    readonly List<Entry> entries = [.. chosen.Entries.Where(entry => entry.At >= from && entry.At < to)];
    readonly List<Booking> bookings = [.. chosen.Bookings.Where(booking => booking.At >= from && booking.At < to)];

    public int Sessions => created.Count;
    public int Paid => created.Count(share => share.Price > 0);
    public int PaidFor => created.Count(share => share.Price > 0 && share.IsPaidFor);
    public BigInteger Prices => Sum(created.Select(share => share.Price));

    public int Completed => Ended(EndedBy.Completed);
    public int Expired => Ended(EndedBy.Expired) + Ended(EndedBy.ItsTime);
    public int Active => chosen.Shares.Count(share => share.IsActive(Instant.Min(to, now), now));

    public int Downloads => entries.Count(IsDownload);
    public BigInteger Bytes => Sum(entries.Where(IsDownload).Select(chosen.Ledger.BytesOf));

    public BigInteger Revenue => Sum(bookings.Select(booking => booking.Revenue));
    public BigInteger Fees => Sum(bookings.Select(booking => booking.Fee));

    public BigInteger Costs => Sum(entries.Select(entry => entry.Event.Cost));
    public int Users => entries.Select(entry => entry.Person).OfType<string>().Distinct().Count();

    public int SessionsEver => chosen.Shares.Count(share => share.Created < to);
    public int DownloadsEver => chosen.Entries.Count(entry => entry.At < to && IsDownload(entry));
    public BigInteger FeesEver => Sum(chosen.Bookings.Where(booking => booking.At < to).Select(booking => booking.Fee));
    public BigInteger CostsEver => Sum(chosen.Entries.Where(entry => entry.At < to).Select(entry => entry.Event.Cost));

    // A time that has not passed has not ended anything yet.
    int Ended(EndedBy by) => chosen.Shares.Count(
        share => share.End is { } end && end.By == by && end.At >= from && end.At < to && (by != EndedBy.ItsTime || end.At <= now));

    static bool IsDownload(Entry entry) => entry.Event.Name == ReadEvent.Downloaded;

    static BigInteger Sum(IEnumerable<BigInteger> numbers) => numbers.Aggregate(BigInteger.Zero, (sum, number) => sum + number);
}
