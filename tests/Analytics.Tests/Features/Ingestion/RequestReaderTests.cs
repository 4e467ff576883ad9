using System.Text;
using Analytics.Features.Ingestion;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Xunit;

namespace Analytics.Tests.Features.Ingestion;

public sealed class RequestReaderTests
{
    [Fact]
    public void A_request_is_read_with_all_its_members()
    {
        var batch = RequestReading.Batch("""
            {"ignored":{"deep":[1,{"x":[]}]},"requests":[{"method":"Post","path":"/users/42/orders?page=2","route":"/users/{id}/orders",
            "statusCode":201,"latencyMs":12.3456789,"timestamp":1774605600123.456789,"customerId":"acme","apiKeyId":"k-1","productId":"shop",
            "requestSize":17,"responseSize":1e3,"userAgent":"curl/8.14.1","ip":"203.0.113.9","requestId":"r-1","other":[1]}]}
            """);

        var read = Assert.Single(batch.Requests);
        Assert.Equal("POST", Reading.Text(read.Method));
        Assert.Equal("/users/42/orders", Reading.Text(read.Path));
        Assert.Equal("POST:/users/{id}/orders", Reading.Text(read.Endpoint));
        Assert.True(read.HasRoute);
        Assert.Equal([201, 12_345, 17, 1_000], [read.Status, read.Latency, read.RequestSize, read.ResponseSize]);
        Assert.Equal(1_774_605_600_123_456, read.Timestamp);
        Assert.Equal("acme", Reading.Text(read.ExternalCustomerId));
        Assert.Equal(("k-1", "shop"), (Reading.Text(read.ApiKey), Reading.Text(read.Product)));
        Assert.Equal("curl/8.14.1", Reading.Text(read.UserAgent));
        Assert.Equal([203, 0, 113], read.Address.ToArray());
        Assert.Equal(("r-1", KeyKind.Request), (Reading.Text(read.ExternalId), read.KeyKind));
        Assert.Empty(batch.Customers);
    }

    [Fact]
    public void Hardly_anything_has_to_be_sent()
    {
        var read = RequestReading.Valid("""
            "route":null,"timestamp":null,"customerId":null,"apiKeyId":null,"productId":null,"requestSize":null,"responseSize":null,
            "userAgent":null,"ip":null,"requestId":null
            """);
        Assert.Equal("GET:/a", Reading.Text(read.Endpoint));
        Assert.False(read.HasRoute);
        Assert.Equal([Reading.NowMicroseconds, 0, 0], [read.Timestamp, read.RequestSize, read.ResponseSize]);
        Assert.True(read.ExternalId.IsEmpty && read.ExternalCustomerId.IsEmpty && read.ApiKey.IsEmpty && read.Product.IsEmpty);
        Assert.True(read.UserAgent.IsEmpty && read.Address.IsEmpty && read.CustomerId is null && read.Portal is null);
    }

    [Fact]
    public void Members_in_any_order_and_with_escapes_are_the_same()
    {
        var read = RequestReading.Valid("""
            "requestId":"\u0061\ud83d\ude00","m\u0065thod":"p\u0061tch","userAgent":"\"\u00e9\"","path":"\u002fx\/4\u0032","ip":"\u0031.2.3.4",
            "route":null,"customerId":"\u0061nonymous"
            """);
        Assert.Equal("PATCH:/x/:id", Reading.Text(read.Endpoint));
        Assert.Equal(("a😀", "\"é\""), (Reading.Text(read.ExternalId), Reading.Text(read.UserAgent)));
        Assert.Equal([1, 2, 3], read.Address.ToArray());
        Assert.True(read.ExternalCustomerId.IsEmpty);
    }

    [Fact]
    public void Of_a_repeated_key_the_last_counts()
    {
        var batch = RequestReading.Batch("""
            {"requests":[{}],"requests":[{"latencyMs":"x","method":1,"path":"/a","method":"GET","statusCode":99,"latencyMs":2,"statusCode":204}]}
            """);
        Assert.False(batch.Findings.Any);
        Assert.Equal([204, 2_000], batch.Requests.SelectMany(read => new[] { read.Status, read.Latency }));
    }

