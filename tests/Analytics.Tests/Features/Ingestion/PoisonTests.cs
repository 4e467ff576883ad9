using Analytics.Contract;
using Xunit;

namespace Analytics.Tests.Features.Ingestion;

public sealed class PoisonTests
{
    [Theory]
    [InlineData("", " json")]
    [InlineData("   ", " json")]
    [InlineData("null", " type")]
    [InlineData("[]", " type")]
    [InlineData("7", " type")]
    [InlineData("{}", "/events required")]
    [InlineData("""{"events":null}""", "/events type")]
    [InlineData("""{"events":{}}""", "/events type")]
    [InlineData("""{"events":[]} x""", " json")]
    [InlineData("""{"events":[]}{}""", " json")]
    [InlineData("""{"events":[],}""", " json")]
    [InlineData("""{'events':[]}""", " json")]
    [InlineData("""{"events":[{"name":"login.a"}""", "/events/1 json")]
    [InlineData("""{"events":[{"name":"login.a"},NaN]}""", "/events/1 json")]
    [InlineData("""{"events":[{"name":"login.a","metadata":{"x":NaN}}]}""", "/events/0/metadata json")]
    [InlineData("""{"events":[{"name":"login.a","metadata":{"x":-Infinity}}]}""", "/events/0/metadata json")]
    [InlineData("""{"events":[{"name":"login.a","metadata":{"x":"\x"}}]}""", "/events/0/metadata json")]
    [InlineData("""{"events":[{"name":"login.a","metadata":{"x":01}}]}""", "/events/0/metadata json")]
    [InlineData("""{"events":[{"name":"a""", "/events/0/name json")]
    [InlineData("{\"events\":[{\"name\":\"a\0b\"}]}", "/events/0/name json")]
    [InlineData("{\"events\":[{\"name\":\"a\nb\"}]}", "/events/0/name json")]
    public void A_body_that_is_not_the_right_JSON_is_refused(string body, string problem)
    {
        Assert.Equal([problem], Reading.Problems(body));
    }

    [Theory]
    [InlineData("\"name\":\"\"", "/name length")]
    [InlineData("\"name\":\"  \\t\"", "/name blank")]
    [InlineData("\"name\":{}", "/name type")]
    [InlineData("\"name\":null", "/name required")]
    [InlineData("\"name\":\"a\\u0000\"", "/name nul")]
    [InlineData("\"name\":\"a\\ud800\"", "/name lone_surrogate")]
    [InlineData("\"name\":\"\\udc00\\ud800\"", "/name lone_surrogate")]
    [InlineData("\"name\":\"customer.created\"", "/name reserved_name")]
    [InlineData("\"name\":\"customer.updated\",\"source\":\"system\"", "/name reserved_name")]
    [InlineData("\"external_id\":\"\"", "/external_id length")]
    [InlineData("\"external_id\":\"   \"", "/external_id blank")]
    [InlineData("\"external_id\":\"\\u00a0\\t\"", "/external_id blank")]
    [InlineData("\"external_id\":[]", "/external_id type")]
    [InlineData("\"external_id\":\"\\ud800x\"", "/external_id lone_surrogate")]
    [InlineData("\"parent_id\":5", "/parent_id type")]
    [InlineData("\"parent_id\":\" \"", "/parent_id blank")]
    [InlineData("\"parent_id\":\"\\u0000\"", "/parent_id nul")]
    [InlineData("\"parent_id\":\"e\",\"external_id\":\"\\u0065\"", "/parent_id cycle")]
    [InlineData("\"source\":\"robot\"", "/source source")]
    [InlineData("\"source\":1", "/source type")]
    [InlineData("\"source\":\"system\"", "/source source")]
    [InlineData("\"timestamp\":1711533600", "/timestamp type")]
    [InlineData("\"timestamp\":\"2026-03-27\"", "/timestamp format")]
    [InlineData("\"timestamp\":\"2026-02-30T00:00:00Z\"", "/timestamp format")]
    [InlineData("\"timestamp\":\"2026-03-27T10:00:00\"", "/timestamp format")]
    [InlineData("\"timestamp\":\"1999-12-31T23:59:59Z\"", "/timestamp range")]
    [InlineData("\"timestamp\":\"2026-03-27T12:05:00.000001Z\"", "/timestamp range")]
    [InlineData("\"external_customer_id\":\"\"", "/external_customer_id length")]
    [InlineData("\"external_customer_id\":\"\u3000 \"", "/external_customer_id blank")]
    [InlineData("\"external_customer_id\":null", "/customer_id required")]
    [InlineData("\"external_customer_id\":null,\"customer_id\":\"nope\"", "/customer_id format")]
    [InlineData("\"external_customer_id\":null,\"customer_id\":true", "/customer_id type")]
    [InlineData("\"metadata\":[]", "/metadata type")]
    [InlineData("\"metadata\":\"{}\"", "/metadata type")]
    public void A_member_that_breaks_its_rule_is_pointed_at(string members, string problem)
    {
        Assert.Equal(["/events/0" + problem], Reading.ProblemsOf(members));
    }

