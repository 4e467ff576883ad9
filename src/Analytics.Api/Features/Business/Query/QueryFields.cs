using Analytics.Storage.Business;

namespace Analytics.Features.Business.Query;

/// <summary>What facts may be asked about.</summary>
enum QueryDataset
{
    Events,
    Requests,
}

/// <summary>The words by which a question names what facts are and say.</summary>
static class QueryFields
{
    public const string Timestamp = "timestamp";
    public const string Name = "name";
    public const string Customer = "customer";
    public const string Endpoint = "endpoint";
    public const string Method = "method";
    public const string StatusCode = "statusCode";
    public const string Latency = "latencyMs";
    public const string Product = "productId";
    public const string ApiKey = "apiKeyId";
    public const string RequestSize = "requestSize";
    public const string ResponseSize = "responseSize";

    /// <summary>
    /// Whose an event is: the customer it names, else whose its payment, share or subscription is. No question can say it: none has a NUL.
    /// </summary>
    public const string Owner = "\0owner";

    // Keys of metadata that are called as the event's own are.
    const string OfMetadata = "metadata.";

    /// <summary>In the order of <see cref="QueryDataset"/>.</summary>
    public static readonly string[] Datasets = ["events", "requests"];

    /// <summary>What requests say.</summary>
    public static readonly string[] OfRequests =
        [Endpoint, Method, StatusCode, Latency, Customer, Product, ApiKey, RequestSize, ResponseSize];

    public static QueryDataset DatasetOf(string? word) => (QueryDataset)Math.Max(0, Array.IndexOf(Datasets, word));

    /// <summary>Whether a field's texts may be somebody's: an erasure takes them.</summary>
    public static bool IsSomebodys(QueryDataset dataset, string field) =>
        dataset == QueryDataset.Requests ? field == ApiKey : field != Customer && !StayingTexts.OfEvents.Contains(field);

    /// <summary>The path in metadata that a field of events stands for.</summary>
    public static string PathOf(string field) =>
        field is OfMetadata + Name or OfMetadata + Customer ? field[OfMetadata.Length..] : field;
}
