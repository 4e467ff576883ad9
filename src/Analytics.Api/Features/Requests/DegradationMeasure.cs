using Analytics.Sketches;

namespace Analytics.Features.Requests;

/// <summary>By what an endpoint's hour is compared with its baseline.</summary>
/// <param name="Number">Its number in <c>degraded_hours</c>.</param>
/// <param name="Name">How answers call it.</param>
/// <param name="Of">The value of an hour.</param>
/// <param name="HasLeft">Whether a value has left a baseline.</param>
/// <param name="Step">What values are rounded to where they are shown.</param>
sealed record DegradationMeasure(
    short Number, string Name, Func<EndpointHour, Int128> Of, Func<Int128, Int128, bool> HasLeft, Int128 Step)
{
    /// <summary>At least twice the baseline; where that is 0, anything above it.</summary>
    public static readonly DegradationMeasure P95 = new(
        1, "p95", hour => hour.P95, (current, baseline) => current > baseline && current >= 2 * baseline, 1);

    /// <summary>At least 5 points above the baseline; the last of 12 decimals does not decide, quotients are rounded there.</summary>
    public static readonly DegradationMeasure ServerErrorRate = new(
        2, "serverErrorRate", hour => hour.ServerErrorRate, (current, baseline) => current - baseline >= 5 * DecimalUnits.One - 1,
        DecimalUnits.One / 100);

    public static readonly DegradationMeasure[] All = [P95, ServerErrorRate];

    public static readonly string[] Names = [.. All.Select(measure => measure.Name)];
}
