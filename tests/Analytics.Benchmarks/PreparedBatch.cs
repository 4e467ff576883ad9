namespace Analytics.Benchmarks;

/// <summary>A thousand events, ready to be sent: as a request to the service and as COPY streams to bare Postgres.</summary>
public sealed record PreparedBatch(byte[] Request, byte[] Rows, byte[] Keys, int Events)
{
    /// <summary>A batch of 1 000 events of just now.</summary>
    public static PreparedBatch Make(Lane lane, string key)
    {
        const int Size = 1_000;
        var now = Clock.Microseconds();
        var request = new IngestRequest(lane, key);
        var rows = new CopyRows();
        lane.StartBatch();
        for (var i = 0; i < Size; i++)
        {
            var sample = lane.Next(now - 1_000_000, now);
            request.Add(sample);
            rows.Add(lane, sample, request.Metadata, now);
        }

        var (events, keys) = rows.Finish();
        return new(request.Finish().Bytes.ToArray(), events, keys, Size);
    }
}