    [Theory]
    [InlineData("""{"a":1e999}""", "/a range")]
    [InlineData("""{"a":[0,-1e400]}""", "/a/1 range")]
    [InlineData("""{"a":1e-20000}""", "/a range")]
    [InlineData("""{"a":0e99999999999}""", "/a range")]
    [InlineData("""{"a":"\u0000"}""", "/a nul")]
    [InlineData("""{"a":{"b~/":["\ud800"]}}""", "/a/b~0~1/0 lone_surrogate")]
    [InlineData("""{"":1}""", "/ length")]
    [InlineData("""{"a":{"":1}}""", "/a/ length")]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":{}}}}}}""", "/a/b/c/d/e too_deep")]
    [InlineData("""{"a":[[[[[1]]]]]}""", "/a/0/0/0/0 too_deep")]
    [InlineData("""{"_cost":5}""", "/_cost type")]
    [InlineData("""{"_cost":[]}""", "/_cost type")]
    [InlineData("""{"_cost":{"amount":1}}""", "/_cost/currency required")]
    [InlineData("""{"_cost":{"amount":1,"currency":7}}""", "/_cost/currency type")]
    [InlineData("""{"_cost":{"amount":1,"currency":"eur"}}""", "/_cost/currency currency")]
    [InlineData("""{"_cost":{"amount":null,"currency":"usd"}}""", "/_cost/amount required")]
    [InlineData("""{"_cost":{"amount":{},"currency":"usd"}}""", "/_cost/amount type")]
    [InlineData("""{"_cost":{"amount":"ten","currency":"usd"}}""", "/_cost/amount range")]
    [InlineData("""{"_cost":{"amount":"0e-20000","currency":"usd"}}""", "/_cost/amount range")]
    [InlineData("""{"_cost":{"amount":"","currency":"usd"}}""", "/_cost/amount range")]
    [InlineData("""{"_cost":{"amount":1e9,"currency":"usd"}}""", "/_cost/amount range")]
    [InlineData("""{"_cost":{"amount":-1000000000,"currency":"usd"}}""", "/_cost/amount range")]
    [InlineData("""{"_cost":{"amount":0.0000000000001,"currency":"usd"}}""", "/_cost/amount range")]
    [InlineData("""{"_cost.amount":5}""", "/_cost.amount reserved_name")]
    [InlineData("""{"_llm":"gpt"}""", "/_llm type")]
    [InlineData("""{"_llm":{"vendor":"v","model":"m","input_tokens":1}}""", "/_llm/output_tokens required")]
    [InlineData("""{"_llm":{"vendor":"v","model":"m","input_tokens":-1,"output_tokens":1}}""", "/_llm/input_tokens range")]
    [InlineData("""{"_llm":{"vendor":"v","model":"m","input_tokens":1.5,"output_tokens":1}}""", "/_llm/input_tokens range")]
    [InlineData("""{"_llm":{"vendor":"v","model":"m","input_tokens":1,"output_tokens":"1"}}""", "/_llm/output_tokens type")]
    [InlineData("""{"_llm":{"vendor":"v","model":"m","input_tokens":1,"output_tokens":1,"total_tokens":2e15}}""", "/_llm/total_tokens range")]
    [InlineData("""{"_llm":{"vendor":"","model":"m","input_tokens":1,"output_tokens":1}}""", "/_llm/vendor length")]
    [InlineData("""{"_llm":{"vendor":"v","model":" ","input_tokens":1,"output_tokens":1}}""", "/_llm/model blank")]
    [InlineData("""{"_llm":{"vendor":"v","model":[],"input_tokens":1,"output_tokens":1}}""", "/_llm/model type")]
    [InlineData("""{"_llm":{"vendor":"v","model":"m","input_tokens":1,"output_tokens":1,"prompt":{}}}""", "/_llm/prompt type")]
    public void Metadata_that_breaks_a_rule_is_pointed_at(string metadata, string problem)
    {
        Assert.Equal(["/events/0/metadata" + problem], Reading.ProblemsOfMetadata(metadata));
    }

    [Theory]
    [InlineData("file_share.created", """{"share_id":null}""", "/share_id required")]
    [InlineData("file_share.created", "null", "/share_id required")]
    [InlineData("file_share.created", """{"share_id":7}""", "/share_id type")]
    [InlineData("file_share.created", """{"share_id":""}""", "/share_id length")]
    [InlineData("file_share.created", """{"share_id":"  "}""", "/share_id blank")]
    [InlineData("file_share.created", """{"share_id":"s","price_cents":"5"}""", "/price_cents type")]
    [InlineData("file_share.created", """{"share_id":"s","price_cents":-5}""", "/price_cents range")]
    [InlineData("file_share.created", """{"share_id":"s","expires_at":"tomorrow"}""", "/expires_at format")]
    [InlineData("payment.completed", """{"payment_id":"p"}""", "/amount_cents required")]
    [InlineData("payment.completed", """{"payment_id":"p","amount_cents":1.5}""", "/amount_cents range")]
    [InlineData("subscription.changed", """{"subscription_id":"s","status":5}""", "/status type")]
    public void Reserved_names_must_fit_their_schema(string name, string metadata, string problem)
    {
        Assert.Equal(["/events/0/metadata" + problem], Reading.Problems($$"""{"events":[{"name":"{{name}}","metadata":{{metadata}}}]}"""));
    }

    [Fact]
    public void Blanks_are_no_name_however_often_they_are_sent()
    {
        for (var time = 0; time < 3; time++)
            Assert.Equal(["/events/0/name blank"], Reading.ProblemsOf("\"name\":\"   \""));
        Assert.Empty(Reading.ProblemsOf("\"name\":\" \u3000a \",\"external_id\":\" e\""));
    }

    [Fact]
    public void Limits_are_exact()
    {
        Assert.Empty(Reading.ProblemsOf($"\"name\":\"{new string('é', 128)}\""));
        Assert.Equal(["/events/0/name length"], Reading.ProblemsOf($"\"name\":\"{new string('é', 129)}\""));
        Assert.Empty(Reading.ProblemsOf($"\"external_id\":\"{new string('x', 255)}\""));
        Assert.Equal(["/events/0/external_id length"], Reading.ProblemsOf($"\"external_id\":\"{new string('x', 256)}\""));
        Assert.Empty(Reading.ProblemsOf("\"timestamp\":\"2026-03-27T12:05:00Z\""));
        Assert.Empty(Reading.ProblemsOf("\"timestamp\":\"2000-01-01T00:00:00Z\""));
        Assert.Empty(Reading.ProblemsOfMetadata(Keys(50)));
        Assert.Equal(["/events/0/metadata too_many_keys"], Reading.ProblemsOfMetadata(Keys(51)));
        Assert.Empty(Reading.ProblemsOfMetadata($$"""{"{{new string('k', 64)}}":1}"""));
        Assert.Equal([$"/events/0/metadata/{new string('k', 65)} length"], Reading.ProblemsOfMetadata($$"""{"{{new string('k', 65)}}":1}"""));
        Assert.Equal(["/events/0/metadata length"], Reading.ProblemsOfMetadata($$"""{"{{new string('k', 5_000)}}":1}"""));
        Assert.Empty(Reading.ProblemsOfMetadata($$"""{"a":"{{new string('é', 2_048)}}"}"""));
        Assert.Equal(["/events/0/metadata/a length"], Reading.ProblemsOfMetadata($$"""{"a":"{{new string('é', 2_049)}}"}"""));
        Assert.Empty(Reading.ProblemsOfMetadata(Llm(2_048)));
        Assert.Equal(["/events/0/metadata/_llm/model length"], Reading.ProblemsOfMetadata(Llm(2_049)));
        Assert.Empty(Reading.ProblemsOfMetadata("""{"a":{"b":{"c":{"d":{"e":1}}}}}"""));
        Assert.Empty(Reading.ProblemsOfMetadata(Sized(16_384)));
        Assert.Equal(["/events/0/metadata too_large"], Reading.ProblemsOfMetadata(Sized(16_385)));
        // 52 numbers of 301 digits, and of 400 decimals.
        Assert.Empty(Reading.ProblemsOfMetadata($$"""{"a":[{{string.Join(',', Enumerable.Repeat("1e300", 52))}}]}"""));
        Assert.Equal(
            ["/events/0/metadata too_large"], Reading.ProblemsOfMetadata($$"""{"a":[{{string.Join(',', Enumerable.Repeat("1e300", 54))}}]}"""));
        Assert.Equal(
            ["/events/0/metadata too_large"], Reading.ProblemsOfMetadata($$"""{"a":[{{string.Join(',', Enumerable.Repeat("1E-400", 41))}}]}"""));
        Assert.Empty(Reading.ProblemsOfMetadata("""{"a":1e300,"b":0.1234567890123456789,"c":12345678901234567890,"d":-0}"""));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_pointed_at()
    {
        byte[] body = [.. "{\"events\":[{\"name\":\"login.a\"},{\"name\":\"login."u8, 0xC3, 0x28, .. "\"}]}"u8];
        Assert.Equal(["/events/1/name json"], Reading.Problems(body));
        Assert.Equal([" json"], Reading.Problems([.. "{\"events\":[]}"u8, 0xFF]));
        Assert.Equal([" json"], Reading.Problems([0xFF, 0xFE, 0x7B]));
    }

    [Fact]
    public void Ten_thousand_levels_are_refused()
    {
        var nested = new string('[', 10_000) + new string(']', 10_000);
        Assert.Equal(["/events/0/metadata json"], Reading.ProblemsOfMetadata($$"""{"a":{{nested}}}"""));
        Assert.Equal(["/events/0 json"], Reading.ProblemsOf($"\"ignored\":{nested}"));
        Assert.Equal([" type"], Reading.Problems(nested));
        var objects = string.Concat(Enumerable.Repeat("""{"a":""", 900)) + "1" + new string('}', 900);
        Assert.Equal(["/events/0/metadata/a/a/a/a/a too_deep"], Reading.ProblemsOfMetadata(objects));
    }

    [Fact]
    public void A_string_of_ten_megabytes_is_refused()
    {
        var huge = new string('x', 10_000_000);
        Assert.Equal(["/events/0/name length"], Reading.ProblemsOf($"\"name\":\"{huge}\""));
        Assert.Equal(["/events/0/metadata length", "/events/0/metadata too_large"], Reading.ProblemsOfMetadata($$"""{"{{huge}}":1}"""));
    }

    [Fact]
    public void Whatever_is_done_to_a_body_it_is_read_or_refused()
    {
        var random = new Random(20260327);
        for (var round = 0; round < 20_000; round++)
        {
            var body = SomeBody.Mutated(random, changes: 4);
            try
            {
                var batch = Reading.Batch(body, partial: round % 2 == 0);
                Assert.All(batch.Findings.InOrder(), found => Assert.StartsWith($"/events/{found.Index}", found.Problem.Pointer));
                Assert.All(batch.Events, read => Assert.False(batch.Findings.Has(read.Index)));
                Assert.All(batch.Events, read => Assert.Equal(read.Metadata.IsEmpty ? "" : "{", Reading.Text(read.Metadata)[..Math.Min(1, read.Metadata.Length)]));
            }
            catch (ProblemException refusal)
            {
                Assert.InRange(refusal.Status, 400, 413);
                Assert.NotEmpty(refusal.Errors);
            }
        }
    }

    static string Llm(int characters) =>
        $$$"""{"_llm":{"vendor":"v","model":"{{{new string('m', characters)}}}","input_tokens":1,"output_tokens":1}}""";

    static string Keys(int count) => "{" + string.Join(',', Enumerable.Range(0, count).Select(at => $"\"k{at}\":{at}")) + "}";

    /// <summary>Metadata of exactly so many bytes.</summary>
    static string Sized(int bytes)
    {
        var start = "{" + string.Concat(Enumerable.Range(0, 7).Select(at => $"\"k{at}\":\"{new string('x', 2_048)}\","));
        var rest = bytes - start.Length - "\"z\":\"\",\"y\":\"\"}".Length;
        return $"{start}\"z\":\"{new string('z', rest / 2)}\",\"y\":\"{new string('y', rest - rest / 2)}\"}}";
    }
}
