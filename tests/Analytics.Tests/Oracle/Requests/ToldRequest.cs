using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>An API request as a client tells it; the latency is in microseconds.</summary>
sealed record ToldRequest(string Method, string Path, int Status, long Latency, Instant At)
{
    static readonly OffsetDateTimePattern Rfc3339 = OffsetDateTimePattern.CreateWithInvariantCulture(
        "uuuu'-'MM'-'dd'T'HH':'mm':'ss.ffffffo<Z+HH:mm>");

    public string? Id { get; init; }
    public string? Route { get; init; }

    /// <summary>The customer's external id.</summary>
    public string? Customer { get; init; }

    public string? Product { get; init; }
    public string? ApiKey { get; init; }
    public long RequestSize { get; init; }
    public long ResponseSize { get; init; }
    public string? UserAgent { get; init; }

    /// <summary>The address as it is kept.</summary>
    public string? Ip { get; init; }

    /// <summary>What the client calls the path and the address, where that is more than what is kept.</summary>
    public string? SentPath { get; init; }
    public string? SentIp { get; init; }

    /// <summary>The customer whose portal key tells it.</summary>
    public Guid? Portal { get; init; }

    /// <summary>Whether its customer was erased: of texts only the method, the endpoint and the product stay.</summary>
    public bool IsErased { get; init; }

    /// <summary>Informational answers (1xx) are counted, and that is all.</summary>
    public bool IsMeasured => Status >= 200;

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["method"] = Method,
            ["path"] = SentPath ?? Path,
            ["statusCode"] = Status,
            ["latencyMs"] = (decimal)Latency / 1000,
            ["timestamp"] = Time(),
        };
        if (RequestSize != 0)
            json["requestSize"] = RequestSize;
        if (ResponseSize != 0)
            json["responseSize"] = ResponseSize;
        Add("requestId", Id);
        Add("route", Route);
        Add("customerId", Customer);
        Add("productId", Product);
        Add("apiKeyId", ApiKey);
        Add("userAgent", UserAgent);
        Add("ip", SentIp ?? Ip);
        return json;

        void Add(string member, string? value)
        {
            if (value is not null)
                json[member] = value;
        }
    }

    // Whole milliseconds of even seconds as a number, others as text with one offset or another.
    JsonNode Time()
    {
        var ticks = At.ToUnixTimeTicks();
        if (ticks % 20_000_000 < 10_000_000 && ticks % 10_000 == 0)
            return At.ToUnixTimeMilliseconds();
        var zone = (int)(ticks / 10 % 3);
        return Rfc3339.Format(At.WithOffset(Offset.FromHoursAndMinutes(zone * 5, zone * 15)));
    }
}

/// <summary>What an event told before cost somebody, or nobody.</summary>
sealed record ToldCost(Instant At, System.Numerics.BigInteger Units, Guid? CustomerId, string? ExternalCustomerId);

/// <summary>A request as reads see it: under which endpoint it counts, and what its customer is called.</summary>
sealed record SeenRequest(ToldRequest Told, string Endpoint, string Customer)
{
    public Instant At => Told.At;
}
