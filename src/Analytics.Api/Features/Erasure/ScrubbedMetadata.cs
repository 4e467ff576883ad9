using System.Buffers;
using System.Text;
using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;

namespace Analytics.Features.Erasure;

/// <summary>
/// What is left of an erased person's metadata: numbers and truth values, <c>_cost</c>, vendor and model of <c>_llm</c>, severity and
/// category of <c>_log</c>, the ids that totals hang on, and the hashes of a session's and a visitor's. Every other text goes.
/// </summary>
/// <param name="workspaceKey">The workspace's secret.</param>
/// <param name="portal">The customer whose portal key sent the event, or null.</param>
sealed class ScrubbedMetadata(byte[] workspaceKey, Guid? portal)
{
    static readonly HashSet<string> None = [];

    /// <summary>The scrubbed object, or null when there was nothing to take away.</summary>
    public string? Of(string metadata)
    {
        using var document = JsonDocument.Parse(metadata);
        var buffer = new ArrayBufferWriter<byte>(metadata.Length);
        bool hasTaken;
        using (var writer = new Utf8JsonWriter(buffer))
            hasTaken = WriteAll(writer, document.RootElement);
        return hasTaken ? Encoding.UTF8.GetString(buffer.WrittenSpan) : null;
    }

    /// <summary>Writes what may stay; true when something may not.</summary>
    bool WriteAll(Utf8JsonWriter writer, JsonElement metadata)
    {
        var hasTaken = false;
        writer.WriteStartObject();
        foreach (var member in metadata.EnumerateObject())
            hasTaken |= (member.Name, member.Value.ValueKind) switch
            {
                ("session_id", JsonValueKind.String) => WriteHashed(writer, member, KeyKind.Session),
                ("visitor_id", JsonValueKind.String) => WriteHashed(writer, member, KeyKind.Visitor),
                ("_log", JsonValueKind.Object) => WriteLog(writer, member.Value),
                _ => WriteMember(writer, metadata, member, StayingTexts.Structural, KeptIn(member.Name)),
            };
        writer.WriteEndObject();
        return hasTaken;
    }

    bool WriteHashed(Utf8JsonWriter writer, JsonProperty member, KeyKind kind)
    {
        var id = member.Value.GetString()!;
        var erased = id.Length == 0 ? id : HashedId.Erased(workspaceKey, kind, portal, id);
        writer.WriteString(member.Name, erased);
        return erased != id;
    }

    // The other members say who it was and about whom, as numbers too.
    static bool WriteLog(Utf8JsonWriter writer, JsonElement log)
    {
        var hasTaken = false;
        writer.WriteStartObject("_log");
        foreach (var member in log.EnumerateObject())
            if (IsWordOfLog(member))
                member.WriteTo(writer);
            else
                hasTaken = true;
        writer.WriteEndObject();
        return hasTaken;
    }

    static bool IsWordOfLog(JsonProperty member) => member.Value.ValueKind == JsonValueKind.String && member.Name switch
    {
        "severity" => LogWords.Of(member.Value.GetString(), null).Severity is not null,
        "category" => LogWords.Of(null, member.Value.GetString()).Category is not null,
        _ => false,
    };

    static bool WriteMember(
        Utf8JsonWriter writer, JsonElement element, JsonProperty member, HashSet<string> kept, HashSet<string> keptBelow)
    {
        if (member.Value.ValueKind == JsonValueKind.String && !kept.Contains(member.Name))
        {
            if (HidesNested(element, member.Name))
                writer.WriteNull(member.Name);
            return true;
        }
        writer.WritePropertyName(member.Name);
        return Write(writer, member.Value, keptBelow);
    }

    static bool Write(Utf8JsonWriter writer, JsonElement element, HashSet<string> kept)
    {
        var hasTaken = false;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                    hasTaken |= WriteMember(writer, element, member, kept, None);
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    hasTaken |= item.ValueKind == JsonValueKind.String || Write(writer, item, None);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(element.GetRawText());
                break;
        }
        return hasTaken;
    }

    // A dotted path means the literal key first: without "a.b" a number in a would begin to count.
    static bool HidesNested(JsonElement element, string name) => name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot
        && element.TryGetProperty(name.AsSpan(0, dot), out var step) && step.ValueKind == JsonValueKind.Object;

    static HashSet<string> KeptIn(string member) => member switch
    {
        "_cost" => StayingTexts.OfCost,
        "_llm" => StayingTexts.OfModel,
        _ => None,
    };
}
