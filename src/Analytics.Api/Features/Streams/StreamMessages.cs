using System.Text.Json;
using Analytics.Feed;
using Analytics.Http;
using Analytics.Reading;

namespace Analytics.Features.Streams;

/// <summary>The data of a message of the user's and the workspace's stream.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Key">The event's name.</param>
/// <param name="WorkspaceId">The workspace it happened in.</param>
/// <param name="Payload">The event as <c>GET /api/events/{id}</c> shows it.</param>
public sealed record StreamMessage(Guid Id, string Key, Guid WorkspaceId, Event Payload);

/// <summary>The data of a notice to a user, sent as <c>event: notice</c>.</summary>
/// <param name="Type">membership.added, membership.changed or membership.removed.</param>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="Role">The user's role there now.</param>
sealed record StreamNotice(string Type, Guid WorkspaceId, string? Role)
{
    /// <summary>The message as it is sent; the id says where the stream is.</summary>
    public byte[] Text(byte[] idLine) =>
        [.. "event: notice\n"u8, .. idLine, .. "data: "u8, .. JsonSerializer.SerializeToUtf8Bytes(this, Json.Snake), .. "\n\n"u8];
}

/// <summary>How the user's and the workspace's stream show events.</summary>
sealed class EventMessages() : MessageShape(Track.Events)
{
    public static readonly EventMessages Shape = new();

    protected override void Write(Utf8JsonWriter json, FeedRecord record)
    {
        var shown = ((FeedEvent)record).Shown;
        JsonSerializer.Serialize(json, new StreamMessage(shown.Id, shown.Name, shown.WorkspaceId, shown), Json.Snake);
    }
}

/// <summary>How the event log's stream shows facts: its bare records.</summary>
sealed class LogMessages() : MessageShape(Track.Log)
{
    public static readonly LogMessages Shape = new();

    protected override void Write(Utf8JsonWriter json, FeedRecord record) => JsonSerializer.Serialize(json, record.Logged, Json.Camel);
}
