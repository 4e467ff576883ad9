using Analytics.Storage;

namespace Analytics.Benchmarks;

/// <summary>
/// A thousand facts, ready to be sent: as a request to the service, and to bare Postgres as COPY streams of rows and of keys, where
/// the facts have any.
/// </summary>
/// <param name="Events">How many they are.</param>
/// <param name="Request">The HTTP request.</param>
/// <param name="CopySql">The COPY command of the rows.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Keys">The deduplication keys.</param>
public sealed record PreparedBatch(int Events, byte[] Request, string CopySql, byte[] Rows, byte[]? Keys)
{
    public const int Size = 1_000;

    /// <summary>A batch of events of just now.</summary>
    public static PreparedBatch Make(Lane lane, string key)
    {
        var now = Clock.Microseconds();
        var request = new IngestRequest(lane, key);
        var (rows, keys) = (new CopyRows(), new CopyKeys((short)KeyKind.Event));
        lane.StartBatch();
        for (var i = 0; i < Size; i++)
        {
            var sample = lane.Next(now - 1_000_000, now);
            request.Add(sample);
            rows.Add(lane, sample, request.Metadata, now);
            keys.Add(lane.KeyHash(sample.Index), sample.Id);
        }

        return new(Size, request.Finish().Bytes.ToArray(), CopyRows.Sql, rows.Finish(), keys.Finish());
    }
}
