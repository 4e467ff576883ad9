using System.Net;
using System.Text.Json;
using Analytics.Client.Delivery;

namespace Analytics.Client.Requests;

/// <summary>A request that is over, as it is sent.</summary>
sealed class RequestFact : Fact
{
    const int Fixed = 500;
    readonly long number = FactIds.NextNumber();

    public required string Method { get; init; }
    public required string Path { get; init; }
    public required string? Route { get; init; }
    public required int StatusCode { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public required TimeSpan Latency { get; init; }
    public required long RequestSize { get; init; }
    public required long ResponseSize { get; init; }
    public string? CustomerId { get; init; }
    public string? ProductId { get; init; }
    public string? ApiKeyId { get; init; }
    public string? UserAgent { get; init; }
    public IPAddress? Ip { get; init; }

    public override int Bytes => Fixed + BytesOf(Path) + BytesOf(Route) + BytesOf(UserAgent) + BytesOf(CustomerId) + BytesOf(ProductId)
        + BytesOf(ApiKeyId);

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("requestId", FactIds.Text(number));
        json.WriteString("method", Method);
        json.WriteString("path", Path);
        WriteIfThere(json, "route", Route);
        json.WriteNumber("statusCode", StatusCode);
        // Whole microseconds: no more is kept.
        json.WriteNumber("latencyMs", (decimal)(Latency.Ticks / TimeSpan.TicksPerMicrosecond) / 1_000);
        WriteIfThere(json, "customerId", CustomerId);
        WriteIfThere(json, "productId", ProductId);
        WriteIfThere(json, "apiKeyId", ApiKeyId);
        json.WriteNumber("requestSize", RequestSize);
        json.WriteNumber("responseSize", ResponseSize);
        WriteIfThere(json, "userAgent", UserAgent);
        WriteIfThere(json, "ip", Ip?.ToString());
        json.WriteString("timestamp", Timestamp);
        json.WriteEndObject();
    }

    static void WriteIfThere(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            json.WriteString(name, value);
    }
}
