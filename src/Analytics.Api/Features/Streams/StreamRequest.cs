using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Streams;

/// <summary>What to stream, and from where on.</summary>
public sealed record StreamRequest
{
    /// <summary>Only events of exactly these names, with commas between them.</summary>
    public string?[] Names { get; init; } = [];

    /// <summary>The id of the last message received: what was missed since comes first. The header Last-Event-ID wins.</summary>
    [FromQuery(Name = "last_event_id")]
    public string? LastEventId { get; init; }

    internal HashSet<string>? Wanted =>
        Names.SelectMany(names => names?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [])
            .ToHashSet(StringComparer.Ordinal) is { Count: > 0 } wanted ? wanted : null;

    // A client that comes back sends the header by itself, while its address still says where it once started.
    internal string? CursorOf(HttpRequest request) =>
        request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header
        : LastEventId is { Length: > 0 } given ? given : null;
}

/// <summary>A token for <c>?access_token=</c>.</summary>
/// <param name="Token">Has the rights of the key it was made with, for opening streams only.</param>
/// <param name="ExpiresAt">Until then a stream can be opened with it; the stream lives as long as the key.</param>
public sealed record StreamToken(string Token, DateTimeOffset ExpiresAt);
