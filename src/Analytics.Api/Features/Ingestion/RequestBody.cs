using System.Buffers;
using System.IO.Compression;
using Analytics.Http;
using Microsoft.Net.Http.Headers;

namespace Analytics.Features.Ingestion;

/// <summary>A request's body, unpacked, in a pooled buffer that goes back when this is disposed.</summary>
sealed class RequestBody : IDisposable
{
    public const int MostBytes = 10 * 1024 * 1024;
    const int First = 16 * 1024;
    const int MostAtOnce = 1024 * 1024;

    readonly BodiesInFlight bodies;

    RequestBody(BodiesInFlight bodies, int capacity)
    {
        this.bodies = bodies;
        bodies.Take(capacity);
        Capacity = capacity;
        Bytes = ArrayPool<byte>.Shared.Rent(capacity);
    }

    /// <summary>Longer than the body: see <see cref="Length"/>.</summary>
    public byte[] Bytes { get; private set; }
    public int Length { get; private set; }
    int Capacity { get; set; }

    /// <summary>
    /// Reads the body, inflating gzip as it comes. 415 for what is no JSON or packed otherwise, 413 as soon as there is
    /// one byte too much, 400 for broken gzip.
    /// </summary>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, BodiesInFlight bodies, CancellationToken cancel)
    {
        CheckMediaType(request.ContentType);
        var packed = IsGzip(request.Headers.ContentEncoding);
        if (request.ContentLength > MostBytes && !packed)
            throw TooLarge();

        // A length that is only announced holds no memory: room grows with what has come.
        var announced = packed || request.ContentLength is null ? First : (int)Math.Min(request.ContentLength.Value + 1, MostAtOnce);
        var body = new RequestBody(bodies, announced);
        try
        {
            await body.FillAsync(request.Body, packed, cancel);
            return body;
        }
        catch (Exception e)
        {
            body.Dispose();
            if (packed && e is InvalidDataException)
                throw ProblemException.Invalid(new Problem("", "gzip", "The body is not valid gzip."));
            throw;
        }
    }

    public void Dispose()
    {
        if (Bytes.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(Bytes);
        bodies.GiveBack(Capacity);
        Bytes = [];
    }

    async Task FillAsync(Stream source, bool packed, CancellationToken cancel)
    {
        await using var gzip = packed ? new GZipStream(source, CompressionMode.Decompress, leaveOpen: true) : null;
        var from = gzip ?? source;
        int read;
        while ((read = await from.ReadAsync(Bytes.AsMemory(Length, Capacity - Length), cancel)) > 0)
        {
            Length += read;
            if (Length > MostBytes)
                throw TooLarge();
            if (Length == Capacity)
                Grow();
        }
    }

    void Grow()
    {
        var more = Math.Min(Capacity * 2, MostBytes + 1);
        bodies.Take(more - Capacity);
        Capacity = more;
        var larger = ArrayPool<byte>.Shared.Rent(more);
        Bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(Bytes);
        Bytes = larger;
    }

    static void CheckMediaType(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
            return;
        var isKnown = MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
        if (!isKnown)
            throw new ProblemException(415, "The body is application/json in UTF-8.");
    }

    static bool IsGzip(string? encoding) => encoding?.Trim().ToLowerInvariant() switch
    {
        null or "" or "identity" => false,
        "gzip" => true,
        _ => throw new ProblemException(415, "Content-Encoding is gzip or identity."),
    };

    static ProblemException TooLarge() =>
        new(413, $"A body has at most {MostBytes} bytes, unpacked.", new Problem("", Codes.TooLarge, $"At most {MostBytes} bytes are taken."));
}