    [Theory]
    [InlineData("0", 0), InlineData("-0", 0), InlineData("-0.0e5", 0), InlineData("0.001", 1), InlineData("0.0009999", 0), InlineData("1e2", 100_000)]
    [InlineData("1.5E-2", 15), InlineData("1.1", 1_100), InlineData("0.29", 290), InlineData("4.35", 4_350), InlineData("1234.5678999", 1_234_567)]
    [InlineData("999999999.9999999999999999999999999999999999999999", 999_999_999_999), InlineData("1e-400", 0), InlineData("0e99999999999999999999", 0)]
    [InlineData("10000000000000000000000000000000000e-34", 1_000), InlineData("0.00000000000000000000000000000000001e35", 1_000)]
    [InlineData("1e+0", 1_000), InlineData("0.123456789012345678901234567890123456789e3", 123_456)]
    public void A_latency_is_kept_to_the_microsecond_and_never_rounded(string sent, long microseconds)
    {
        Assert.Equal(microseconds, RequestReading.Valid($"\"latencyMs\":{sent}").Latency);
    }

    [Fact]
    public void Any_latency_of_microseconds_is_read_as_it_was_written()
    {
        var random = new Random(5);
        for (var round = 0; round < 10_000; round++)
        {
            var microseconds = random.NextInt64(1L << random.Next(1, 40));
            var text = $"{microseconds / 1_000}.{microseconds % 1_000:d3}{(round % 2 == 0 ? "" : "9")}";
            Assert.Equal(microseconds, RequestReading.Valid($"\"latencyMs\":{text}").Latency);
        }
    }

    [Theory]
    [InlineData("1.0", 1), InlineData("1e3", 1_000), InlineData("1.5e1", 15), InlineData("0", 0), InlineData("9007199254740992", 9_007_199_254_740_992)]
    [InlineData("9007199254740992.000", 9_007_199_254_740_992), InlineData("-0", 0)]
    public void Sizes_are_integers_however_they_are_written(string sent, long bytes)
    {
        var read = RequestReading.Valid($"\"requestSize\":{sent},\"responseSize\":{sent}");
        Assert.Equal((bytes, bytes), (read.RequestSize, read.ResponseSize));
    }

    [Theory]
    [InlineData("1774605600000", 1_774_605_600_000_000), InlineData("1774605600000.0019", 1_774_605_600_000_001), InlineData("1.7746056e12", 1_774_605_600_000_000)]
    [InlineData("946684800000", 946_684_800_000_000), InlineData("\"2026-03-27T10:00:00.1234567+00:00\"", 1_774_605_600_123_456)]
    [InlineData("1774613100000", 1_774_613_100_000_000)]
    public void Times_are_milliseconds_or_RFC_3339(string sent, long microseconds)
    {
        Assert.Equal(microseconds, RequestReading.Valid($"\"timestamp\":{sent}").Timestamp);
    }

    [Theory]
    [InlineData("/a/b", "/a/b"), InlineData("a/b", "/a/b"), InlineData("/", "/"), InlineData("*", "*"), InlineData("/*", "/*"), InlineData("*?x", "*")]
    [InlineData("?a=b", "/"), InlineData("#top", "/"), InlineData("/a?b#c", "/a"), InlineData("/a#b?c", "/a"), InlineData("/a?b?c", "/a")]
    [InlineData("//a//b/", "//a//b/"), InlineData("https://shop.example/a/b?c#d", "/a/b"), InlineData("HTTP://shop.example", "/"), InlineData("http://x?a=/b", "/")]
    [InlineData("http://[::1]:8080/x", "/x"), InlineData("http://ada:pw@shop.example:8080/x", "/x"), InlineData("ws+unix://x/y", "/y"), InlineData("http://x#/y", "/")]
    [InlineData("/redirect/https://a/b", "/redirect/https://a/b"), InlineData("/go?to=https://a/b", "/go"), InlineData("shop.example:443", "/shop.example:443")]
    [InlineData("a b://c", "/a b://c"), InlineData("://c", "/://c"), InlineData("1a://c", "/1a://c"), InlineData("/é😀", "/é😀"), InlineData("é", "/é"), InlineData(" /a", "/ /a")]
    public void Of_whatever_is_sent_the_path_is_kept(string sent, string path)
    {
        Assert.Equal(path, RequestReading.PathOf(sent).Path);
    }

