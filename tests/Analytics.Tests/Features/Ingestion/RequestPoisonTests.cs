using System.Text;
using Analytics.Contract;
using Analytics.Features.Ingestion;
using Xunit;

namespace Analytics.Tests.Features.Ingestion;

public sealed class RequestPoisonTests
{
    [Theory]
    [InlineData("", " json")]
    [InlineData("[]", " type")]
    [InlineData("{}", "/requests required")]
    [InlineData("""{"events":[]}""", "/requests required")]
    [InlineData("""{"requests":null}""", "/requests type")]
    [InlineData("""{"requests":{}}""", "/requests type")]
    [InlineData("""{"requests":[]} x""", " json")]
    [InlineData("""{"requests":[{"method":"GET"},NaN]}""", "/requests/1 json")]
    [InlineData("""{"requests":[{"latencyMs":NaN}]}""", "/requests/0/latencyMs json")]
    [InlineData("""{"requests":[{"latencyMs":01}]}""", "/requests/0/latencyMs json")]
    [InlineData("""{"requests":[{"userAgent":"a""", "/requests/0/userAgent json")]
    [InlineData("{\"requests\":[{\"path\":\"a\0b\"}]}", "/requests/0/path json")]
    public void A_body_that_is_not_the_right_JSON_is_refused(string body, string problem)
    {
        Assert.Equal([problem], RequestReading.Problems(body));
    }

    [Theory]
    [InlineData("\"method\":\"\"", "/method length")]
    [InlineData("\"method\":\" \"", "/method blank")]
    [InlineData("\"method\":\"GET \"", "/method format")]
    [InlineData("\"method\":\"G.T\"", "/method format")]
    [InlineData("\"method\":\"GÉT\"", "/method format")]
    [InlineData("\"method\":\"GET:\"", "/method format")]
    [InlineData("\"method\":null", "/method required")]
    [InlineData("\"method\":1", "/method type")]
    [InlineData("\"method\":\"G\\u0000\"", "/method nul")]
    [InlineData("\"path\":\"\"", "/path length")]
    [InlineData("\"path\":\"  \"", "/path blank")]
    [InlineData("\"path\":null", "/path required")]
    [InlineData("\"path\":[]", "/path type")]
    [InlineData("\"path\":\"/a\\nb\"", "/path format")]
    [InlineData("\"path\":\"/a\\u0000\"", "/path nul")]
    [InlineData("\"path\":\"/a\\ud800\"", "/path lone_surrogate")]
    [InlineData("\"path\":\"/a\u007f\"", "/path format")]
    [InlineData("\"path\":\"/\u00e9\u0080\"", "/path format")]
    [InlineData("\"path\":\"/a\u009fb\"", "/path format")]
    [InlineData("\"path\":\"/a\\u0085\"", "/path format")]
    [InlineData("\"path\":\"/a?\\u0001\"", "/path format")]
    [InlineData("\"route\":\"\"", "/route length")]
    [InlineData("\"route\":\" \"", "/route blank")]
    [InlineData("\"route\":{}", "/route type")]
    [InlineData("\"statusCode\":null", "/statusCode required")]
    [InlineData("\"statusCode\":\"200\"", "/statusCode type")]
    [InlineData("\"statusCode\":99", "/statusCode range")]
    [InlineData("\"statusCode\":600", "/statusCode range")]
    [InlineData("\"statusCode\":200.5", "/statusCode range")]
    [InlineData("\"statusCode\":-200", "/statusCode range")]
    [InlineData("\"statusCode\":1e400", "/statusCode range")]
    [InlineData("\"latencyMs\":null", "/latencyMs required")]
    [InlineData("\"latencyMs\":\"1\"", "/latencyMs type")]
    [InlineData("\"latencyMs\":true", "/latencyMs type")]
    [InlineData("\"latencyMs\":-1", "/latencyMs range")]
    [InlineData("\"latencyMs\":-0.0001", "/latencyMs range")]
    [InlineData("\"latencyMs\":-1e-400", "/latencyMs range")]
    [InlineData("\"latencyMs\":1e9", "/latencyMs range")]
    [InlineData("\"latencyMs\":1000000000", "/latencyMs range")]
    [InlineData("\"latencyMs\":1e99999999999999999999", "/latencyMs range")]
    [InlineData("\"latencyMs\":99999999999999999999999999999999", "/latencyMs range")]
    [InlineData("\"timestamp\":true", "/timestamp type")]
    [InlineData("\"timestamp\":\"1774605600000\"", "/timestamp format")]
    [InlineData("\"timestamp\":\"2026-03-27T10:00:00\"", "/timestamp format")]
    [InlineData("\"timestamp\":\"1999-12-31T23:59:59Z\"", "/timestamp range")]
    [InlineData("\"timestamp\":946684799999.999", "/timestamp range")]
    [InlineData("\"timestamp\":1774605600", "/timestamp range")]
    [InlineData("\"timestamp\":-1", "/timestamp range")]
    [InlineData("\"timestamp\":1774613100000.001", "/timestamp range")]
    [InlineData("\"timestamp\":1e300", "/timestamp range")]
    [InlineData("\"customerId\":\"\"", "/customerId length")]
    [InlineData("\"customerId\":\" \"", "/customerId blank")]
    [InlineData("\"customerId\":7", "/customerId type")]
    [InlineData("\"apiKeyId\":\"\"", "/apiKeyId length")]
    [InlineData("\"productId\":\"\\udc00\"", "/productId lone_surrogate")]
    [InlineData("\"requestId\":\"\"", "/requestId length")]
    [InlineData("\"requestId\":[]", "/requestId type")]
    [InlineData("\"requestSize\":-1", "/requestSize range")]
    [InlineData("\"requestSize\":1.5", "/requestSize range")]
    [InlineData("\"requestSize\":\"1\"", "/requestSize type")]
    [InlineData("\"responseSize\":9007199254740993", "/responseSize range")]
    [InlineData("\"responseSize\":1e-1", "/responseSize range")]
    [InlineData("\"userAgent\":1", "/userAgent type")]
    [InlineData("\"userAgent\":\"a\\u0000\"", "/userAgent nul")]
    [InlineData("\"ip\":{}", "/ip type")]
    [InlineData("\"ip\":\"\\ud800\"", "/ip lone_surrogate")]
    public void A_member_that_breaks_its_rule_is_pointed_at(string members, string problem)
    {
        Assert.Equal(["/requests/0" + problem], RequestReading.ProblemsOf(members));
    }

