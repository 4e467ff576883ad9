using Analytics.Storage.Requests;
using Analytics.Storage.Sales;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>Where the raw facts of a dataset are, and how their fields are read there.</summary>
static class RawTable
{
    const string Alias = "e.";

    // In microseconds, and of no meaning for what answers before the answer: see RequestFacts.
    static readonly RawField.OfNumber Latency = new(HasLatency($"{Alias}latency * 0.001"));

    static readonly RawField.OfCode Owner = new(
        $"coalesce(nullif({Alias}person, 0), {InheritedOwner.Sql("e")})", RawCode.Person);

    public static string NameOf(QueryDataset dataset) => dataset == QueryDataset.Events ? "events" : "requests";

    public static RawField FieldOf(QueryDataset dataset, string field) =>
        dataset == QueryDataset.Requests ? OfRequests(field) : OfEvents(field);

    static RawField OfEvents(string field) => field switch
    {
        QueryFields.Name => new RawField.OfCode(Alias + "type", RawCode.EventType),
        QueryFields.Customer => new RawField.OfCode(Alias + "person", RawCode.Person),
        QueryFields.Owner => Owner,
        _ => new RawField.OfJson(Alias + "metadata", QueryFields.PathOf(field)),
    };

    static RawField OfRequests(string field) => field switch
    {
        QueryFields.Endpoint => new RawField.OfCode(Alias + "endpoint", RawCode.Endpoint),
        QueryFields.Method => new RawField.OfText(Alias + "method"),
        QueryFields.StatusCode => new RawField.OfNumber(Alias + "status"),
        QueryFields.Latency => Latency,
        QueryFields.Customer => new RawField.OfCode(Alias + "person", RawCode.Person),
        QueryFields.Product => new RawField.OfCode(Alias + "product", RawCode.Product),
        QueryFields.ApiKey => new RawField.OfCode(Alias + "api_key", RawCode.ApiKey),
        QueryFields.RequestSize => new RawField.OfNumber(HasLatency(Alias + "request_size")),
        QueryFields.ResponseSize => new RawField.OfNumber(HasLatency(Alias + "response_size")),
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    static string HasLatency(string sql) => $"case when {Alias}status >= {RequestFacts.LeastFinal} then {sql} end";
}
