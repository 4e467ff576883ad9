using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Analytics.Contract;

namespace Analytics.Features.Ingestion;

/// <summary>A request's body, unpacked, in a pooled buffer that goes back when this is disposed.</summary>
sealed class RequestBody : IDisposable
{
    public const int MaxBytes = 10 * 1024 * 1024;
    const int First = 16 * 1024;
    const int MaxAtOnce = 1024 * 1024;

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
    /// Reads the body and unpacks it. 415 for what is no JSON or packed otherwise than with gzip, 413 as soon as there is
    /// one byte too much, packed or unpacked, 400 for broken gzip.
    /// </summary>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, BodiesInFlight bodies, CancellationToken cancel)
    {
        if (!JsonBody.IsTaken(request.ContentType))
            throw new ProblemException(415, "The body is application/json in UTF-8.");
        var isPacked = IsGzip(request.Headers.ContentEncoding);
        if (request.ContentLength > MaxBytes)
            throw TooLarge();

        // A length that is only announced holds no memory: room grows with what has come.
        var room = request.ContentLength is { } length ? (int)Math.Min(length + 1, MaxAtOnce) : First;
        var body = new RequestBody(bodies, room);
        try
        {
            await body.FillAsync(request.Body, cancel);
            if (!isPacked)
                return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
        using (body)
            return Unpacked(body);
    }

    static RequestBody Unpacked(RequestBody packed)
    {
        var body = new RequestBody(packed.bodies, Math.Clamp(packed.Length * 4, First, MaxAtOnce));
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed.Bytes, 0, packed.Length), CompressionMode.Decompress);
            body.Fill(gzip);
            // The stream takes its input's end for its own, so that a part of a body would look whole: the last four
            // bytes say how long the last member is.
            var end = packed.Bytes.AsSpan(0, packed.Length);
            if (end.Length < 18 || BinaryPrimitives.ReadUInt32LittleEndian(end[^4..]) > body.Length)
                throw BrokenGzip();
            return body;
        }
        catch (Exception e)
        {
            body.Dispose();
            if (e is InvalidDataException)
                throw BrokenGzip();
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

    async Task FillAsync(Stream source, CancellationToken cancel)
    {
        int read;
        while ((read = await source.ReadAsync(Bytes.AsMemory(Length, Capacity - Length), cancel)) > 0)
            Add(read);
    }

    void Fill(GZipStream source)
    {
        int read;
        while ((read = source.Read(Bytes, Length, Capacity - Length)) > 0)
            Add(read);
    }

    void Add(int read)
    {
        Length += read;
        if (Length > MaxBytes)
            throw TooLarge();
        if (Length == Capacity)
            Grow();
    }

    void Grow()
    {
        var more = Math.Min(Capacity * 2, MaxBytes + 1);
        bodies.Take(more - Capacity);
        Capacity = more;
        var larger = ArrayPool<byte>.Shared.Rent(more);
        Bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(Bytes);
        Bytes = larger;
    }

    static bool IsGzip(string? encoding) => encoding?.Trim().ToLowerInvariant() switch
    {
        null or "" or "identity" => false,
        "gzip" => true,
        _ => throw new ProblemException(415, "Content-Encoding is gzip or identity."),
    };

    static ProblemException BrokenGzip() => ProblemException.Invalid(new Problem("", "gzip", "The body is not valid gzip."));

    static ProblemException TooLarge() => new(
        413, $"A body has at most {MaxBytes} bytes, unpacked.", new Problem("", Codes.TooLarge, $"At most {MaxBytes} bytes are taken."));
}
