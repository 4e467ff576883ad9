using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Analytics.Sketches;

namespace Analytics.Feed;

/// <summary>
/// How far a reader has come: in each of its workspaces the sequence of the last event it took. As text it is the cursor,
/// the id of a message: for a stream over several workspaces it has to hold them all, as there is no order between them.
/// </summary>
/// <param name="seal">Hides what it says, where the reader must not know.</param>
sealed class Cursor(CursorSeal? seal = null)
{
    /// <summary>About the length of an id line with one workspace.</summary>
    internal const int LongestIdLine = 32;

    const int LongestCursor = 64 * 1024;
    const int CheckBytes = 2;

    readonly SortedDictionary<int, long> sequences = [];

    public int Count => sequences.Count;

    public IReadOnlyCollection<int> Workspaces => sequences.Keys;

    public long? this[int workspace]
    {
        get => sequences.TryGetValue(workspace, out var sequence) ? sequence : null;
        set
        {
            if (value is { } sequence)
                sequences[workspace] = sequence;
            else
                sequences.Remove(workspace);
        }
    }

    /// <summary>Reads a cursor; null for what is none, or was not sealed where it should be.</summary>
    public static Cursor? Parse(string text, CursorSeal? seal = null)
    {
        if (seal is not null)
            return seal.Open(text);
        if (text.Length is 0 or > LongestCursor || !Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < CheckBytes
            || Check(bytes.AsSpan(..^CheckBytes)) != BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(^CheckBytes..)))
            return null;
        try
        {
            return Read(bytes.AsSpan(..^CheckBytes));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    static Cursor? Read(ReadOnlySpan<byte> bytes)
    {
        var cursor = new Cursor();
        for (var workspace = 0UL; !bytes.IsEmpty;)
        {
            workspace += Varint.Read(ref bytes);
            var sequence = Varint.Read(ref bytes);
            if (workspace > int.MaxValue || sequence > long.MaxValue)
                return null;
            cursor.sequences[(int)workspace] = (long)sequence;
        }

        return cursor;
    }

    /// <summary>The cursor as text.</summary>
    public override string ToString()
    {
        if (seal is not null)
            return seal.Seal(this);
        using var bytes = new ByteWriter(sequences.Count * 8 + CheckBytes);
        var before = 0;
        foreach (var (workspace, sequence) in sequences)
        {
            bytes.WriteVarint((ulong)(workspace - before));
            bytes.WriteVarint((ulong)sequence);
            before = workspace;
        }

        var check = Check(bytes.WrittenSpan);
        bytes.WriteByte((byte)(check >> 8));
        bytes.WriteByte((byte)check);
        return Base64Url.EncodeToString(bytes.WrittenSpan);
    }

    /// <summary>The id line of a message that says so.</summary>
    public byte[] IdLine() => Encoding.ASCII.GetBytes($"id: {this}\n");

    internal static byte[] IdLine(int workspace, long sequence) => new Cursor { [workspace] = sequence }.IdLine();

    // So that a text that is no cursor hardly ever passes for one.
    static ushort Check(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var next in bytes)
            hash = (hash ^ next) * 16777619u;
        return (ushort)(hash ^ hash >> 16);
    }
}
