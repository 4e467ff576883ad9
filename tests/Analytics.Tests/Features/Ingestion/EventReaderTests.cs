using System.Text;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Xunit;

namespace Analytics.Tests.Features.Ingestion;

public sealed class EventReaderTests
{
    [Fact]
    public void An_event_is_read_with_all_its_members()
    {
        var customer = Guid.NewGuid();
        var batch = Reading.Batch($$$"""
            {"ignored":{"deep":[1,{"x":[]}]},"events":[{"name":"file.scanned","customer_id":"{{{customer}}}","external_id":"e-1",
            "parent_id":"p-1","timestamp":"2026-03-27T10:00:00.123456+02:00","source":"user","other":[1],
            "metadata":{"file_type":"pdf","size_bytes":1048576}}]}
            """);

        var read = Assert.Single(batch.Events);
        Assert.Equal("file.scanned", read.Name);
        Assert.Equal(EventSource.User, read.Source);
        Assert.Equal(customer, read.CustomerId);
        Assert.Equal("e-1", Reading.Text(read.ExternalId));
        Assert.Equal("p-1", Reading.Text(read.ParentId));
        Assert.Equal(Microseconds("2026-03-27T08:00:00Z") + 123_456, read.Timestamp);
        Assert.Equal("""{"file_type":"pdf","size_bytes":1048576}""", Reading.Text(read.Metadata));
        Assert.Equal([(0, customer)], batch.Customers);
    }

    [Fact]
    public void Without_a_timestamp_it_happened_now()
    {
        Assert.Equal(Reading.NowMicroseconds, Reading.Valid("\"timestamp\":null").Timestamp);
    }

    [Fact]
    public void Escapes_are_resolved_in_texts_and_kept_in_metadata()
    {
        var read = Reading.Valid("""
            "external_id":"a\u00e9\ud83d\ude00\n\"\/","parent_id":"\u0062","metadata":{"k\u0065y":"\u0041"}
            """);
        Assert.Equal("aé😀\n\"/", Reading.Text(read.ExternalId));
        Assert.Equal("b", Reading.Text(read.ParentId));
        Assert.Equal("""{"k\u0065y":"\u0041"}""", Reading.Text(read.Metadata));
    }

    [Fact]
    public void Any_character_may_be_written_as_an_escape()
    {
        var id = Guid.NewGuid();
        var read = Reading.Valid($$$"""
            "external_customer_id":null,"customer_id":"\u{{{(int)id.ToString()[0]:x4}}}{{{id.ToString()[1..]}}}","timestamp":"2026\u002d03-27T10:00:00Z",
            "source":"us\u0065r","metadata":{"_cost":{"amount":"\u0031.5","currency":"\u0055SD"}}
            """);
        Assert.Equal(id, read.CustomerId);
        Assert.Equal(Microseconds("2026-03-27T10:00:00Z"), read.Timestamp);
        Assert.Equal(DecimalUnits.One * 3 / 2, read.Fields.Cost);
    }

    [Fact]
    public void Null_members_count_as_absent()
    {
        var read = Reading.Valid("""
            "customer_id":null,"external_id":null,"parent_id":null,"timestamp":null,"source":null,"metadata":null
            """);
        Assert.True(read.ExternalId.IsEmpty && read.ParentId.IsEmpty && read.Metadata.IsEmpty);
    }

    [Fact]
    public void Of_a_repeated_key_the_last_counts_everywhere()
    {
        var read = Reading.Valid("""
            "external_id":5,"external_id":"second","n\u0061me":"renamed","timestamp":"never","timestamp":"2026-03-27T10:00:00Z",
            "metadata":{"a":"\u0000","_cost":7},"metadata":{"_cost":"x","_cost":{"amount":1,"currency":"eur","amount":"2.5","currency":"USD"},
            "_llm":{"vendor":1},"_llm":null}
            """);
        Assert.Equal("renamed", read.Name);
        Assert.Equal("second", Reading.Text(read.ExternalId));
        Assert.Equal(25 * DecimalUnits.One / 10, read.Fields.Cost);
        Assert.Null(read.Fields.InputTokens);

        var batch = Reading.Batch("""{"events":[{"name":1}],"events":[{"name":"login.ok"}]}""");
        Assert.Equal("login.ok", Assert.Single(batch.Events).Name);
        Assert.False(batch.Findings.Any);
    }

    [Fact]
    public void Costs_and_tokens_are_taken_from_the_metadata()
    {
        var fields = Reading.Valid("""
            "metadata":{"_cost":{"amount":0.0025,"currency":"usd"},
            "_llm":{"vendor":"openai","model":"gpt","input_tokens":100,"output_tokens":50.0,"cached_input_tokens":1e1,"prompt":"","response":null}}
            """).Fields;
        Assert.Equal(new FieldValues(25 * DecimalUnits.One / 10_000, 100 * DecimalUnits.One, 50 * DecimalUnits.One,
            150 * DecimalUnits.One, 10 * DecimalUnits.One), fields);
    }

    [Fact]
    public void A_total_that_was_sent_is_kept()
    {
        var fields = Reading.Valid("""
            "metadata":{"_llm":{"vendor":"v","model":"m","input_tokens":1,"output_tokens":2,"total_tokens":9}}
            """).Fields;
        Assert.Equal(9 * DecimalUnits.One, fields.TotalTokens);
    }

