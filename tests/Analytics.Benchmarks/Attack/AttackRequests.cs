using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Analytics.Benchmarks.Attack;

/// <summary>The requests of the attack as they go over the wire.</summary>
public sealed class AttackRequests(AttackPlan plan)
{
    public const int DeepTrace = 20_000;
    public const int Awaited = 2_300;
    const int Batch = 10_000;
    const int LargestBody = 10 * 1024 * 1024;

    public string Key => plan.Key;

    public static byte[] Post(string path, string key, ReadOnlySpan<byte> body, string headers = "", int? announced = null, string method = "POST")
    {
        var head = Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n{headers}"
            + $"Content-Length: {announced ?? body.Length}\r\n\r\n");
        return [.. head, .. body];
    }

    public static byte[] Post(string path, string key, string body, string method = "POST") =>
        Post(path, key, Encoding.UTF8.GetBytes(body), method: method);

    /// <summary>Ten MB are announced, nine come.</summary>
    public static byte[] IdleUpload(string key) => Post(Ingest, key, Encoding.ASCII.GetBytes(new string(' ', 9 << 20)), announced: LargestBody);

    /// <summary>Ten thousand names nobody has used before.</summary>
    public byte[] JunkNames(int turn) => Events(Batch, n => $$"""{"name":"junk.{{turn}}.{{n}}","external_customer_id":"c"}""");

    /// <summary>A part of a chain in which each event is the parent of the next.</summary>
    public byte[] Chain(int from, int count) => Events(count, n =>
        $$"""{"name":"deep","external_customer_id":"c","external_id":"deep-{{from + n}}",{{ParentOf(from + n)}}{{Cost}}}""");

    /// <summary>Events below the deepest of the chain.</summary>
    public byte[] BelowTheDeepest() => Events(1_000, _ =>
        $$"""{"name":"deep","external_customer_id":"c",{{ParentOf(DeepTrace)}}{{Cost}}}""");

    /// <summary>Events that wait for parents.</summary>
    public byte[] Awaiting(int lane) => Events(Awaited, n =>
        $$"""{"name":"deep","external_customer_id":"c","external_id":"waits-{{lane}}-{{n}}","parent_id":"awaited-{{lane}}-{{n}}"}""");

    /// <summary>The parents they wait for, each below the next of those that wait: a circle, so that it can be sent for ever.</summary>
    public byte[] Parents(int lane) => Events(Awaited, n =>
        $$"""{"name":"deep","external_customer_id":"c","external_id":"awaited-{{lane}}-{{n}}","parent_id":"waits-{{lane}}-{{(n + 1) % Awaited}}"}""");

    /// <summary>A thousand events, each with fifty keys of metadata no other one has.</summary>
    public byte[] Wide() => Events(1_000, n =>
        $$"""{"name":"wide","external_customer_id":"c","metadata":{{WideMetadata(n)}}}""");

    /// <summary>Ten thousand events in ten MB, packed; with external ids they are duplicates from the second time on.</summary>
    public byte[] Packed(bool hasIds)
    {
        var filling = new string('x', 950);
        var body = Body(Batch, n =>
            $$$"""{"name":"packed",{{{(hasIds ? $"\"external_id\":\"packed-{n}\"," : "")}}}"external_customer_id":"c","metadata":{"f":"{{{filling}}}"}}""");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.ASCII.GetBytes(body));
        return Post(Ingest, Key, packed.ToArray(), "Content-Encoding: gzip\r\n");
    }

    public byte[] One(string name) => Events(1, _ => $$"""{"name":"{{name}}","external_customer_id":"c"}""");

    /// <summary>Statistics over 30 days; the address goes on with the given parameters.</summary>
    public byte[] Statistics(string interval, string more)
    {
        var today = TimeProvider.System.GetUtcNow();
        return KeepAlive.Get(string.Create(CultureInfo.InvariantCulture,
            $"/api/events/statistics/timeseries?start_date={today.AddDays(-29):yyyy-MM-dd}&end_date={today:yyyy-MM-dd}&interval={interval}{more}"), Key);
    }

    public byte[] Get(string path) => KeepAlive.Get(path, Key);

    const string Ingest = "/api/events/ingest";
    const string Cost = """
        "metadata":{"deep":"yes","_cost":{"amount":1,"currency":"usd"}}
        """;

    static string WideMetadata(int n) => JsonSerializer.Serialize(
        Enumerable.Range(0, 50).ToDictionary(key => $"{n}-{key}-".PadRight(64, 'k'), key => key));

    static string ParentOf(int place) => place == 0 ? "" : $"\"parent_id\":\"deep-{place - 1}\",";

    byte[] Events(int count, Func<int, string> each) => Post(Ingest, Key, Body(count, each));

    static string Body(int count, Func<int, string> each) => $$"""{"events":[{{string.Join(',', Enumerable.Range(0, count).Select(each))}}]}""";
}
