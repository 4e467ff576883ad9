using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Analytics.Sketches;

namespace Analytics.Feed;

/// <summary>
/// How far a reader has come: in each of its workspaces the number of the last fact it took, in its stream's track. As text it is the
/// cursor, the id of a message: for a stream over several workspaces it has to hold them all, as there is no order between them.
/// </summary>
/// <param name="track">What its numbers are of.</param>
/// <param name="seal">Hides what it says, where the reader must not know.</param>
sealed class Cursor(Track track, CursorSeal? seal = null)
{
    /// <summary>About the length of an id line with one workspace.</summary>
    internal const int LongestIdLine = 32;

    const int LongestCursor = 64 * 1024;
    const int TrackBytes = 1;
    const int CheckBytes = 2;

    readonly SortedDictionary<int, long> positions = [];

    public int Count => positions.Count;

    public IReadOnlyCollection<int> Workspaces => positions.Keys;

    public long? this[int workspace]
    {
        get => positions.TryGetValue(workspace, out var position) ? position : null;
        set
        {
            if (value is { } position)
                positions[workspace] = position;
            else
                positions.Remove(workspace);
        }
    }

    /// <summary>Reads a cursor of a track; null for what is none, or was not sealed where it should be.</summary>
    public static Cursor? Parse(string text, Track track, CursorSeal? seal = null)
    {
        if (seal is not null)
            return seal.Open(text);
        if (text.Length is 0 or > LongestCursor || !Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < TrackBytes + CheckBytes || bytes[0] != track.Id
            || Check(bytes.AsSpan(..^CheckBytes)) != BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(^CheckBytes..)))
            return null;
        try
        {
            return Read(track, bytes.AsSpan(TrackBytes..^CheckBytes));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    static Cursor? Read(Track track, ReadOnlySpan<byte> bytes)
    {
        var cursor = new Cursor(track);
        for (var workspace = 0UL; !bytes.IsEmpty;)
        {
            workspace += Varint.Read(ref bytes);
            var position = Varint.Read(ref bytes);
            if (workspace > int.MaxValue || position > long.MaxValue)
                return null;
            cursor.positions[(int)workspace] = (long)position;
        }

        return cursor;
    }

    /// <summary>The cursor as text.</summary>
    public override string ToString()
    {
        if (seal is not null)
            return seal.Seal(this);
        using var bytes = new ByteWriter(TrackBytes + positions.Count * 8 + CheckBytes);
        bytes.WriteByte(track.Id);
        var before = 0;
        foreach (var (workspace, position) in positions)
        {
            bytes.WriteVarint((ulong)(workspace - before));
            bytes.WriteVarint((ulong)position);
            before = workspace;
        }

        var check = Check(bytes.WrittenSpan);
        bytes.WriteByte((byte)(check >> 8));
        bytes.WriteByte((byte)check);
        return Base64Url.EncodeToString(bytes.WrittenSpan);
    }

    /// <summary>The id line of a message that says so.</summary>
    public byte[] IdLine() => Encoding.ASCII.GetBytes($"id: {this}\n");

    internal static byte[] IdLine(Track track, int workspace, long position) => new Cursor(track) { [workspace] = position }.IdLine();

    // So that a text that is no cursor hardly ever passes for one.
    static ushort Check(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var next in bytes)
            hash = (hash ^ next) * 16777619u;
        return (ushort)(hash ^ hash >> 16);
    }
}