    [Fact]
    public void Every_problem_of_every_request_is_reported()
    {
        Assert.Equal(
            [
                "/requests/0/method required", "/requests/0/path required", "/requests/0/statusCode required", "/requests/0/latencyMs required",
                "/requests/1 type", "/requests/2/method format", "/requests/2/statusCode range", "/requests/2/ip type",
            ],
            RequestReading.Problems("""
                {"requests":[{},17,{"method":"?","path":"/","statusCode":0,"latencyMs":0,"ip":0},{"method":"GET","path":"/","statusCode":599,"latencyMs":0}]}
                """));
    }

    [Fact]
    public void Limits_are_exact()
    {
        Assert.Empty(RequestReading.ProblemsOf($"\"method\":\"{new string('a', 32)}\""));
        Assert.Equal(["/requests/0/method length"], RequestReading.ProblemsOf($"\"method\":\"{new string('a', 33)}\""));
        Assert.Empty(RequestReading.ProblemsOf($"\"path\":\"{new string('é', 2_048)}?{new string('q', 5_000)}\""));
        Assert.Empty(RequestReading.ProblemsOf($"\"path\":\"https://shop.example/{new string('a', 2_047)}\""));
        Assert.Equal(["/requests/0/path length"], RequestReading.ProblemsOf($"\"path\":\"/{new string('é', 2_048)}\""));
        foreach (var member in (string[])["route", "customerId", "apiKeyId", "productId", "requestId"])
        {
            Assert.Empty(RequestReading.ProblemsOf($"\"{member}\":\"{new string('é', 255)}\""));
            Assert.Equal([$"/requests/0/{member} length"], RequestReading.ProblemsOf($"\"{member}\":\"{new string('é', 256)}\""));
        }
        Assert.Empty(RequestReading.ProblemsOf("\"statusCode\":100"));
        Assert.Empty(RequestReading.ProblemsOf("\"statusCode\":5.99e2"));
    }

    [Fact]
    public void A_string_of_ten_megabytes_takes_no_time()
    {
        var huge = new string('x', 9_000_000);
        Assert.Equal(["/requests/0/path length"], RequestReading.ProblemsOf($"\"path\":\"{huge}\""));
        Assert.Empty(RequestReading.ProblemsOf($"\"userAgent\":\"{huge}\",\"ip\":\"{huge}\""));
        Assert.Empty(RequestReading.ProblemsOf($"\"ip\":\"{new string(',', 9_000_000)}\""));
        Assert.Empty(RequestReading.ProblemsOf($"\"latencyMs\":0.{new string('9', 9_000_000)}"));
    }

    [Fact]
    public void Whatever_is_done_to_a_body_it_is_read_or_refused()
    {
        var random = new Random(20260328);
        for (var round = 0; round < 20_000; round++)
        {
            var body = SomeBody.Mutated(random, changes: 4, SomeBody.Requests);
            try
            {
                var batch = Reading.Batch(body, partial: round % 2 == 0, list: FactList.Requests);
                Assert.All(batch.Findings.InOrder(), found => Assert.StartsWith($"/requests/{found.Index}", found.Problem.Pointer));
                foreach (var read in batch.Requests)
                {
                    Assert.False(batch.Findings.Has(read.Index));
                    Assert.True(read.Path.Span is [(byte)'/', ..] or [(byte)'*']);
                    Assert.Equal($"{Reading.Text(read.Method)}:", Reading.Text(read.Endpoint)[..(read.Method.Length + 1)]);
                    Assert.InRange(read.Status, 100, 599);
                    Assert.InRange(read.Latency, 0, 999_999_999_999);
                    Assert.True(read.Address.Length is 0 or 3 or 6);
                }
            }
            catch (ProblemException refusal)
            {
                Assert.InRange(refusal.Status, 400, 413);
                Assert.NotEmpty(refusal.Errors);
            }
        }
    }
}
