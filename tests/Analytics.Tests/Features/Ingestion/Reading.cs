using System.Text;
using Analytics.Contract;
using Analytics.Features.Ingestion;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Schema;

namespace Analytics.Tests.Features.Ingestion;

/// <summary>Reads bodies the way the route does, without a server.</summary>
static class Reading
{
    public static readonly DateTimeOffset Now = new(2026, 3, 27, 12, 0, 0, TimeSpan.Zero);
    public static readonly long NowMicroseconds = Now.ToUnixTimeMilliseconds() * 1000;

    extension(Batch batch)
    {
        public IReadOnlyList<IncomingEvent> Events => [.. batch.Facts.Cast<IncomingEvent>()];

        public IReadOnlyList<IncomingRequest> Requests => [.. batch.Facts.Cast<IncomingRequest>()];
    }

    public static Batch Batch(byte[] body, Customer? bound = null, bool partial = false, FactList? list = null)
    {
        // What lies behind the body must not matter: pooled buffers hold old bodies.
        byte[] pooled = [.. body, .. "{\"events\":[]}"u8];
        return new FactReader(list ?? FactList.Events, pooled, body.Length, new IngestScope("usd", bound, NowMicroseconds), partial).Read();
    }

    public static Batch Batch(string body, Customer? bound = null, FactList? list = null) =>
        Batch(Encoding.UTF8.GetBytes(body), bound, list: list);

    /// <summary>The problems as "pointer code", whether they came as findings or ended the reading.</summary>
    public static string[] Problems(byte[] body, Customer? bound = null, FactList? list = null)
    {
        try
        {
            return [.. Batch(body, bound, list: list).Findings.Problems().Select(problem => $"{problem.Pointer} {problem.Code}")];
        }
        catch (ProblemException e)
        {
            return [.. e.Errors.Select(problem => $"{problem.Pointer} {problem.Code}")];
        }
    }

    public static string[] Problems(string body, Customer? bound = null, FactList? list = null) =>
        Problems(Encoding.UTF8.GetBytes(body), bound, list);

    /// <summary>The problems of one event with a customer, to which the members are added.</summary>
    public static string[] ProblemsOf(string members) => Problems(Event(members));

    public static string[] ProblemsOfMetadata(string metadata) => ProblemsOf($"\"metadata\":{metadata}");

    public static IncomingEvent Valid(string members)
    {
        var batch = Batch(Event(members));
        Assert.Empty(batch.Findings.Problems());
        return Assert.Single(batch.Events);
    }

    public static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    static string Event(string members) => $$"""{"events":[{"name":"file.scanned","external_customer_id":"u1",{{members}}}]}""";
}
