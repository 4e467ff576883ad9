using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using FluentValidation;

namespace Analytics.Features.Business.Products;

/// <summary>A product to make.</summary>
/// <param name="Key">What events say in <c>metadata.product_id</c> and requests in <c>productId</c>.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="Type">What sort of product it is.</param>
public sealed record NewProduct(string? Key, string? Name, string? Type);

/// <summary>What is to change about a product; absent members stay.</summary>
public sealed record ProductChange(string? Name, string? Type);

/// <summary>A product as clients see it.</summary>
/// <param name="Key">What events and requests call it.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="Type">What sort of product it is.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ProductAnswer(
    string Key, string Name, [property: OneOf(typeof(ProductTypes), nameof(ProductTypes.All))] string Type, DateTimeOffset CreatedAt)
{
    internal static ProductAnswer Of(Product product) => new(product.Key, product.Name, product.Type, product.CreatedAt);
}

/// <summary>The sorts of products.</summary>
static class ProductTypes
{
    public static readonly string[] All = ["API", "AI_AGENT", "MCP_SERVER", "AGENTIC_API"];

    public static IRuleBuilderOptions<T, string?> ProductType<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(type => type is null || All.Contains(type), schema => schema.OneOf(All))
        .WithErrorCode("product_type").WithMessage("Must be one of " + string.Join(", ", All) + ".");
}

sealed class NewProductRules : AbstractValidator<NewProduct>
{
    public const int LongestKey = 255;
    public const int LongestName = 200;

    public NewProductRules()
    {
        RuleFor(product => product.Key).Cascade(CascadeMode.Stop).Required().PathKey(LongestKey);
        RuleFor(product => product.Name).Cascade(CascadeMode.Stop).Required().Text(LongestName);
        RuleFor(product => product.Type).Cascade(CascadeMode.Stop).Required().ProductType();
    }
}

sealed class ProductChangeRules : AbstractValidator<ProductChange>
{
    public ProductChangeRules()
    {
        RuleFor(product => product.Name).Text(NewProductRules.LongestName);
        RuleFor(product => product.Type).ProductType();
    }
}
