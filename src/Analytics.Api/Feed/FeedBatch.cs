namespace Analytics.Feed;

/// <summary>Some facts of one workspace that follow one another in a track.</summary>
sealed class FeedBatch
{
    // Below the size from which arrays are collected late.
    const int MaxBytes = 48 * 1024;

    byte[]? text;
    int bytes;

    FeedBatch(FeedRecord[] records) => Records = records;

    public FeedRecord[] Records { get; }

    public int Workspace => Records[0].Workspace.Key;

    public int RoughBytes => Records.Sum(record => record.RoughBytes);

    public long First => Records[0].Position;

    public long Last => Records[^1].Position;

    /// <summary>Cuts facts of one workspace into batches.</summary>
    public static IEnumerable<FeedBatch> Cut(IReadOnlyList<FeedRecord> records)
    {
        var (start, bytes) = (0, 0);
        for (var at = 0; at < records.Count; at++)
        {
            if (at > start && bytes + records[at].RoughBytes > MaxBytes)
            {
                yield return new FeedBatch([.. records.Skip(start).Take(at - start)]);
                (start, bytes) = (at, 0);
            }

            bytes += records[at].RoughBytes;
        }

        if (records.Count > start)
            yield return new FeedBatch([.. records.Skip(start)]);
    }

    /// <summary>The batch without what the filter leaves out; null when that is everything.</summary>
    public FeedBatch? Only(Func<FeedRecord, bool> wanted)
    {
        var left = Array.FindAll(Records, record => wanted(record));
        return left.Length == Records.Length ? this : left.Length == 0 ? null : new FeedBatch(left);
    }

    /// <summary>All messages with their ids, for readers of this workspace alone; made once, shared by them.</summary>
    public byte[] TextIn(MessageShape shape) => text ??= Text(shape);

    /// <summary>About how much a reader has to take; the same whenever it is asked.</summary>
    public int BytesIn(MessageShape shape)
    {
        if (bytes == 0)
            bytes = Records.Sum(record => record.DataIn(shape).Length + Cursor.LongestIdLine);
        return bytes;
    }

    byte[] Text(MessageShape shape)
    {
        var ids = Array.ConvertAll(Records, record => Cursor.IdLine(shape.Track, Workspace, record.Position));
        var made = new byte[ids.Sum(id => id.Length) + Records.Sum(record => record.DataIn(shape).Length)];
        var left = made.AsSpan();
        for (var at = 0; at < Records.Length; at++)
        {
            ids[at].CopyTo(left);
            left = left[ids[at].Length..];
            var data = Records[at].DataIn(shape);
            data.CopyTo(left);
            left = left[data.Length..];
        }

        return made;
    }
}
