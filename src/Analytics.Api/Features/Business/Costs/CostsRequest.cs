using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;

namespace Analytics.Features.Business.Costs;

/// <summary>The parameters of costs and revenue, as sent.</summary>
public sealed record CostsRequest : PeriodRequest
{
    /// <summary>What to tell apart; <c>customer</c> by default. Of several, each of their combinations is a row.</summary>
    [OneOf(typeof(CostsQuestion), nameof(CostsQuestion.Groups))]
    public string?[] GroupBy { get; init; } = [];

    /// <summary>Only these customers, by the product's id or ours.</summary>
    public string?[] Customer { get; init; } = [];

    /// <summary>Only these products.</summary>
    public string?[] Product { get; init; } = [];

    /// <summary>Only models of these vendors; then there is no revenue.</summary>
    public string?[] Vendor { get; init; } = [];

    /// <summary>Only these models; then there is no revenue.</summary>
    public string?[] Model { get; init; } = [];

    /// <summary>Only these categories of costs; then there is no revenue.</summary>
    public string?[] Category { get; init; } = [];

    /// <summary>Only these subscriptions.</summary>
    public string?[] Subscription { get; init; } = [];
}

/// <summary>What is asked, understood.</summary>
/// <param name="Period">Of which time.</param>
/// <param name="GroupBy">What is told apart, in the order asked: places in <see cref="Groups"/>.</param>
/// <param name="Customers">Only these; none for everybody.</param>
/// <param name="Parts">Only these of each part of a cost key; none for all.</param>
sealed record CostsQuestion(AskedPeriod Period, int[] GroupBy, string[] Customers, HashSet<string>[] Parts)
{
    internal const int Customer = 0;
    internal const int Product = 1;
    const int Subscription = 5;

    /// <summary>The customer, and the parts of a cost key in their order.</summary>
    internal static readonly string[] Groups = ["customer", "product", "vendor", "model", "category", "subscription"];

    // Of vendor, model and category only costs know.
    const int FirstOfCosts = 2, LastOfCosts = 4;

    /// <summary>Whether anything but customers is asked for or told apart.</summary>
    public bool HasParts => IsFiltered || GroupBy.Any(group => group != Customer);

    public bool IsFiltered => Parts.Any(part => part.Count > 0);

    /// <summary>Whether subscriptions are told apart, or some of them asked for.</summary>
    public bool HasSubscriptions => GroupBy.Contains(Subscription) || Parts[Subscription - 1].Count > 0;

    public bool HasRevenue =>
        !GroupBy.Any(IsOfCosts) && !Enumerable.Range(FirstOfCosts, LastOfCosts - FirstOfCosts + 1).Any(group => Parts[group - 1].Count > 0);

    public static CostsQuestion Of(CostsRequest request, Workspace workspace, DateTimeOffset now)
    {
        var times = new BusinessTimes(request, workspace, now);
        var groups = request.GroupBy is [] ? [Customer] : request.GroupBy.Select(name => Array.IndexOf(Groups, name)).Distinct().ToArray();
        if (groups.Contains(-1))
            times.Add("groupBy", "invalid", $"groupBy must be {string.Join(", ", Groups)}.");
        var filters = new[] { request.Product, request.Vendor, request.Model, request.Category, request.Subscription };
        return new CostsQuestion(
            times.Read(), groups, [.. request.Customer.OfType<string>()],
            [.. filters.Select(filter => filter.OfType<string>().ToHashSet())]);
    }

    /// <summary>Whether costs that are told apart by this are asked for.</summary>
    public bool Matches(string?[] parts)
    {
        for (var part = 0; part < Parts.Length; part++)
            if (Parts[part].Count > 0 && (parts[part] is not { } named || !Parts[part].Contains(named)))
                return false;
        return true;
    }

    /// <summary>What is told apart of the parts of a cost key: the same text where all of it is the same.</summary>
    public string ToldOf(string?[] parts) => string.Join('\0', GroupBy.Select(group => group == Customer ? "" : parts[group - 1]));

    static bool IsOfCosts(int group) => group is >= FirstOfCosts and <= LastOfCosts;
}