    [Theory]
    [InlineData(
        """{"a":1,"_llm":{"vendor":"v","model":"m","input_tokens":1e2,"output_tokens":50.0},"b":2}""",
        """{"a":1,"_llm":{"vendor":"v","model":"m","input_tokens":1e2,"output_tokens":50.0,"total_tokens":150},"b":2}""")]
    [InlineData(
        """{"_llm":5,"\u005fllm":{"total_tokens":null,"vendor":"v","model":"m","input_tokens":0,"output_tokens":0 } }""",
        """{"_llm":5,"\u005fllm":{"total_tokens":null,"vendor":"v","model":"m","input_tokens":0,"output_tokens":0 ,"total_tokens":0} }""")]
    public void A_total_that_was_left_out_is_stored(string sent, string stored)
    {
        var read = Reading.Valid($"\"metadata\":{sent}");
        Assert.Equal(stored, Reading.Text(read.Metadata));
        Assert.True(MetadataPath.TryReadNumber(read.Metadata.Span, "_llm.total_tokens", out var total));
        Assert.Equal(read.Fields.TotalTokens, total);
    }

    [Fact]
    public void A_total_beyond_what_is_aggregated_is_stored_only()
    {
        var read = Reading.Valid("""
            "metadata":{"_llm":{"vendor":"v","model":"m","input_tokens":1000000000000000,"output_tokens":1}}
            """);
        Assert.EndsWith("\"total_tokens\":1000000000000001}}", Reading.Text(read.Metadata));
        Assert.Null(read.Fields.TotalTokens);
        Assert.False(MetadataPath.TryReadNumber(read.Metadata.Span, "_llm.total_tokens", out _));
    }

    [Theory]
    [InlineData("storefront.visit"), InlineData("mcp.tool_invoked"), InlineData("login.failed"), InlineData("sso.x"), InlineData("api_key.used")]
    [InlineData("deploy.done"), InlineData("health_check.failed"), InlineData("service.up"), InlineData("sync.done")]
    [InlineData("gen_ai.chat"), InlineData("log.record")]
    public void Some_names_need_no_customer(string name)
    {
        Assert.Empty(Reading.Problems($$"""{"events":[{"name":"{{name}}"}]}"""));
        Assert.Equal(["/events/0/customer_id required"], Reading.Problems($$"""{"events":[{"name":"x{{name}}"}]}"""));
    }

    [Fact]
    public void Reserved_names_are_system_events_without_a_customer()
    {
        var batch = Reading.Batch("""
            {"events":[{"name":"file_share.created","metadata":{"share_id":"s1","price_cents":500,"expires_at":"2030-01-01T00:00:00Z"}}]}
            """);
        Assert.Equal(EventSource.System, Assert.Single(batch.Events).Source);
    }

    [Fact]
    public void A_bound_key_writes_for_its_customer_only()
    {
        var bound = new Customer { WorkspaceKey = 1, Id = Guid.NewGuid(), ExternalId = "portal", CreatedAt = Reading.Now };
        var batch = Reading.Batch($$"""
            {"events":[{"name":"a"},{"name":"b","customer_id":"{{bound.Id}}"},{"name":"c","external_customer_id":"portal"},{"name":"login.ok"}]}
            """, bound);
        Assert.Equal([bound.Id, bound.Id, null, bound.Id], batch.Events.Select(read => read.CustomerId));
        Assert.Empty(batch.Customers);
        Assert.False(batch.Findings.Any);

        var others = Reading.Batch($$"""
            {"events":[{"name":"a","customer_id":"{{Guid.NewGuid()}}"},{"name":"b","external_customer_id":"other"}]}
            """, bound);
        Assert.True(others.Findings.Forbidden);
        Assert.Equal(2, others.Findings.Rejected);
    }

    [Fact]
    public void Every_problem_of_every_event_is_reported()
    {
        Assert.Equal(
            [
                "/events/0/name required", "/events/1 type", "/events/2/name type", "/events/2/timestamp format", "/events/2/customer_id format",
                "/events/2/external_customer_id conflict", "/events/2/metadata/_cost/amount required", "/events/2/metadata/_cost/currency currency",
            ],
            Reading.Problems("""
                {"events":[{"external_customer_id":"u"},17,{"name":5,"timestamp":"2026-03-27T10:00:00","customer_id":"x","external_customer_id":"u",
                "metadata":{"_cost":{"currency":"eur"}}},{"name":"ok","external_customer_id":"u"}]}
                """));
    }

    [Fact]
    public void At_most_ten_thousand_problems_are_listed_and_every_rejected_event_counts()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"events":[{{string.Join(',', Enumerable.Repeat("""{"name":5,"timestamp":true}""", 10_000))}}]}""");
        Assert.Equal(10_000, Reading.Batch(body).Findings.Problems().Count);
        var partial = Reading.Batch(body, partial: true).Findings;
        Assert.Equal(10_000, partial.Rejected);
        Assert.Equal(10_000, partial.InOrder().Select(found => found.Index).Distinct().Count());
    }

    [Fact]
    public void Ten_thousand_events_are_taken_and_one_more_is_not()
    {
        Assert.Equal(10_000, Reading.Batch(Many(10_000)).Events.Count);
        Assert.Equal(["/events too_large"], Reading.Problems(Many(10_001)));
    }

    [Fact]
    public void The_workspace_may_be_named()
    {
        var id = Guid.NewGuid();
        Assert.Equal([("/tenantId", id)], Reading.Batch($$"""{"events":[],"tenantId":"{{id}}","workspace_id":null}""").Workspaces);
        Assert.Equal(["/workspace_id format"], Reading.Problems("""{"workspace_id":7,"events":[]}"""));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_body()
    {
        Assert.Empty(Reading.Problems("\uFEFF{\"events\":[]}"));
    }

    static string Many(int count) =>
        $$"""{"events":[{{string.Join(',', Enumerable.Repeat("""{"name":"login.ok"}""", count))}}]}""";

    static long Microseconds(string text) => DateTimeOffset.Parse(text).ToUnixTimeMilliseconds() * 1000;
}
