using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Requests;

namespace Analytics.Reading;

/// <summary>What some requests come to: counts, bytes, and latencies in milliseconds.</summary>
sealed class RequestTotals
{
    // Of two decimals, of microseconds, and of what lies between two microseconds by hundredths: in units of 1e-12.
    static readonly Int128 Hundredth = DecimalUnits.One / 100;
    static readonly Int128 Microsecond = DecimalUnits.One / 1_000;
    static readonly Int128 Between = Microsecond / 100;

    /// <summary>What they are added up in.</summary>
    public Cell Cell { get; init; } = new();

    public long Count => (long)Cell[RequestFacts.Requests];
    public long ServerErrors => (long)Cell[RequestFacts.ServerErrors];
    public long ClientErrors => (long)Cell[RequestFacts.ClientErrors];
    public long Errors => ServerErrors + ClientErrors;
    public long Slow => (long)Cell[RequestFacts.Slow];

    /// <summary>Sums of sizes may pass 64 bits.</summary>
    public ExactNumber ResponseBytes => ExactNumber.Of(Cell[RequestFacts.ResponseBytes]);
    public ExactNumber RequestBytes => ExactNumber.Of(Cell[RequestFacts.RequestBytes]);

    public ExactNumber ErrorRate => ExactNumber.Percent(Errors, Count);
    public ExactNumber ClientErrorRate => ExactNumber.Percent(ClientErrors, Count);
    public ExactNumber ServerErrorRate => ExactNumber.Percent(ServerErrors, Count);
    public ExactNumber AverageLatency => Measured == 0 ? default : Rounded(Cell[RequestFacts.Latency], Measured, Hundredth);

    /// <summary>The longest latency, exact.</summary>
    public ExactNumber Longest => new(Latencies?.Ends?.Largest ?? 0);

    /// <summary>The shortest latency, exact.</summary>
    public ExactNumber Shortest => new(Zeros > 0 ? 0 : Latencies?.Ends?.Least ?? 0);

    /// <summary>The percentile of the latencies, interpolated; exact up to 100 requests, within 1 % beyond; 0 of none.</summary>
    public ExactNumber Percentile(int p)
    {
        var bag = Latencies ?? new ValueBag();
        return Rounded(Percentiles.Of(bag, Zeros, p), 1, bag.IsBinned ? Microsecond : Between);
    }

    ValueBag? Latencies => Cell.Field(RequestFacts.LatencyField)?.Values;

    // Latencies of nothing are left out of distributions.
    long Zeros => Measured - (Latencies?.Count ?? 0);

    /// <summary>Those with a latency and sizes: what is informational has none.</summary>
    public long Measured => Count - (long)Cell[RequestFacts.Informational];

    /// <summary>A quotient in units, rounded once, half away from zero.</summary>
    static ExactNumber Rounded(Int128 units, Int128 divisor, Int128 step) => new(DecimalUnits.DivideRounded(units, divisor * step) * step);
}
