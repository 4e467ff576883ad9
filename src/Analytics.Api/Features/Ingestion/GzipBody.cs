using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Analytics.Contract;

namespace Analytics.Features.Ingestion;

/// <summary>Bodies that were sent packed.</summary>
static class GzipBody
{
    // Of a member at least a head, an empty block, and its checksum and length.
    const int Shortest = 10 + 2 + 8;

    /// <summary>Whether the body comes as gzip; 415 for any other packing.</summary>
    public static bool IsSent(HttpRequest request) => request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant() switch
    {
        "" or "identity" => false,
        "gzip" => true,
        _ => throw new ProblemException(415, "Content-Encoding is gzip or identity."),
    };

    /// <summary>Unpacks a body: one or several members. 400 for what is broken, cut off, or has anything behind its end.</summary>
    public static async Task<RequestBody> UnpackAsync(RequestBody packed, CancellationToken cancel)
    {
        RequestBody? body = null;
        try
        {
            await using var gzip = new GZipStream(new MemoryStream(packed.Bytes, 0, packed.Length), CompressionMode.Decompress);
            body = await packed.UnpackAsync(gzip, cancel);
            if (!IsWhole(packed.Bytes.AsSpan(0, packed.Length), body.Bytes.AsSpan(0, body.Length)))
                throw Broken();
            return body;
        }
        catch (Exception e)
        {
            body?.Dispose();
            if (e is InvalidDataException)
                throw Broken();
            throw;
        }
    }

    // The stream takes the end of its input for its own, and does not say how much it left. But the last bytes are the last member's
    // checksum and length only when the body is all there and nothing follows.
    static bool IsWhole(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> unpacked)
    {
        if (packed.Length < Shortest)
            return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(packed[^4..]);
        if (length > unpacked.Length
            || Crc32.HashToUInt32(unpacked[^(int)length..]) != BinaryPrimitives.ReadUInt32LittleEndian(packed[^8..]))
            return false;
        // An empty member's are all zeros, as padding is: its empty block stands before them.
        return length > 0 || packed[^10..^8] is [3, 0];
    }

    static ProblemException Broken() => ProblemException.Invalid(new Problem("", "gzip", "The body is not valid gzip."));
}
