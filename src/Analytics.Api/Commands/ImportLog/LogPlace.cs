using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Analytics.Commands.ImportLog;

/// <summary>
/// Where a line ends, and a hash of all lines up to it. By this hash a request is known for ever: it is the same when the log has grown,
/// has another name or is compressed; it is another for a line that stands twice, and for the same line in another server's log.
/// </summary>
/// <param name="Offset">Bytes of the unpacked log before it, without what ends the line.</param>
/// <param name="Line">Number of the line, from 1.</param>
/// <param name="Hash">Of the text of all lines that are not empty.</param>
readonly record struct LogPlace(long Offset, long Line, UInt128 Hash)
{
    const int HashLength = 16;

    /// <summary>The request's id: the hash as a UUID of version 8, which the service stores in few bytes.</summary>
    public Guid RequestId
    {
        get
        {
            Span<byte> bytes = stackalloc byte[HashLength];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, Hash);
            bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
            bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
            return new Guid(bytes, bigEndian: true);
        }
    }

    /// <summary>The beginning of a log; of one of several that may begin with the same lines, told apart by a name.</summary>
    public static LogPlace Beginning(string name) =>
        new(0, 0, name.Length == 0 ? UInt128.Zero : HashOf(UInt128.Zero, Encoding.UTF8.GetBytes(name)));

    public LogPlace After(ReadOnlySpan<byte> line, long end) => new(end, Line + 1, line.IsEmpty ? Hash : HashOf(Hash, line));

    static UInt128 HashOf(UInt128 before, ReadOnlySpan<byte> text)
    {
        Span<byte> all = text.Length < 2_048 ? stackalloc byte[HashLength + text.Length] : new byte[HashLength + text.Length];
        BinaryPrimitives.WriteUInt128BigEndian(all, before);
        text.CopyTo(all[HashLength..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(all, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
