using Analytics.Storage.Facts;

namespace Analytics.Features.Business.Query.Plans;

/// <summary>The words of questions that rollups know as dimensions.</summary>
static class QueryWords
{
    static readonly Dictionary<string, Dimension> OfEvents = new(StringComparer.Ordinal)
    {
        [QueryFields.Name] = Dimension.EventType, [QueryFields.Customer] = Dimension.Person,
    };

    static readonly Dictionary<string, Dimension> OfRequests = new(StringComparer.Ordinal)
    {
        [QueryFields.Endpoint] = Dimension.Endpoint, [QueryFields.Method] = Dimension.Endpoint, [QueryFields.StatusCode] = Dimension.Status,
        [QueryFields.Customer] = Dimension.Person, [QueryFields.Product] = Dimension.Product,
    };

    public static IReadOnlyDictionary<string, Dimension> Of(QueryDataset dataset) =>
        dataset == QueryDataset.Events ? OfEvents : OfRequests;
}
