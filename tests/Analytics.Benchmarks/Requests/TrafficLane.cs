using Analytics.Storage;

namespace Analytics.Benchmarks.Requests;

/// <summary>One API request, before it is written as JSON for the service or as a row for bare Postgres.</summary>
readonly struct SampleRequest
{
    public Guid Id { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    public long Timestamp { get; init; }
    public int Endpoint { get; init; }

    /// <summary>The id in the path.</summary>
    public long Thing { get; init; }
    public int Customer { get; init; }
    public int Product { get; init; }
    public int Agent { get; init; }

    /// <summary>The four bytes of an IPv4 address.</summary>
    public uint Address { get; init; }
    public short Status { get; init; }

    /// <summary>Microseconds.</summary>
    public long Latency { get; init; }
    public long RequestSize { get; init; }
    public long ResponseSize { get; init; }
    public Guid? RequestId { get; init; }

    /// <summary>What the hash of the requestId looks like: random, shaped as a UUIDv8.</summary>
    public UInt128 KeyHash { get; init; }
}

/// <summary>The endless, reproducible stream of API requests one connection sends.</summary>
sealed class TrafficLane(ulong seed, int number, bool withIds)
{
    const double Outliers = 0.01;
    static readonly short[] Good = [200, 200, 200, 200, 200, 200, 201, 204, 304];
    static readonly short[] Bad = [400, 401, 403, 404, 404, 404, 409, 422, 429];
    static readonly short[] Broken = [500, 500, 502, 503];

    readonly Randomness random = new(Randomness.Mix(seed * 1_000 + (ulong)number));
    readonly long now = Clock.Microseconds();

    /// <summary>The next request, at some moment of the interval (microseconds since 1970).</summary>
    public SampleRequest Next(long from, long to)
    {
        var timestamp = from + (long)(random.Fraction() * (to - from));
        var endpoint = random.Ranked(Traffic.Endpoints);
        var customer = random.Fraction() < Traffic.BusyShare
            ? random.Below(Traffic.Busy)
            : Traffic.Busy + random.Ranked(Traffic.Customers - Traffic.Busy);
        var (id, key) = withIds ? Ids() : default;
        return new SampleRequest
        {
            Id = EventId.New(timestamp),
            Timestamp = timestamp,
            Endpoint = endpoint,
            Thing = (long)(random.Fraction() * 1e14),
            Customer = customer,
            Product = random.Below(Traffic.Products.Length),
            Agent = random.Ranked(Traffic.Agents.Length),
            Address = (uint)Randomness.Mix((ulong)(customer * 10 + random.Below(10))),
            Status = Status(),
            Latency = Latency(Traffic.MedianOf(endpoint, timestamp, now)),
            RequestSize = (long)random.Skewed(1, 20_000),
            ResponseSize = (long)random.Skewed(100, 1_000_000),
            RequestId = id,
            KeyHash = key,
        };
    }

    short Status() => random.Fraction() switch
    {
        < 0.001 => Traffic.RareStatus,
        < 0.010 => Broken[random.Below(Broken.Length)],
        < 0.070 => Bad[random.Below(Bad.Length)],
        _ => Good[random.Below(Good.Length)],
    };

    // About one in 100 takes longer than a second, up to half a minute.
    long Latency(double median) =>
        (long)(random.Fraction() < Outliers ? random.Skewed(1e6, 3e7) : Math.Min(random.LogNormal(median, 0.7), 6e7));

    (Guid? Id, UInt128 KeyHash) Ids()
    {
        var (high, low) = (random.Next(), random.Next());
        return (Uuid(high, low, version: 4).ToUuid(), Uuid(Randomness.Mix(high), Randomness.Mix(low), version: 8));
    }

    static UInt128 Uuid(ulong high, ulong low, ulong version) =>
        new((high & ~0xF000UL) | (version << 12), (low & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000);
}