    [Fact]
    public void Without_a_route_the_endpoint_is_made_of_the_path()
    {
        Assert.Equal("GET:/users/:id", RequestReading.PathOf("https://shop.example/users/42?x=1").Endpoint);
        Assert.Equal("GET:*", RequestReading.PathOf("*").Endpoint);
        Assert.Equal("GET:/users/42", Reading.Text(RequestReading.Valid("\"path\":\"/x\",\"route\":\"/users/42\"").Endpoint));
    }

    [Fact]
    public void A_bound_key_writes_for_its_customer_only()
    {
        var bound = new Customer { WorkspaceKey = 1, Id = Guid.NewGuid(), ExternalId = "portal", CreatedAt = Reading.Now };
        foreach (var own in (string[])["null", "\"anonymous\"", $"\"{bound.Id}\""])
            Assert.Equal((bound.Id, ""), Person(RequestReading.Valid($"\"customerId\":{own}", bound)));
        Assert.Equal((null, "portal"), Person(RequestReading.Valid("\"customerId\":\"portal\"", bound)));
        Assert.Equal(bound.Id, RequestReading.Valid("\"route\":\"r\"", bound).Portal);

        const string whole = "\"method\":\"GET\",\"path\":\"/a\",\"statusCode\":200,\"latencyMs\":1";
        var others = RequestReading.Batch($$$"""{"requests":[{{{{whole}}},"customerId":"other"},{{{{whole}}},"customerId":"Portal"}]}""", bound);
        Assert.True(others.Findings.Forbidden);
        Assert.Equal(2, others.Findings.Rejected);

        static (Guid?, string) Person(Analytics.Storage.Requests.IncomingRequest read) => (read.CustomerId, Reading.Text(read.ExternalCustomerId));
    }

    [Fact]
    public void Only_anonymous_as_it_is_written_is_nobody()
    {
        Assert.Equal("Anonymous", Reading.Text(RequestReading.Valid("\"customerId\":\"Anonymous\"").ExternalCustomerId));
        Assert.Equal(" anonymous", Reading.Text(RequestReading.Valid("\"customerId\":\" anonymous\"").ExternalCustomerId));
    }

    [Fact]
    public void Of_a_user_agent_512_characters_are_kept()
    {
        Assert.Equal(new string('x', 512), Agent(new string('x', 512)));
        Assert.Equal(new string('x', 512), Agent(new string('x', 100_000)));
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 512)), Agent(string.Concat(Enumerable.Repeat("😀", 513))));
        Assert.Equal("é" + new string('x', 511), Agent("é" + new string('x', 511) + "é"));
        foreach (var none in (string[])["", "-", " ", "unknown", "Unknown", new string(' ', 512) + "x"])
            Assert.Equal("", Agent(none));

        static string Agent(string sent) => Reading.Text(RequestReading.Valid($"\"userAgent\":\"{sent}\"").UserAgent);
    }

    [Fact]
    public void Ten_thousand_requests_are_taken_and_one_more_is_not()
    {
        Assert.Equal(10_000, RequestReading.Batch(Many(10_000)).Requests.Count);
        Assert.Equal(["/requests too_large"], RequestReading.Problems(Many(10_001)));

        static string Many(int count) => $$"""
            {"requests":[{{string.Join(',', Enumerable.Repeat("""{"method":"GET","path":"/a","statusCode":200,"latencyMs":1}""", count))}}]}
            """;
    }

    [Fact]
    public void The_workspace_may_be_named()
    {
        var id = Guid.NewGuid();
        Assert.Equal([("/tenantId", id)], RequestReading.Batch($$"""{"requests":[],"tenantId":"{{id}}","workspace_id":null}""").Workspaces);
        Assert.Equal(["/tenantId format"], RequestReading.Problems("""{"tenantId":7,"requests":[]}"""));
    }
}
