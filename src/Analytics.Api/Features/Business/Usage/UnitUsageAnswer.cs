using System.Text.Json.Serialization;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Business;
using Analytics.Time;

namespace Analytics.Features.Business.Usage;

/// <summary>What time to tell the usage of.</summary>
public sealed record UnitUsageRequest : PeriodRequest;

/// <summary>The usage of a workspace's units.</summary>
/// <param name="TenantId">The workspace.</param>
/// <param name="Period">What time it is told of.</param>
/// <param name="Units">Every unit, by key.</param>
public sealed record UnitUsageAnswer(Guid TenantId, PeriodAnswer Period, IReadOnlyList<UnitUsage> Units);

/// <summary>The usage of a unit.</summary>
/// <param name="Unit">Its key.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="UnitLabel">What one of it is called.</param>
/// <param name="Aggregation">What of its events makes the number.</param>
/// <param name="Total">The number of the whole period; of distinct values those of the whole period.</param>
/// <param name="PreviousTotal">The number of the period before.</param>
/// <param name="ChangePercent">How much more that is, in percent; null against 0.</param>
/// <param name="Trend">The number of every bucket, empty ones too.</param>
/// <param name="Customers">Whose events they are: the 100 customers with the largest totals.</param>
public sealed record UnitUsage(
    string Unit, string Name, string UnitLabel, [property: OneOf(typeof(Aggregations), nameof(Aggregations.Words))] string Aggregation,
    ExactNumber Total, ExactNumber PreviousTotal, ExactNumber? ChangePercent, IReadOnlyList<UsagePoint> Trend,
    [property: InnerRows] IReadOnlyList<UnitCustomer> Customers);

/// <summary>The number of a bucket of a trend.</summary>
/// <param name="Date">An instant of an hourly trend, else the first day.</param>
/// <param name="Partial">Whether it is not over yet or cut by the range.</param>
/// <param name="Value">The number.</param>
public sealed record UsagePoint(
    string Date, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Partial, ExactNumber Value)
{
    internal static UsagePoint Of(AskedPeriod period, Bucket bucket, ExactNumber value) =>
        new(period.DateOf(bucket), bucket.IsPartial(period.Now), value);
}

/// <summary>A customer's part of a unit's usage.</summary>
/// <param name="CustomerId">Our id; null of somebody who is no customer yet.</param>
/// <param name="ExternalCustomerId">The product's id, where there is one.</param>
/// <param name="Name">What the customer is shown as.</param>
/// <param name="Total">The unit's number of this customer's events.</param>
/// <param name="SharePercent">What that is of the unit's total, in percent.</param>
public sealed record UnitCustomer(
    Guid? CustomerId, string? ExternalCustomerId, string? Name, ExactNumber Total, ExactNumber SharePercent);
