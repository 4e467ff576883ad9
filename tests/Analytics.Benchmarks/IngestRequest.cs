using System.Text;

namespace Analytics.Benchmarks;

/// <summary>A request as it goes over the wire, and how many events it holds.</summary>
public readonly record struct WireRequest(ReadOnlyMemory<byte> Bytes, int Events);

/// <summary>Writes events of a lane as <c>POST /api/events/ingest</c>, headers included, into one buffer used again and again.</summary>
public sealed class IngestRequest
{
    static readonly byte[][] Regions = Utf8("eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-south-1");
    static readonly byte[][] Plans = Utf8("free", "team", "business", "enterprise");

    readonly Lane lane;
    readonly JsonPost post;
    readonly byte[][] names;
    readonly byte[][] fields;
    readonly Utf8Text text;
    readonly Utf8Text metadata = new();
    int events;

    public IngestRequest(Lane lane, string key)
    {
        this.lane = lane;
        post = new JsonPost("/api/events/ingest", key);
        text = post.Body;
        names = Utf8(lane.Profile.EventNames);
        fields = Utf8([.. lane.Profile.NumericFields.Select(field => $",\"{field}\":")]);
        Start();
    }

    /// <summary>The metadata of the event added last.</summary>
    public ReadOnlySpan<byte> Metadata => metadata.Span;

    public void Start()
    {
        post.Start();
        text.Add("{\"events\":["u8);
        events = 0;
    }

    public void Add(SampleEvent sample)
    {
        text.Add(events++ == 0 ? "{\"name\":\""u8 : ",{\"name\":\""u8);
        text.Add(names[sample.Name]);
        text.Add("\",\"timestamp\":\""u8);
        text.Time(sample.Timestamp);
        text.Add("\",\"external_customer_id\":\"cust-"u8);
        text.Digits(sample.Customer, 6);
        text.Add("\",\"external_id\":\""u8);
        AddExternalId(sample.Index);
        if (sample.ParentIndex != SampleEvent.NoParent)
        {
            text.Add("\",\"parent_id\":\""u8);
            AddExternalId(sample.ParentIndex);
        }

        WriteMetadata(sample);
        text.Add("\",\"metadata\":"u8);
        text.Add(metadata.Span);
        text.Add("}"u8);
    }

    /// <summary>A whole batch of the lane, spread over the interval.</summary>
    public WireRequest Batch(int size, long from, long to)
    {
        Start();
        lane.StartBatch();
        for (var i = 0; i < size; i++)
            Add(lane.Next(from, to));
        return Finish();
    }

    /// <summary>The request, valid until the next <see cref="Start"/>.</summary>
    public WireRequest Finish()
    {
        text.Add("]}"u8);
        return new(post.Finish(), events);
    }

    static byte[][] Utf8(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    void AddExternalId(long index)
    {
        var (high, low) = lane.ExternalId(index);
        text.Hex(high);
        text.Hex(low);
    }

    void WriteMetadata(SampleEvent sample)
    {
        metadata.Clear();
        metadata.Add("{\"_cost\":{\"amount\":"u8);
        metadata.Number(sample.Cost / 1_000_000);
        metadata.Add("."u8);
        metadata.Digits(sample.Cost % 1_000_000, 6);
        metadata.Add(",\"currency\":\"usd\"}"u8);
        for (var field = 0; field < fields.Length; field++)
        {
            metadata.Add(fields[field]);
            metadata.Number((long)((sample.Numbers >> (field * 20)) & 0xF_FFFF) >> (field * 3));
        }

        metadata.Add(",\"region\":\""u8);
        metadata.Add(Regions[(int)(sample.Numbers % (ulong)Regions.Length)]);
        metadata.Add("\",\"plan\":\""u8);
        metadata.Add(Plans[(int)(sample.Numbers % (ulong)Plans.Length)]);
        metadata.Add("\",\"session\":\"s_"u8);
        metadata.Hex(Randomness.Mix(sample.Numbers));
        metadata.Add("\"}"u8);
    }
}
