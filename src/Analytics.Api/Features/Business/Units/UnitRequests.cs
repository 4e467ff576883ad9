using System.Text.Json;
using Analytics.Features.Business.Products;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Business;
using Analytics.Storage.Schema;

namespace Analytics.Features.Business.Units;

/// <summary>A billable unit to make.</summary>
/// <param name="Key">What it is called by; unique in the workspace.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="UnitLabel">What one of it is called: calls, tokens, GB.</param>
/// <param name="Aggregation">What of its events makes the number.</param>
/// <param name="EventName">The name of the events it counts.</param>
/// <param name="Field">A dotted path in the events' metadata; needed unless events are only counted.</param>
/// <param name="ProductType">Only events whose <c>metadata.product_id</c> is a product of this type.</param>
/// <param name="Filters">What must hold of an event, all of them; a missing field matches only the <c>NOT_</c> operators.</param>
public sealed record NewUnit(
    string? Key, string? Name, string? UnitLabel, string? Aggregation, string? EventName, string? Field, string? ProductType,
    IReadOnlyList<UnitFilter?>? Filters);

/// <summary>What is to change about a unit: absent members stay. Of one that has usage only name and label change.</summary>
public sealed record UnitChange(
    string? Key, string? Name, string? UnitLabel, string? Aggregation, string? EventName, Optional<string> Field,
    Optional<string> ProductType, IReadOnlyList<UnitFilter?>? Filters);

/// <summary>What must hold of a field of an event's metadata.</summary>
/// <param name="Field">A dotted path.</param>
/// <param name="Operator">How it is compared, upper and lower case apart, numbers by value and never with a text.</param>
/// <param name="Value">A text, a number or a truth value; a number for the two that order, a text for the two that look into one, 1 to 100
/// values for <c>IN</c> and <c>NOT_IN</c>.</param>
public sealed record UnitFilter(
    string? Field, [property: OneOf(typeof(FieldFilter), nameof(FieldFilter.Operators))] string? Operator, object? Value);

/// <summary>A billable unit as clients see it.</summary>
/// <param name="Key">What it is called by.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="UnitLabel">What one of it is called.</param>
/// <param name="Aggregation">What of its events makes the number.</param>
/// <param name="EventName">The name of the events it counts.</param>
/// <param name="Field">The path of the number or value; null where events are only counted.</param>
/// <param name="ProductType">Whose products' events it counts; null for all.</param>
/// <param name="Filters">What must hold of an event.</param>
/// <param name="CreatedAt">When it was made.</param>
[CsvRow]
public sealed record UnitAnswer(
    string Key, string Name, string UnitLabel, [property: OneOf(typeof(Aggregations), nameof(Aggregations.Words))] string Aggregation,
    string EventName, string? Field, [property: OneOf(typeof(ProductTypes), nameof(ProductTypes.All))] string? ProductType,
    IReadOnlyList<UnitFilter> Filters, DateTimeOffset CreatedAt)
{
    internal static UnitAnswer Of(BillableUnit unit) => new(
        unit.Key, unit.Name, unit.UnitLabel, unit.Aggregation, unit.EventName, unit.Field, unit.ProductType,
        JsonSerializer.Deserialize<UnitFilter[]>(unit.Filters, Json.Camel)!, unit.CreatedAt);
}
