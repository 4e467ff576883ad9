using System.Text.Json;

namespace Analytics.Client.Delivery;

/// <summary>An event as it is sent. <paramref name="metadata"/> is JSON already: the host may change its objects while it waits.</summary>
sealed class EventFact(string name, string? customerId, string id, string? parentId, DateTimeOffset timestamp, byte[]? metadata) : Fact
{
    const int Fixed = 200;

    public override int Bytes { get; } =
        Fixed + BytesOf(name) + BytesOf(customerId) + BytesOf(id) + BytesOf(parentId) + (metadata?.Length ?? 0);

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("external_id", id);
        json.WriteString("timestamp", timestamp);
        if (customerId is not null)
            json.WriteString("external_customer_id", customerId);
        if (parentId is not null)
            json.WriteString("parent_id", parentId);
        if (metadata is not null)
        {
            json.WritePropertyName("metadata");
            json.WriteRawValue(metadata, skipInputValidation: true);
        }

        json.WriteEndObject();
    }
}
