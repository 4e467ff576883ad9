using Analytics.Storage;
using Analytics.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Customers;

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
