using Analytics.Sketches;

namespace Analytics.Storage.Rollups;

/// <summary>What a commit left to be folded.</summary>
/// <param name="Facts">By person, quarter hour and event type, from <see cref="CommitFacts"/>.</param>
/// <param name="Activity">By share, quarter hour and person, from <see cref="CommitSales"/>; empty when no share or payment was concerned.</param>
sealed record StoredDelta(byte[] Facts, byte[] Activity)
{
    public int Length => Facts.Length + Activity.Length;
}

/// <summary>Writes the facts of a delta, sorted by key and type.</summary>
sealed class DeltaWriter(ByteWriter writer, ByteWriter payload)
{
    long lastKey;

    public void Add(long key, int type, Cell cell)
    {
        writer.WriteVarint((ulong)(key - lastKey));
        writer.WriteVarint((ulong)type);
        lastKey = key;

        // The times travel beside the cell: they are worth keeping for all time, not per person.
        var start = Timeline.Year2000 + CommitFacts.QuarterOf(key) * Timeline.QuarterHour;
        writer.WriteVarint(cell.HasTimes ? (ulong)(cell.First - start) + 1 : 0);
        if (cell.HasTimes)
            writer.WriteVarint((ulong)(cell.Last - cell.First));
        (cell.First, cell.Last) = (long.MaxValue, long.MinValue);

        payload.Reset();
        CellFormat.Write(payload, cell);
        writer.WriteVarint((ulong)payload.Length);
        writer.WriteBytes(payload.WrittenSpan);
    }
}

/// <summary>Reads a delta, fact by fact.</summary>
ref struct DeltaReader(ReadOnlySpan<byte> data)
{
    readonly ReadOnlySpan<byte> data = data;
    int at;

    public long Key { get; private set; }
    public int Type { get; private set; }
    public bool HasTimes { get; private set; }
    public long First { get; private set; }
    public long Last { get; private set; }

    /// <summary>Where the cell's bytes are in the delta.</summary>
    public (int Start, int Length) Payload { get; private set; }

    public readonly ReadOnlySpan<byte> Cell => data.Slice(Payload.Start, Payload.Length);
    public readonly int Person => CommitFacts.PersonOf(Key);
    public readonly int Quarter => CommitFacts.QuarterOf(Key);

    public bool Read()
    {
        if (at >= data.Length)
            return false;
        Key += (long)Varint.Read(data, ref at);
        Type = (int)Varint.Read(data, ref at);
        var first = Varint.Read(data, ref at);
        HasTimes = first > 0;
        if (HasTimes)
        {
            First = Timeline.Year2000 + Quarter * Timeline.QuarterHour + (long)first - 1;
            Last = First + (long)Varint.Read(data, ref at);
        }

        var length = (int)Varint.Read(data, ref at);
        Payload = (at, length);
        at += length;
        return true;
    }
}
