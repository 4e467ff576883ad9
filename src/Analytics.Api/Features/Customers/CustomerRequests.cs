using System.Text;
using System.Text.Json;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Customers;

/// <summary>A customer to make. The external id is the product's own, unique in the workspace.</summary>
public sealed record NewCustomer(string? ExternalId, string? Name, string? Email, JsonElement? Metadata);

/// <summary>What is to change about a customer: absent members stay, null clears.</summary>
public sealed record CustomerChange(
    Optional<string> ExternalId, Optional<string> Name, Optional<string> Email, Optional<JsonElement?> Metadata);

/// <summary>A customer as clients see it.</summary>
public sealed record CustomerAnswer(
    Guid Id, string? ExternalId, string? Name, string? Email, JsonElement? Metadata, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static CustomerAnswer Of(Customer customer) => new(
        customer.Id, customer.ExternalId, customer.Name, customer.Email,
        customer.Metadata is { } metadata ? JsonElement.Parse(metadata) : null, customer.CreatedAt, customer.UpdatedAt);
}

/// <summary>Which customers to list. A repeated filter means any of its values; different ones must all hold.</summary>
public sealed record CustomersRequest
{
    /// <summary>Part of the name, the email or the external id.</summary>
    public string?[] Q { get; init; } = [];

    /// <summary>These external ids.</summary>
    public string?[] ExternalId { get; init; } = [];

    /// <summary>These emails.</summary>
    public string?[] Email { get; init; } = [];

    /// <summary>The customers that pass; a filter without a value asks for nothing.</summary>
    internal IQueryable<Customer> Passing(IQueryable<Customer> customers)
    {
        string[] externalIds = [.. ExternalId.OfType<string>()], emails = [.. Email.OfType<string>()];
        string[] parts = [.. Q.OfType<string>().Select(LikePattern.Containing)];
        if (externalIds is not [])
            customers = customers.Where(c => externalIds.Contains(c.ExternalId));
        if (emails is not [])
            customers = customers.Where(c => emails.Contains(c.Email));
        if (parts is not [])
            customers = customers.Where(c => parts.Any(part => EF.Functions.ILike(c.Name!, part, LikePattern.Escape)
                || EF.Functions.ILike(c.Email!, part, LikePattern.Escape) || EF.Functions.ILike(c.ExternalId!, part, LikePattern.Escape)));
        return customers;
    }
}

sealed class NewCustomerRules : AbstractValidator<NewCustomer>
{
    public NewCustomerRules()
    {
        RuleFor(c => c.ExternalId).Text(CustomerRules.Longest);
        RuleFor(c => c.Name).Text(CustomerRules.Longest);
        RuleFor(c => c.Email).Text(CustomerRules.Longest).Email();
        RuleFor(c => c.Metadata).Must(CustomerRules.IsObject).WithErrorCode("metadata").WithMessage(CustomerRules.Metadata);
    }
}

sealed class CustomerChangeRules : AbstractValidator<CustomerChange>
{
    public CustomerChangeRules()
    {
        RuleFor(c => c.ExternalId.Value).Text(CustomerRules.Longest);
        RuleFor(c => c.Name.Value).Text(CustomerRules.Longest);
        RuleFor(c => c.Email.Value).Text(CustomerRules.Longest).Email();
        RuleFor(c => c.Metadata.Value).Must(CustomerRules.IsObject).WithErrorCode("metadata").WithMessage(CustomerRules.Metadata);
    }
}

/// <summary>What holds for every customer.</summary>
static class CustomerRules
{
    public const int Longest = 255;
    public const string Metadata = "Must be an object of at most 16 KB, without NUL, lone surrogates or numbers that are none.";
    const int LargestMetadata = 16 * 1024;

    public static bool IsObject(JsonElement? metadata) =>
        metadata is null or { ValueKind: JsonValueKind.Null }
        || (metadata is { ValueKind: JsonValueKind.Object } given
            && Encoding.UTF8.GetByteCount(given.GetRawText()) <= LargestMetadata && IsStorable(given));

    /// <summary>The metadata as the store keeps it; null for none.</summary>
    public static string? Stored(JsonElement? metadata) =>
        metadata is { ValueKind: JsonValueKind.Object } given ? given.GetRawText() : null;

    // Postgres takes no NUL and no half characters, and writes 1e99999 out in full.
    static bool IsStorable(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(member => IsText(() => member.Name) && IsStorable(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsStorable),
        JsonValueKind.String => IsText(element.GetString),
        JsonValueKind.Number => element.TryGetDouble(out var number) && double.IsFinite(number),
        _ => true,
    };

    static bool IsText(Func<string?> read)
    {
        try
        {
            return !read()!.Contains('\0');
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
