using System.Text;
using Analytics.Sketches;
using Analytics.Storage;

namespace Analytics.Tests.Storage;

public sealed class MetadataPathTests
{
    [Theory]
    [InlineData("""{"a":{"b":{"c":1}}}""", "a.b.c", "1")]
    [InlineData("""{"a.b.c":1,"a":{"b.c":2}}""", "a.b.c", "1")]
    [InlineData("""{"a":{"b.c":2,"b":{"c":3}}}""", "a.b.c", "2")]
    [InlineData("""{"a":{"b":{"c":3}},"a.b.c":4}""", "a.b.c", "4")]
    [InlineData("""{"a":1,"a":2}""", "a", "2")]
    [InlineData("""{"a":{"b":1},"a":{"b":2}}""", "a.b", "2")]
    [InlineData("""{"caf\u00e9":{"x":[1,{"y":2}],"z":5}}""", "café.z", "5")]
    [InlineData("""{"_cost":{"amount":" 1","x":0},"n":-1.50e1}""", "n", "-15")]
    [InlineData("""{"_cost":{"amount":"0.000000000001"}}""", "_cost.amount", "0.000000000001")]
    [InlineData("""{"_llm":{"input_tokens":2,"output_tokens":3}}""", "_llm.total_tokens", "5")]
    [InlineData("""{"_llm":{"input_tokens":2,"output_tokens":3,"total_tokens":9}}""", "_llm.total_tokens", "9")]
    public void A_number_is_found_by_its_literal_key_then_by_nesting(string metadata, string path, string expected)
    {
        Assert.True(MetadataPath.TryReadNumber(Encoding.UTF8.GetBytes(metadata), path, out var units));
        Assert.Equal(expected, DecimalUnits.Format(units));
    }

    [Theory]
    [InlineData("""{"a":"1"}""", "a")]
    [InlineData("""{"a":true,"b":null}""", "a")]
    [InlineData("""{"a":true,"b":null}""", "b")]
    [InlineData("""{"a":{"b":1}}""", "a")]
    [InlineData("""{"a":[1]}""", "a.0")]
    [InlineData("""{"a.b":null,"a":{"b":1}}""", "a.b")]
    [InlineData("""{"a":{"b":1},"a":5}""", "a.b")]
    [InlineData("""{"a":1e16}""", "a")]
    [InlineData("""{"a":0.0000000000001}""", "a")]
    [InlineData("""{"_llm":{"input_tokens":2}}""", "_llm.total_tokens")]
    [InlineData("{}", "a")]
    public void What_is_no_number_there_is_ignored(string metadata, string path) =>
        Assert.False(MetadataPath.TryReadNumber(Encoding.UTF8.GetBytes(metadata), path, out _));

    [Theory]
    [InlineData("""{"a":{"b":"gr\u00fcn \"x\""}}""", "a.b", "grün \"x\"")]
    [InlineData("""{"a":1.50}""", "a", "1.50")]
    [InlineData("""{"a":false}""", "a", "false")]
    [InlineData("""{"a":null}""", "a", null)]
    [InlineData("""{"a":{}}""", "a", null)]
    public void A_text_is_a_string_or_the_text_of_a_number_or_boolean(string metadata, string path, string? expected)
    {
        MetadataPath.TryReadText(Encoding.UTF8.GetBytes(metadata), path, out var text);
        Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("_cost.amount", true)]
    [InlineData("a-b.c_d.9", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("a'", false)]
    public void A_field_is_letters_digits_and_a_few_signs(string path, bool isField) =>
        Assert.Equal(isField, MetadataPath.IsFieldName(path));

    [Fact]
    public void The_expression_holds_no_text_of_the_path() =>
        Assert.Equal(
            "coalesce(m -> ($1)[3], m -> ($1)[1] -> ($1)[4], m -> ($1)[1] -> ($1)[2] -> ($1)[5])",
            new MetadataPath("a'.b;.c").Jsonb("m", "$1"));
}
