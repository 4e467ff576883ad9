using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Analytics.Features.Erasure;
using Analytics.Storage;

namespace Analytics.Tests.Features.Erasure;

public sealed class ScrubbedMetadataTests
{
    static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData("""{"n":1,"b":true,"x":null}""", null)]
    [InlineData("""{"a":"x","n":1}""", """{"n":1}""")]
    [InlineData("""{"share_id":"s","payment_id":"p","invoice_id":"i","subscription_id":"u","product_id":"d"}""", null)]
    [InlineData("""{"tool":"t","server":"r","agent":"a","status":"error","cost_category":"c","note":"x"}""", """{"tool":"t","server":"r","agent":"a","status":"error","cost_category":"c"}""")]
    [InlineData("""{"deep":{"share_id":"s","status":"s","session_id":"s","n":[1,"x",{"y":"z"}]}}""", """{"deep":{"n":[1,{}]}}""")]
    [InlineData("""{"_cost":{"amount":"1.5","currency":"usd","note":"x"}}""", """{"_cost":{"amount":"1.5","currency":"usd"}}""")]
    [InlineData("""{"_llm":{"vendor":"v","model":"m","prompt":"p","input_tokens":1}}""", """{"_llm":{"vendor":"v","model":"m","input_tokens":1}}""")]
    [InlineData("""{"_log":{"severity":"warn","category":"Billing","actor_id":"bob","target_id":42}}""", """{"_log":{"severity":"warn","category":"Billing"}}""")]
    [InlineData("""{"_log":{"severity":"bob","category":"SECRET"}}""", """{"_log":{}}""")]
    [InlineData("""{"_log":"bob"}""", "{}")]
    [InlineData("""{"a.b":"x","a":{"b":7},"c.d":"x","c":5,"e.f":"x"}""", """{"a.b":null,"a":{"b":7},"c":5}""")]
    [InlineData("""{"n":123456789012345678901234567890.123,"a":""}""", """{"n":123456789012345678901234567890.123}""")]
    [InlineData("""{"session_id":17,"visitor_id":""}""", null)]
    public void Metadata_keeps_what_totals_hang_on(string metadata, string? scrubbed) =>
        Assert.Equal(scrubbed, new ScrubbedMetadata(Key, portal: null).Of(metadata));

    [Fact]
    public void Sessions_and_visitors_become_hashes_that_are_hashed_no_further()
    {
        var once = Scrubbed(null, """{"session_id":"bob's","visitor_id":"bob's"}""")!;

        Assert.DoesNotContain("bob", once, StringComparison.Ordinal);
        Assert.NotEqual(Of(once, "session_id"), Of(once, "visitor_id"));
        Assert.Null(Scrubbed(null, once));
        Assert.Equal(once, Scrubbed(null, """{"session_id":"bob's","visitor_id":"bob's"}"""));
        Assert.NotEqual(once, Scrubbed(Guid.NewGuid(), """{"session_id":"bob's","visitor_id":"bob's"}"""));
    }

    [Fact]
    public void What_is_left_of_an_id_counts_as_the_id_did()
    {
        foreach (var portal in (Guid?[])[null, Guid.NewGuid()])
        {
            var erased = HashedId.Erased(Key, KeyKind.Session, portal, "bob's");

            Assert.Equal(HashedId.Of(Key, KeyKind.Session, portal, "bob's"), HashedId.Of(Key, KeyKind.Session, null, erased));
            Assert.NotEqual(HashedId.Of(Key, KeyKind.Session, portal, "ann's"), HashedId.Of(Key, KeyKind.Session, null, erased));
        }
    }

    [Fact]
    public void Nobody_can_make_up_what_is_left_of_an_id()
    {
        var erased = HashedId.Erased(Key, KeyKind.Session, null, "bob's");
        var hash = HashedId.Of(Key, KeyKind.Session, null, "bob's");

        string[] made =
        [
            erased[..32], $"{erased[..32]}{new string('0', 16)}", erased.ToUpperInvariant(), $" {erased}", $"{erased} ",
            $"{erased[..47]}{(erased[47] == '0' ? '1' : '0')}", HashedId.Erased(RandomNumberGenerator.GetBytes(32), KeyKind.Session, null, "bob's"),
        ];
        Assert.All(made, text => Assert.NotEqual(hash, HashedId.Of(Key, KeyKind.Session, null, text)));
        Assert.Equal(KeyHash.Of(Key, KeyKind.Visitor, null, Encoding.UTF8.GetBytes(erased)), HashedId.Of(Key, KeyKind.Visitor, null, erased));
    }

    static string? Scrubbed(Guid? portal, string metadata) => new ScrubbedMetadata(Key, portal).Of(metadata);

    static string? Of(string metadata, string member) => JsonElement.Parse(metadata).GetProperty(member).GetString();
}
