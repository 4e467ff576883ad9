using System.Text.Json;

namespace Analytics.Client.Delivery;

/// <summary>One thing to tell. It carries its id from the beginning, so however often it is sent it counts once.</summary>
abstract class Fact
{
    /// <summary>What it takes of the buffer; never less than it takes of a body.</summary>
    public abstract int Bytes { get; }

    public abstract void Write(Utf8JsonWriter json);

    protected static int BytesOf(string? text) => text is null ? 0 : 24 + (2 * text.Length);
}

/// <summary>Where facts of a kind go, and what their list is called there.</summary>
sealed record FactKind(string Name, string Path)
{
    public static readonly FactKind Requests = new("requests", "api/requests/ingest");

    public static readonly FactKind Events = new("events", "api/events/ingest");
}
