using Analytics.Sketches;

namespace Analytics.Storage.Rollups;

/// <summary>Fills pages of a run with cells in the order of their keys and types.</summary>
sealed class PageWriter
{
    /// <summary>Pages stay below the size at which Postgres would move them out of line.</summary>
    public const int UsualSize = 7_800;

    readonly ByteWriter writer = new(2 * UsualSize);
    long lastKey;

    public long FirstKey { get; private set; }
    public long LastKey => lastKey;
    public bool IsEmpty => writer.Length == 0;
    public ReadOnlySpan<byte> Bytes => writer.WrittenSpan;

    public bool HasRoomFor(int bytes) => IsEmpty || writer.Length + bytes + 16 <= UsualSize;

    public void Add(long key, int type, ReadOnlySpan<byte> cell)
    {
        if (IsEmpty)
        {
            FirstKey = lastKey = key;
            writer.WriteVarint((ulong)key);
        }

        writer.WriteVarint((ulong)(key - lastKey));
        writer.WriteVarint((ulong)type);
        writer.WriteVarint((ulong)cell.Length);
        writer.WriteBytes(cell);
        lastKey = key;
    }

    public void Clear() => writer.Reset();
}

/// <summary>Reads a page, cell by cell.</summary>
struct PageReader(ReadOnlyMemory<byte> page)
{
    readonly ReadOnlyMemory<byte> page = page;
    int at;
    bool started;

    public long Key { get; private set; }
    public int Type { get; private set; }
    public ReadOnlyMemory<byte> Cell { get; private set; }

    public bool Read()
    {
        var bytes = page.Span;
        if (at >= bytes.Length)
            return false;
        if (!started)
        {
            Key = (long)Varint.Read(bytes, ref at);
            started = true;
        }

        Key += (long)Varint.Read(bytes, ref at);
        Type = (int)Varint.Read(bytes, ref at);
        var length = (int)Varint.Read(bytes, ref at);
        Cell = page.Slice(at, length);
        at += length;
        return true;
    }
}
