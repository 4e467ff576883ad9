using System.Text.Json.Serialization;
using Analytics.Http;

namespace Analytics.Features.Business.Storefront;

/// <summary>A period of a storefront's funnel.</summary>
public sealed record FunnelRequest : PeriodRequest;

/// <summary>How many visitors of a storefront came how far.</summary>
/// <param name="Steps">In their order: a visitor is counted in a step when it took all before it, in order, within the period.</param>
/// <param name="BiggestDropOff">Between which steps most visitors left; null when nobody came. Of equals it is the earlier.</param>
/// <param name="Daily">By the time at which they took the step.</param>
public sealed record FunnelAnswer(
    IReadOnlyList<FunnelStep> Steps, FunnelDropOff? BiggestDropOff, IReadOnlyList<FunnelDay> Daily);

/// <summary>A step of the funnel.</summary>
/// <param name="Step">visit, product_view, pricing_view, signup, subscription or first_api_call.</param>
/// <param name="Visitors">How many took it.</param>
/// <param name="ConversionFromPrevious">In percent of those that took the step before; of the first 100, or 0 when nobody came.</param>
/// <param name="ConversionFromFirst">In percent of those that took the first.</param>
/// <param name="DropOff">How many took the step before it and not this one.</param>
public sealed record FunnelStep(
    string Step, long Visitors, ExactNumber ConversionFromPrevious, ExactNumber ConversionFromFirst, long DropOff);

/// <summary>Where visitors left.</summary>
/// <param name="From">The last step they took.</param>
/// <param name="To">The one they did not.</param>
/// <param name="Visitors">How many.</param>
public sealed record FunnelDropOff(string From, string To, long Visitors);

/// <summary>A day, hour or month of the period: each visitor is in it once for each step it took then.</summary>
/// <param name="Date">Its date; of an hour its instant, of a month its first date.</param>
/// <param name="Partial">Whether it is not over yet or cut by the range.</param>
/// <param name="Visit">Visitors that came.</param>
/// <param name="ProductView">That looked at a product.</param>
/// <param name="PricingView">That looked at prices.</param>
/// <param name="Signup">That signed up.</param>
/// <param name="Subscription">That subscribed.</param>
/// <param name="FirstApiCall">That called the API for the first time.</param>
public sealed record FunnelDay(
    string Date, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Partial, long Visit,
    [property: JsonPropertyName("product_view")] long ProductView,
    [property: JsonPropertyName("pricing_view")] long PricingView, long Signup, long Subscription,
    [property: JsonPropertyName("first_api_call")] long FirstApiCall);
