using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Analytics.Storage.Business;

/// <summary>What costs and payments are told apart by, beside their customer.</summary>
enum CostPart
{
    Product,
    Vendor,
    Model,
    Category,
    Subscription,
}

/// <summary>
/// The product, vendor, model, category and subscription that a cost names, as one text: costs that name the same have the same number.
/// </summary>
static class CostKey
{
    public static readonly int Parts = Enum.GetValues<CostPart>().Length;

    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of some parts, which are UTF-8 and empty where nothing is named; empty when nothing is named at all.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var isNamed = false;
        foreach (var part in parts)
            isNamed |= !part.IsEmpty;
        if (!isNamed)
            return default;
        var text = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(text, Readable))
        {
            writer.WriteStartArray();
            foreach (var part in parts)
                if (part.IsEmpty)
                    writer.WriteNullValue();
                else
                    writer.WriteStringValue(part.Span);
            writer.WriteEndArray();
        }

        return text.WrittenMemory;
    }

    /// <summary>Whether a text names a subscription, which stands last in it.</summary>
    public static bool NamesSubscription(string text) => text.Length > 0 && !text.EndsWith("null]", StringComparison.Ordinal);

    /// <summary>The text without its subscription; the same text where it names none.</summary>
    public static ReadOnlyMemory<byte> WithoutSubscription(string text)
    {
        var parts = PartsOf(text);
        parts[(int)CostPart.Subscription] = null;
        return Of([.. parts.Select(part => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(part ?? ""))]);
    }

    /// <summary>The parts of a text, in the order of <see cref="CostPart"/>; null where nothing is named.</summary>
    public static string?[] PartsOf(string text)
    {
        if (text.Contains('\\', StringComparison.Ordinal))
            return JsonSerializer.Deserialize<string?[]>(text)!;
        // Without escapes, of which most have none, it is as quickly cut as it looks. Answers have thousands of them.
        var parts = new string?[Parts];
        var rest = text.Length == 0 ? default : text.AsSpan(1);
        for (var at = 0; at < parts.Length && !rest.IsEmpty; at++)
        {
            var end = rest[0] == '"' ? rest[1..].IndexOf('"') + 2 : "null".Length;
            parts[at] = rest[0] == '"' ? rest[1..(end - 1)].ToString() : null;
            rest = rest[(end + 1)..];
        }

        return parts;
    }
}
