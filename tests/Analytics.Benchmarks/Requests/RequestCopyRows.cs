using System.Buffers.Binary;
using Analytics.Storage;

namespace Analytics.Benchmarks.Requests;

/// <summary>The same API requests as the narrow rows that the service stores, for bare Postgres.</summary>
sealed class RequestCopyRows
{
    const string Sql = """
        copy requests (
            timestamp, latency, request_size, response_size, commit, workspace_id, person, endpoint, product, api_key, agent, status, has_route,
            id, method, path, route, address, request_id)
        from stdin (format binary)
        """;

    readonly CopyStream rows = new();
    readonly Utf8Text path = new();

    /// <summary>A batch of requests of just now.</summary>
    public static PreparedBatch Batch(TrafficLane lane, string key)
    {
        var now = Clock.Microseconds();
        var (request, rows, keys) = (new RequestsPost(lane, key), new RequestCopyRows(), new CopyKeys((short)KeyKind.Request));
        request.Start();
        for (var i = 0; i < PreparedBatch.Size; i++)
        {
            var sample = lane.Next(now - 1_000_000, now);
            request.Add(sample);
            rows.Add(sample);
            if (sample.RequestId is not null)
                keys.Add(sample.KeyHash, sample.Id);
        }

        return new(PreparedBatch.Size, request.Finish().Bytes.ToArray(), Sql, rows.rows.Finish(), keys.Finish());
    }

    void Add(in SampleRequest sample)
    {
        rows.StartRow(19);
        rows.Time(sample.Timestamp);
        rows.Int64(sample.Latency);
        rows.Int64(sample.RequestSize);
        rows.Int64(sample.ResponseSize);
        rows.Int64(1);
        rows.Int32(1);
        rows.Int32(sample.Customer + 1);
        rows.Int32(sample.Endpoint + 2);
        rows.Int32(sample.Product + 1);
        rows.Int32(sample.Customer + 1);
        rows.Int32(sample.Agent + 1);
        rows.Int16(sample.Status);
        rows.Boolean(false);
        rows.Uuid(sample.Id);
        AddTexts(sample);
    }

    void AddTexts(in SampleRequest sample)
    {
        rows.Bytes(Traffic.Methods[sample.Endpoint]);
        path.Clear();
        RequestsPost.AddPath(path, sample);
        rows.Bytes(path.Span);
        rows.Bytes([]);
        Span<byte> bytes = stackalloc byte[17];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, sample.Address);
        rows.Bytes(bytes[..3]);
        bytes[0] = 0;
        var hasId = sample.RequestId?.TryWriteBytes(bytes[1..], bigEndian: true, out _) ?? false;
        rows.Bytes(hasId ? bytes : []);
    }
}
