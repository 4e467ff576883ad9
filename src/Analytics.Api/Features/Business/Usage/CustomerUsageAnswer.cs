using System.Text.Json.Serialization;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using FluentValidation;

namespace Analytics.Features.Business.Usage;

/// <summary>What time to tell the usage of customers of.</summary>
public sealed record CustomerUsageRequest : PeriodRequest;

/// <summary>What such a question must fulfil.</summary>
sealed class CustomerUsageRequestRules : AbstractValidator<CustomerUsageRequest>
{
    public CustomerUsageRequestRules() =>
        this.ReadAs(static (request, http, now) => new BusinessTimes(request, http.Workspace, now).Read());
}

/// <summary>A page of the customers who used something in the period, or within the 30 days that churn is told by.</summary>
/// <param name="Customers">Their usage.</param>
/// <param name="Meta">Where the list goes on.</param>
public sealed record UsingCustomers(IReadOnlyList<UsingCustomer> Customers, PageMeta Meta);

/// <summary>What a customer used and paid in the period.</summary>
/// <param name="CustomerId">Our id; null of somebody who is no customer yet.</param>
/// <param name="ExternalCustomerId">The product's id, where there is one.</param>
/// <param name="Name">What the customer is shown as.</param>
/// <param name="Usage">What every unit comes to, by unit.</param>
/// <param name="Events">Events, without those that the service itself tells of customers.</param>
/// <param name="InvoiceTotalCents">What was invoiced.</param>
/// <param name="RevenueCents">What was paid, less refunds.</param>
/// <param name="ChurnRisk">Whether the customer seems about to leave, as of today.</param>
public sealed record UsingCustomer(
    Guid? CustomerId, string? ExternalCustomerId, string? Name, IReadOnlyList<UnitAmount> Usage, long Events, long InvoiceTotalCents,
    ExactNumber RevenueCents, ChurnRisk ChurnRisk);

/// <summary>Signs that a customer is about to leave.</summary>
/// <param name="Level">How serious they are.</param>
/// <param name="Score">The same from 0 to 100: half the fall of its events in percent, and 25 for each failed payment.</param>
/// <param name="Signals">The signs.</param>
public sealed record ChurnRisk(
    [property: OneOf("none", "low", "medium", "high")] string Level, int Score, IReadOnlyList<ChurnSignal> Signals)
{
    const int EnoughEvents = 10;
    const int PerFailure = 25;
    const int Most = 100;

    /// <summary>Of the last seven days' events, those of the seven before, and the failed payments of the last 30 days.</summary>
    internal static ChurnRisk Of(long last, long before, long failures)
    {
        var signals = new List<ChurnSignal>();
        var isDeclining = before >= EnoughEvents && last * 2 <= before;
        if (isDeclining)
            signals.Add(new("declining_usage", ExactNumber.Percent(last - before, before), null));
        if (failures > 0)
            signals.Add(new("failed_payment", null, failures));
        var half = isDeclining ? (Int128)Math.Round(50m * (before - last) / before, MidpointRounding.AwayFromZero) : 0;
        var score = (int)Int128.Min(Most, half + ((Int128)PerFailure * failures));
        return new(score switch { 0 => "none", < 34 => "low", < 67 => "medium", _ => "high" }, score, signals);
    }
}

/// <summary>A sign that a customer is about to leave.</summary>
/// <param name="Type">Its events become half as many or fewer, or its payments fail.</param>
/// <param name="ChangePercent">By how much the last seven days fall short of the seven before.</param>
/// <param name="Count">How many payments failed in the last 30 days.</param>
public sealed record ChurnSignal(
    [property: OneOf("declining_usage", "failed_payment")] string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ExactNumber? ChangePercent,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Count);
