using System.Buffers;
using System.IO.Pipelines;
using Analytics.Sharing;

namespace Analytics.Contract;

/// <summary>
/// A request's body in a pooled buffer, which goes back when this is disposed. Of the memory that bodies share it holds what has come,
/// not what was announced.
/// </summary>
sealed class RequestBody : IDisposable
{
    const int First = 16 * 1024;
    const int Large = 1024 * 1024;
    const int Packing = 4;

    // Pools have sizes of powers of two only. What is larger than this is rare, and as large as it may be.
    const int LargestPooled = 8 * 1024 * 1024;

    // The shared pool keeps large arrays by the dozen, which nobody counts; of these there are four of each size.
    static readonly ArrayPool<byte> LargePool = ArrayPool<byte>.Create(LargestPooled, 4);

    readonly BodyRoom room;
    readonly Guid tenant;
    readonly int most;
    int held;

    RequestBody(BodyRoom room, Guid tenant, int most) => (this.room, this.tenant, this.most) = (room, tenant, most);

    /// <summary>Longer than the body: see <see cref="Length"/>.</summary>
    public byte[] Bytes { get; private set; } = [];

    public int Length { get; private set; }

    /// <summary>
    /// Reads the body as it was sent. 413 as soon as there is one byte too much, 408 when it is not complete within a minute or stands
    /// still while others want its room.
    /// </summary>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, BodyRoom room, Guid tenant, int most)
    {
        var body = new RequestBody(room, tenant, most);
        if (request.ContentLength > most)
            throw body.TooLarge();
        try
        {
            // A small body mostly has come by now: it needs no deadline.
            if (!await body.TryReadAtOnceAsync(request))
                await body.ReadAsItComesAsync(request);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The body that this one's bytes become, as the stream gives it. What takes its place takes its room: few are unpacked at once.
    /// </summary>
    public async Task<RequestBody> UnpackAsync(Stream unpacked, CancellationToken cancel)
    {
        GiveBackRoom();
        var body = new RequestBody(room, tenant, most);
        try
        {
            await body.GrowAsync(Math.Min(Length, Large / Packing) * Packing, cancel);
            int read;
            while ((read = unpacked.Read(body.Bytes, body.Length, body.Bytes.Length - body.Length)) > 0)
            {
                body.Length += read;
                if (body.Length > most)
                    throw body.TooLarge();
                if (body.Length == body.Bytes.Length)
                    await body.GrowAsync(body.Length + 1, cancel);
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Bytes.Length == 0)
            return;
        GiveBackRoom();
        Return(Bytes);
        Bytes = [];
    }

    void GiveBackRoom()
    {
        if (held > 0)
            room.GiveBack(tenant, held);
        held = 0;
    }

    async ValueTask<bool> TryReadAtOnceAsync(HttpRequest request)
    {
        if (!request.BodyReader.TryRead(out var read))
            return false;
        if (!read.IsCompleted)
        {
            request.BodyReader.AdvanceTo(read.Buffer.Start);
            return false;
        }

        try
        {
            // A small one that is all there takes no share: it is read at once, and what waits to be written is counted there.
            if (read.Buffer.Length is > 0 and <= First && read.Buffer.Length <= most)
                Bytes = ArrayPool<byte>.Shared.Rent(First);
            await AddAsync(read.Buffer, request.HttpContext.RequestAborted);
            return true;
        }
        finally
        {
            request.BodyReader.AdvanceTo(read.Buffer.End);
        }
    }

    async Task ReadAsItComesAsync(HttpRequest request)
    {
        using var lease = room.Open(tenant, request.HttpContext.RequestAborted);
        // Not by the token: a read that throws leaves the reader unfit for whatever comes behind the body.
        await using var ended = lease.Ended.Register(static reader => ((PipeReader)reader!).CancelPendingRead(), request.BodyReader);
        try
        {
            while (!await ReadMoreAsync(request.BodyReader, lease))
            {
            }
        }
        catch (OperationCanceledException) when (lease.HasGivenWay)
        {
            throw new ProblemException(408, "The body stood still while others waited for the memory that it held.");
        }
        catch (OperationCanceledException) when (lease.IsLate)
        {
            throw new ProblemException(408, $"The body was not complete within {BodyRoom.Longest.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>Adds what has come; true when it is all.</summary>
    async ValueTask<bool> ReadMoreAsync(PipeReader reader, BodyLease lease)
    {
        var read = await reader.ReadAsync(CancellationToken.None);
        try
        {
            lease.Ended.ThrowIfCancellationRequested();
            lease.Came(read.Buffer.Length);
            await AddAsync(read.Buffer, lease.Ended);
            lease.Kept();
            return read.IsCompleted;
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    async ValueTask AddAsync(ReadOnlySequence<byte> bytes, CancellationToken cancel)
    {
        if (Length + bytes.Length > most)
            throw TooLarge();
        if (Length + bytes.Length > Bytes.Length)
            await GrowAsync(Length + (int)bytes.Length, cancel);
        bytes.CopyTo(Bytes.AsSpan(Length));
        Length += (int)bytes.Length;
    }

    async ValueTask GrowAsync(int needed, CancellationToken cancel)
    {
        // What comes in pieces goes on coming.
        var more = Bytes.Length == 0 ? First : Bytes.Length < Large ? Bytes.Length * 4 : Bytes.Length * 2;
        var larger = Rent(Math.Min(most + 1, Math.Max(needed, more)));
        try
        {
            await room.TakeAsync(tenant, larger.Length - held, cancel);
            held = larger.Length;
        }
        catch
        {
            Return(larger);
            throw;
        }

        Bytes.AsSpan(0, Length).CopyTo(larger);
        Return(Bytes);
        Bytes = larger;
    }

    byte[] Rent(int bytes) =>
        bytes <= LargestPooled ? PoolOf(bytes).Rent(bytes) : GC.AllocateUninitializedArray<byte>(most + 1);

    static void Return(byte[] bytes)
    {
        if (bytes.Length is > 0 and <= LargestPooled)
            PoolOf(bytes.Length).Return(bytes);
    }

    static ArrayPool<byte> PoolOf(int bytes) => bytes > Large / 2 ? LargePool : ArrayPool<byte>.Shared;

    ProblemException TooLarge() => new(
        413, $"The body is larger than {most} bytes, unpacked.", new Problem("", "too_large", $"At most {most} bytes are taken."));
}
