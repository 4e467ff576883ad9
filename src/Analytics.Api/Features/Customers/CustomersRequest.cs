using Analytics.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Customers;

/// <summary>Which customers to list. A repeated filter means any of its values; different ones must all hold.</summary>
public sealed record CustomersRequest
{
    const string Escape = "\\";

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
        string[] parts = [.. Q.OfType<string>().Select(text => $"%{Escaped(text)}%")];
        if (externalIds is not [])
            customers = customers.Where(c => externalIds.Contains(c.ExternalId));
        if (emails is not [])
            customers = customers.Where(c => emails.Contains(c.Email));
        if (parts is not [])
            customers = customers.Where(c => parts.Any(part => EF.Functions.ILike(c.Name!, part, Escape)
                || EF.Functions.ILike(c.Email!, part, Escape) || EF.Functions.ILike(c.ExternalId!, part, Escape)));
        return customers;
    }

    static string Escaped(string text) => text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_");
}
