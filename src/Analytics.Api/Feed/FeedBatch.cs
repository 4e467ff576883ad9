namespace Analytics.Feed;

/// <summary>Some events of one workspace that follow one another, in commit order.</summary>
sealed class FeedBatch
{
    // Below the size from which arrays are collected late.
    const int MaxBytes = 48 * 1024;

    readonly byte[]?[] texts = new byte[MessageShape.Count][];
    readonly int[] sizes = new int[MessageShape.Count];

    FeedBatch(FeedEvent[] events) => Events = events;

    public FeedEvent[] Events { get; }

    public int Workspace => Events[0].Workspace.Key;

    public int RoughBytes => Events.Sum(e => e.RoughBytes);

    public long First => Events[0].Sequence;

    public long Last => Events[^1].Sequence;

    /// <summary>Cuts events of one workspace into batches.</summary>
    public static IEnumerable<FeedBatch> Cut(IReadOnlyList<FeedEvent> events)
    {
        var (start, bytes) = (0, 0);
        for (var at = 0; at < events.Count; at++)
        {
            if (at > start && bytes + events[at].RoughBytes > MaxBytes)
            {
                yield return new FeedBatch([.. events.Skip(start).Take(at - start)]);
                (start, bytes) = (at, 0);
            }

            bytes += events[at].RoughBytes;
        }

        if (events.Count > start)
            yield return new FeedBatch([.. events.Skip(start)]);
    }

    /// <summary>The batch without what the filter leaves out; null when that is everything.</summary>
    public FeedBatch? Only(Func<FeedEvent, bool> wanted)
    {
        var left = Array.FindAll(Events, e => wanted(e));
        return left.Length == Events.Length ? this : left.Length == 0 ? null : new FeedBatch(left);
    }

    /// <summary>All messages with their ids, for readers of this workspace alone; made once, shared by them.</summary>
    public byte[] TextIn(MessageShape shape) => texts[shape.Number] ??= Text(shape);

    /// <summary>About how much a reader has to take; the same whenever it is asked.</summary>
    public int BytesIn(MessageShape shape)
    {
        ref var bytes = ref sizes[shape.Number];
        if (bytes == 0)
            bytes = Events.Sum(e => e.DataIn(shape).Length + Cursor.LongestIdLine);
        return bytes;
    }

    byte[] Text(MessageShape shape)
    {
        var ids = Array.ConvertAll(Events, e => Cursor.IdLine(Workspace, e.Sequence));
        var text = new byte[ids.Sum(id => id.Length) + Events.Sum(e => e.DataIn(shape).Length)];
        var left = text.AsSpan();
        for (var at = 0; at < Events.Length; at++)
        {
            ids[at].CopyTo(left);
            left = left[ids[at].Length..];
            var data = Events[at].DataIn(shape);
            data.CopyTo(left);
            left = left[data.Length..];
        }

        return text;
    }
}
