using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Facts;

/// <summary>
/// Writes the facts of one section, sorted by key: dimensions, slot, first and last time (when facts were added), and the cell. A
/// header says how many dimensions there are and of which grain the slots are.
/// </summary>
sealed class DeltaWriter
{
    readonly Section section;
    readonly ByteWriter writer;
    readonly ByteWriter payload;
    FactKey last;

    /// <param name="section">Whose facts they are.</param>
    /// <param name="writer">Where the delta is written.</param>
    /// <param name="payload">For one cell at a time.</param>
    public DeltaWriter(Section section, ByteWriter writer, ByteWriter payload)
    {
        (this.section, this.writer, this.payload) = (section, writer, payload);
        writer.WriteByte((byte)((section.Key.Count << 4) | (int)section.Finest));
    }

    public int Facts { get; private set; }

    public void Add(FactKey key, Cell cell)
    {
        Facts++;
        writer.WriteVarint((ulong)(key.First - last.First));
        writer.WriteZigzag(key.Slot - last.Slot);
        if (section.Key.Count > 1)
            writer.WriteVarint((ulong)key.Second);
        last = key;

        // The times travel beside the cell, which is copied as it is where they are not kept.
        var start = Timeline.StartOf(section.Finest, key.Slot);
        writer.WriteVarint(cell.HasTimes ? (ulong)(cell.FirstTime - start) + 1 : 0);
        if (cell.HasTimes)
            writer.WriteVarint((ulong)(cell.LastTime - cell.FirstTime));
        cell.ForgetTimes();

        payload.Reset();
        CellFormat.Write(payload, cell);
        writer.WriteVarint((ulong)payload.Length);
        writer.WriteBytes(payload.WrittenSpan);
    }
}

/// <summary>Reads a delta, fact by fact. A struct over its bytes: <see cref="Cell"/> is good as long as they are.</summary>
struct DeltaReader
{
    readonly ReadOnlyMemory<byte> data;
    readonly int dimensions;
    readonly Grain finest;
    int at;

    public DeltaReader(ReadOnlyMemory<byte> data)
    {
        this.data = data;
        if (data.IsEmpty)
            return;
        var head = data.Span[0];
        (dimensions, finest, at) = (head >> 4, (Grain)(head & 15), 1);
    }

    public FactKey Key { get; private set; }
    public bool HasTimes { get; private set; }
    public long FirstTime { get; private set; }
    public long LastTime { get; private set; }
    public ReadOnlyMemory<byte> Cell { get; private set; }

    /// <summary>Where in the delta the cell begins.</summary>
    public readonly int CellStart => at - Cell.Length;

    public bool Read()
    {
        if (at >= data.Length)
            return false;
        var bytes = data.Span;
        Key = new FactKey(
            Key.First + (int)Varint.Read(bytes, ref at), Key.Slot + (int)Varint.ReadZigzag(bytes, ref at),
            dimensions > 1 ? (int)Varint.Read(bytes, ref at) : 0);
        var first = Varint.Read(bytes, ref at);
        HasTimes = first > 0;
        if (HasTimes)
        {
            FirstTime = Timeline.StartOf(finest, Key.Slot) + (long)first - 1;
            LastTime = FirstTime + (long)Varint.Read(bytes, ref at);
        }

        var length = (int)Varint.Read(bytes, ref at);
        Cell = data.Slice(at, length);
        at += length;
        return true;
    }
}
