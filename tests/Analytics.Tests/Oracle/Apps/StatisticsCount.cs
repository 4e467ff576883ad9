using System.Globalization;
using System.Numerics;

namespace Analytics.Tests.Oracle.Apps;

/// <summary>Section 7 of the contract by looking at every fact, for any apps together.</summary>
sealed class StatisticsCount(AppWorld world, IReadOnlyCollection<ToldApp> apps)
{
    const int MonthDays = 30;

    readonly ILookup<int, string> devices =
        world.Devices.Where(device => apps.Contains(device.App)).ToLookup(device => device.Day.DayNumber, device => device.Who);

    readonly List<ToldDownload> downloads = [.. world.Downloads.Where(download => apps.Contains(download.App))];
    readonly List<ToldChange> changes = [.. world.Changes.Where(change => apps.Contains(change.App))];

    /// <summary>Devices of the 30 days that end with this one.</summary>
    public int Mau(DateOnly day) =>
        Enumerable.Range(day.DayNumber - MonthDays + 1, MonthDays).SelectMany(number => devices[number]).Distinct().Count();

    /// <summary>What is stored at a day's end.</summary>
    public BigInteger Storage(DateOnly day) => Sum(changes.Where(change => change.Day <= day).Select(change => change.Bytes));

    /// <summary>Both days included.</summary>
    public BigInteger Bandwidth(DateOnly first, DateOnly last) =>
        Sum(downloads.Where(download => download.Day >= first && download.Day <= last).Select(download => download.Bytes));

    public int AppsWithStorage(DateOnly day) => changes.Where(change => change.Day <= day).Select(change => change.App).Distinct().Count();

    /// <summary>A day's row as JSON, with what came from <paramref name="first"/> on in its bandwidth.</summary>
    public string Row(DateOnly first, DateOnly day, bool ratios)
    {
        var (mau, storage, bandwidth) = (Mau(day), Storage(day), Bandwidth(first, day));
        var row = $$"""{"date":"{{Text(day)}}","mau":{{mau}},"storage":{{storage}},"bandwidth":{{bandwidth}}""";
        return ratios
            ? $"""{row},"bandwidth_per_user":{Quotient(bandwidth, mau)},"storage_per_app":{Quotient(storage, AppsWithStorage(day))}""" + "}"
            : row + "}";
    }

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Rounded to 2 decimals, half away from zero, without zeros at the end; 0 when there is nothing to divide by.</summary>
    public static string Quotient(BigInteger dividend, BigInteger divisor)
    {
        if (divisor.IsZero)
            return "0";
        var hundredths = (BigInteger.Abs(dividend) * 200 + divisor) / (divisor * 2);
        var sign = dividend.Sign < 0 && !hundredths.IsZero ? "-" : "";
        var decimals = $"{(int)(hundredths % 100):00}".TrimEnd('0');
        return $"{sign}{hundredths / 100}{(decimals.Length > 0 ? "." : "")}{decimals}";
    }

    static BigInteger Sum(IEnumerable<BigInteger> numbers) => numbers.Aggregate(BigInteger.Zero, (sum, number) => sum + number);
}
