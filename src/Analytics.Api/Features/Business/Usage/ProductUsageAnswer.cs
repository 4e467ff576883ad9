using Analytics.Features.Business.Products;
using Analytics.Http;
using Analytics.Http.OpenApi;

namespace Analytics.Features.Business.Usage;

/// <summary>What time to tell the usage of products of.</summary>
public sealed record ProductUsageRequest : PeriodRequest;

/// <summary>What of the workspace's products was used. What names no product is in none of it.</summary>
/// <param name="Products">
/// Every product, and every other key that events or requests name, most used first; keys that there is no room for are one,
/// <c>__other__</c>.
/// </param>
/// <param name="ByType">The products of each type together.</param>
public sealed record ProductUsageAnswer(IReadOnlyList<UsedProduct> Products, IReadOnlyList<UsedType> ByType);

/// <summary>The usage of a product.</summary>
/// <param name="Product">Its key.</param>
/// <param name="Name">What it is shown as; its key when it is no product of the workspace.</param>
/// <param name="Type">What sort of product it is; null when it is none.</param>
/// <param name="Usage">What every unit comes to, by unit.</param>
/// <param name="Events">Events that name it.</param>
/// <param name="Requests">API requests that name it.</param>
/// <param name="SharePercent">Its part of all events and requests that name a product, in percent.</param>
/// <param name="Trend">Its events and requests together in every bucket.</param>
public sealed record UsedProduct(
    string Product, string Name, [property: OneOf(typeof(ProductTypes), nameof(ProductTypes.All))] string? Type,
    IReadOnlyList<UnitAmount> Usage, long Events, long Requests, ExactNumber SharePercent, IReadOnlyList<UsagePoint> Trend);

/// <summary>The usage of all products of a type.</summary>
/// <param name="Type">The type; null for keys that are no products.</param>
/// <param name="Events">Events that name one of them.</param>
/// <param name="Requests">API requests that name one of them.</param>
/// <param name="Usage">What every unit comes to over all these events, by unit.</param>
/// <param name="SharePercent">Their part of all events and requests that name a product, in percent.</param>
public sealed record UsedType(
    [property: OneOf(typeof(ProductTypes), nameof(ProductTypes.All))] string? Type, long Events, long Requests,
    IReadOnlyList<UnitAmount> Usage, ExactNumber SharePercent);

/// <summary>What a unit comes to.</summary>
/// <param name="Unit">The unit's key.</param>
/// <param name="Total">Its number.</param>
public sealed record UnitAmount(string Unit, ExactNumber Total);
