using System.Text;
using Analytics.Storage.Business;

namespace Analytics.Tests.Storage.Business;

/// <summary>What a cost is told apart by is one text, from which its parts come back.</summary>
public sealed class CostKeyTests
{
    static readonly string[] Words = ["", "a", "null", "null]", "]", ",", "\"", "\\", "[\"", "é", "💳", "a\"b,null]", "\u2028", " ", "\t"];

    [Fact]
    public void Its_parts_come_back_whatever_they_are()
    {
        var random = new Random(1);
        for (var round = 0; round < 3_000; round++)
        {
            string[] parts = [.. Enumerable.Range(0, CostKey.Parts).Select(_ => random.Next(3) == 0 ? "" : Words[random.Next(Words.Length)])];

            var text = Text(parts);

            Assert.Equal(parts.Select(part => part.Length == 0 ? null : part), CostKey.PartsOf(text));
            Assert.Equal(parts[(int)CostPart.Subscription].Length > 0, CostKey.NamesSubscription(text));
            parts[(int)CostPart.Subscription] = "";
            Assert.Equal(Text(parts), Encoding.UTF8.GetString(CostKey.WithoutSubscription(text).Span));
        }
    }

    static string Text(string[] parts) =>
        Encoding.UTF8.GetString(CostKey.Of([.. parts.Select(part => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(part))]).Span);
}
