using System.Text;
using Analytics.Features.Ingestion;
using Analytics.Storage.Requests;
using Analytics.Storage.Schema;
using Xunit;

namespace Analytics.Tests.Features.Ingestion;

/// <summary>Reads API requests the way the route does, without a server.</summary>
static class RequestReading
{
    const string Whole = "\"method\":\"GET\",\"path\":\"/a\",\"statusCode\":200,\"latencyMs\":1";

    public static Batch Batch(string body, Customer? bound = null) => Reading.Batch(body, bound, FactList.Requests);

    public static string[] Problems(string body, Customer? bound = null) => Reading.Problems(body, bound, FactList.Requests);

    /// <summary>The problems of one request, to which the members are added; of a repeated one the last counts.</summary>
    public static string[] ProblemsOf(string members) => Problems(Body(members));

    public static IncomingRequest Valid(string members, Customer? bound = null)
    {
        var batch = Batch(Body(members), bound);
        Assert.Empty(batch.Findings.Problems());
        return Assert.Single(batch.Requests);
    }

    /// <summary>The endpoint of a request with that path, and the path that is kept.</summary>
    public static (string Endpoint, string Path) PathOf(string sent)
    {
        var read = Valid($"\"path\":{System.Text.Json.JsonSerializer.Serialize(sent)}");
        return (Reading.Text(read.Endpoint), Reading.Text(read.Path));
    }

    static string Body(string members) => $$$"""{"requests":[{{{{Whole}}},{{{members}}}}]}""";
}
