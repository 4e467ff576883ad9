using System.Text.Json.Serialization;
using Analytics.Http.OpenApi;

namespace Analytics.Features.Ingestion;

/// <summary>Views of an app to ingest.</summary>
/// <param name="Views">Up to 10 000.</param>
/// <remarks>For the OpenAPI document only, as the other bodies here: they are read by a parser of their own.</remarks>
public sealed record ViewsBody([property: Shown(Longest = FactList.MaxFacts)] IReadOnlyList<IngestedView> Views)
{
    public const string Example =
        """{"views":[{"viewerId":"user-17","timestamp":"2026-03-11T09:30:00Z","externalId":"view-4711"}]}""";
}

/// <summary>A view.</summary>
/// <param name="ViewerId">The product's own id of who viewed. Without it the view counts, but no viewer. Only a keyed hash is kept.</param>
/// <param name="Timestamp">RFC 3339 with an offset, from 2000 to five minutes from now; now by default.</param>
/// <param name="ExternalId">The deduplication key: a view with one that was sent before counts once.</param>
public sealed record IngestedView(
    [property: Shown(Longest = FactRules.LongestId)] string? ViewerId,
    DateTimeOffset? Timestamp,
    [property: Shown(Longest = FactRules.LongestId)] string? ExternalId);

/// <summary>Invocations of an app's server routes to ingest.</summary>
/// <param name="Invocations">Up to 10 000.</param>
public sealed record InvocationsBody([property: Shown(Longest = FactList.MaxFacts)] IReadOnlyList<IngestedInvocation> Invocations)
{
    public const string Example = """
        {"invocations":[{"method":"GET","path":"/api/datasets/123/search","username":"john.doe","startedAt":"2026-03-11T09:30:00Z",
        "durationMs":245,"statusCode":200,"memoryPeakBytes":52428800,"externalId":"invocation-4711"}]}
        """;
}

/// <summary>An invocation.</summary>
/// <param name="Method">Letters, digits, <c>-</c> and <c>_</c>; kept in capitals.</param>
/// <param name="Path">The path, as it was called.</param>
/// <param name="Username">Who called; null for nobody.</param>
/// <param name="StartedAt">RFC 3339 with an offset, from 2000 to five minutes from now.</param>
/// <param name="DurationMs">How long the handler took; digits finer than a microsecond are cut off.</param>
/// <param name="StatusCode">What was answered, an integer from 100 to 599.</param>
/// <param name="MemoryPeakBytes">The most memory that it had.</param>
/// <param name="Error">What went wrong. With it, or with a status of 500 and more, the invocation failed. Cut at 2 048 characters.</param>
/// <param name="ExternalId">The deduplication key: an invocation with one that was sent before counts once.</param>
public sealed record IngestedInvocation(
    [property: Shown(Longest = RequestRules.LongestMethod)] string Method,
    [property: Shown(Longest = InvocationRules.LongestPath)] string Path,
    [property: JsonRequired, Shown(Longest = FactRules.LongestId)] string? Username,
    DateTimeOffset StartedAt,
    [property: Shown(Least = 0)] double DurationMs,
    int StatusCode,
    [property: Shown(Least = 0)] long MemoryPeakBytes,
    string? Error,
    [property: Shown(Longest = FactRules.LongestId)] string? ExternalId);

/// <summary>Devices that use an app to ingest.</summary>
/// <param name="Devices">Up to 10 000.</param>
public sealed record DevicesBody([property: Shown(Longest = FactList.MaxFacts)] IReadOnlyList<IngestedDevice> Devices)
{
    public const string Example = """{"devices":[{"deviceId":"7C2F3A90-6B1D","timestamp":"2026-03-11T09:30:00Z"}]}""";
}

/// <summary>A device that used the app: however often it is sent, it is one.</summary>
/// <param name="DeviceId">Its id, upper and lower case alike. Only a keyed hash is kept.</param>
/// <param name="Timestamp">RFC 3339 with an offset, from 2000 to five minutes from now; now by default.</param>
public sealed record IngestedDevice([property: Shown(Longest = FactRules.LongestId)] string DeviceId, DateTimeOffset? Timestamp);

/// <summary>Downloads of an app's bundles to ingest.</summary>
/// <param name="Downloads">Up to 10 000.</param>
public sealed record DownloadsBody([property: Shown(Longest = FactList.MaxFacts)] IReadOnlyList<IngestedDownload> Downloads)
{
    public const string Example = """
        {"downloads":[{"bytes":1048576,"deviceId":"7C2F3A90-6B1D","timestamp":"2026-03-11T09:30:00Z","externalId":"download-4711"}]}
        """;
}

/// <summary>A download.</summary>
/// <param name="Bytes">How many were transferred.</param>
/// <param name="DeviceId">The device that downloaded. It does not count as one that used the app.</param>
/// <param name="Timestamp">RFC 3339 with an offset, from 2000 to five minutes from now; now by default.</param>
/// <param name="ExternalId">The deduplication key: a download with one that was sent before counts once.</param>
public sealed record IngestedDownload(
    [property: Shown(Least = 0)] long Bytes,
    [property: Shown(Longest = FactRules.LongestId)] string? DeviceId,
    DateTimeOffset? Timestamp,
    [property: Shown(Longest = FactRules.LongestId)] string? ExternalId);

/// <summary>Changes of what an app stores to ingest.</summary>
/// <param name="Changes">Up to 10 000.</param>
public sealed record StorageBody([property: Shown(Longest = FactList.MaxFacts)] IReadOnlyList<IngestedChange> Changes)
{
    public const string Example =
        """{"changes":[{"bytes":-524288,"timestamp":"2026-03-11T09:30:00Z","externalId":"change-4711"}]}""";
}

/// <summary>A change of what is stored.</summary>
/// <param name="Bytes">How much more, or less where it is negative.</param>
/// <param name="Timestamp">RFC 3339 with an offset, from 2000 to five minutes from now; now by default.</param>
/// <param name="ExternalId">The deduplication key: a change with one that was sent before counts once.</param>
public sealed record IngestedChange(
    long Bytes, DateTimeOffset? Timestamp, [property: Shown(Longest = FactRules.LongestId)] string? ExternalId);
