using System.Buffers.Text;
using System.Text;

namespace Analytics.Storage.Requests;

/// <summary>
/// How requests' ids are stored: as they were sent, but for UUIDs in lower case, which take a zero and their 16 bytes. No text that is
/// sent begins with a zero.
/// </summary>
static class RequestId
{
    public const int UuidLength = 17;
    const int TextLength = 36;

    /// <summary>The stored bytes.</summary>
    /// <param name="text">The id in UTF-8; empty where there is none.</param>
    /// <param name="room"><see cref="UuidLength"/> bytes.</param>
    public static ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (text.Length != TextLength || text.IndexOfAnyInRange((byte)'A', (byte)'F') >= 0
            || !Utf8Parser.TryParse(text, out Guid id, out var read, 'D') || read != TextLength)
            return text;
        room[0] = 0;
        id.TryWriteBytes(room[1..], bigEndian: true, out _);
        return room[..UuidLength];
    }

    /// <summary>The text that was sent; null where there was none.</summary>
    public static string? Unpack(ReadOnlySpan<byte> stored) =>
        stored.IsEmpty ? null
        : stored[0] == 0 && stored.Length == UuidLength ? new Guid(stored[1..], bigEndian: true).ToString()
        : Encoding.UTF8.GetString(stored);
}
