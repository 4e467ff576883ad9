using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Analytics.Features.Erasure;

/// <summary>
/// What is left of an erased person's metadata: numbers and truth values, <c>_cost</c>, vendor and model of <c>_llm</c>, and the
/// ids that totals hang on. Every other text goes.
/// </summary>
static class ScrubbedMetadata
{
    static readonly HashSet<string> Structural =
        ["share_id", "payment_id", "invoice_id", "subscription_id", "product_id", "tool", "server", "agent"];
    static readonly HashSet<string> OfCost = ["amount", "currency"];
    static readonly HashSet<string> OfModel = ["vendor", "model"];
    static readonly HashSet<string> None = [];

    /// <summary>The scrubbed object, or null when there was nothing to take away.</summary>
    public static string? Of(string metadata)
    {
        using var document = JsonDocument.Parse(metadata);
        var buffer = new ArrayBufferWriter<byte>(metadata.Length);
        bool hasTaken;
        using (var writer = new Utf8JsonWriter(buffer))
            hasTaken = Write(writer, document.RootElement, Structural, isTop: true);
        return hasTaken ? Encoding.UTF8.GetString(buffer.WrittenSpan) : null;
    }

    /// <summary>Writes what may stay; true when something may not.</summary>
    static bool Write(Utf8JsonWriter writer, JsonElement element, HashSet<string> kept, bool isTop = false) => element.ValueKind switch
    {
        JsonValueKind.Object => WriteObject(writer, element, kept, isTop),
        JsonValueKind.Array => WriteArray(writer, element),
        _ => WriteRaw(writer, element),
    };

    static bool WriteObject(Utf8JsonWriter writer, JsonElement element, HashSet<string> kept, bool isTop)
    {
        var hasTaken = false;
        writer.WriteStartObject();
        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String && !kept.Contains(member.Name))
            {
                hasTaken = true;
                if (HidesNested(element, member.Name))
                    writer.WriteNull(member.Name);
                continue;
            }
            writer.WritePropertyName(member.Name);
            hasTaken |= Write(writer, member.Value, isTop ? KeptIn(member.Name) : None);
        }
        writer.WriteEndObject();
        return hasTaken;
    }

    // A dotted path means the literal key first: without "a.b" a number in a would begin to count.
    static bool HidesNested(JsonElement element, string name) => name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot
        && element.TryGetProperty(name.AsSpan(0, dot), out var step) && step.ValueKind == JsonValueKind.Object;

    static bool WriteArray(Utf8JsonWriter writer, JsonElement element)
    {
        var hasTaken = false;
        writer.WriteStartArray();
        foreach (var item in element.EnumerateArray())
            hasTaken |= item.ValueKind == JsonValueKind.String || Write(writer, item, None);
        writer.WriteEndArray();
        return hasTaken;
    }

    static bool WriteRaw(Utf8JsonWriter writer, JsonElement element)
    {
        writer.WriteRawValue(element.GetRawText());
        return false;
    }

    static HashSet<string> KeptIn(string member) => member switch
    {
        "_cost" => OfCost,
        "_llm" => OfModel,
        _ => None,
    };
}
