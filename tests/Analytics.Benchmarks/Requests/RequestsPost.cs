using System.Buffers.Text;

namespace Analytics.Benchmarks.Requests;

/// <summary>Writes API requests of a lane as <c>POST /api/requests/ingest</c>.</summary>
sealed class RequestsPost(TrafficLane lane, string key)
{
    const int UuidLength = 36;
    readonly JsonPost post = new("/api/requests/ingest", key);
    int requests;

    Utf8Text Body => post.Body;

    public void Start()
    {
        post.Start();
        requests = 0;
        Body.Add("{\"requests\":["u8);
    }

    public void Add(in SampleRequest sample)
    {
        Body.Add(requests++ == 0 ? "{\"method\":\""u8 : ",{\"method\":\""u8);
        Body.Add(Traffic.Methods[sample.Endpoint]);
        Body.Add("\",\"path\":\""u8);
        AddPath(Body, sample);
        Body.Add("\",\"statusCode\":"u8);
        Body.Number(sample.Status);
        Body.Add(",\"latencyMs\":"u8);
        Body.Number(sample.Latency / 1_000);
        Body.Add("."u8);
        Body.Digits(sample.Latency % 1_000, 3);
        Body.Add(",\"timestamp\":\""u8);
        Body.Time(sample.Timestamp);
        AddNames(sample);
        Body.Add("\",\"requestSize\":"u8);
        Body.Number(sample.RequestSize);
        Body.Add(",\"responseSize\":"u8);
        Body.Number(sample.ResponseSize);
        if (sample.RequestId is { } id)
        {
            Body.Add(",\"requestId\":\""u8);
            Utf8Formatter.TryFormat(id, Body.Reserve(UuidLength), out _);
            Body.Add("\""u8);
        }

        Body.Add("}"u8);
    }

    public WireRequest Finish()
    {
        Body.Add("]}"u8);
        return new(post.Finish(), requests);
    }

    /// <summary>A whole batch of the lane, spread over the interval.</summary>
    public WireRequest Batch(int size, long from, long to)
    {
        Start();
        for (var i = 0; i < size; i++)
            Add(lane.Next(from, to));
        return Finish();
    }

    public static void AddPath(Utf8Text text, in SampleRequest sample)
    {
        text.Add(Traffic.Paths[sample.Endpoint]);
        text.Digits(sample.Thing, Traffic.IdDigits);
    }

    void AddNames(in SampleRequest sample)
    {
        Body.Add("\",\"customerId\":\"cust-"u8);
        Body.Digits(sample.Customer, 6);
        Body.Add("\",\"apiKeyId\":\"key-"u8);
        Body.Digits(sample.Customer, 6);
        Body.Add("\",\"productId\":\""u8);
        Body.Add(Traffic.Products[sample.Product]);
        Body.Add("\",\"userAgent\":\""u8);
        Body.Add(Traffic.Agents[sample.Agent]);
        Body.Add("\",\"ip\":\""u8);
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            Body.Number((sample.Address >> shift) & 0xFF);
            if (shift > 0)
                Body.Add("."u8);
        }
    }
}
