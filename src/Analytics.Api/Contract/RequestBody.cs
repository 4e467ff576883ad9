using System.Buffers;
using System.IO.Pipelines;
using Analytics.Sharing;

namespace Analytics.Contract;

/// <summary>
/// A request's body in a buffer of <see cref="BodyRoom"/>, which goes back when this is disposed. Of the memory that bodies share it holds
/// what has come, not what was announced.
/// </summary>
sealed class RequestBody : IDisposable
{
    const int Large = 1024 * 1024;
    const int Packing = 4;

    readonly BodyRoom room;
    readonly Guid tenant;
    readonly int most;
    readonly int announced;

    // What has come until it is all: blocks, so that none is ever copied to make room for more.
    readonly List<byte[]> blocks = [];
    int held;

    RequestBody(BodyRoom room, Guid tenant, int most, long? announced = null) =>
        (this.room, this.tenant, this.most, this.announced) = (room, tenant, most, (int)Math.Min(announced ?? most, most));

    /// <summary>Longer than the body: see <see cref="Length"/>.</summary>
    public byte[] Bytes { get; private set; } = [];

    public int Length { get; private set; }

    /// <summary>
    /// Reads the body as it was sent. 413 as soon as there is one byte too much, 408 when it is not complete within a minute or stands
    /// still while others want its room.
    /// </summary>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, BodyRoom room, Guid tenant, int most)
    {
        var body = new RequestBody(room, tenant, most, request.ContentLength);
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
            await body.TakeRoomAsync(Math.Min(Length, Large / Packing) * Packing, cancel);
            int read;
            while ((read = unpacked.Read(body.Free())) > 0)
            {
                body.Length += read;
                if (body.Length > most)
                    throw body.TooLarge();
                if (body.Length == body.held)
                    await body.TakeRoomAsync(body.Length + 1, cancel);
            }

            body.Join();
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
        ReturnBlocks();
        if (Bytes.Length > 0)
            room.Buffers.Return(Bytes);
        Bytes = [];
        GiveBackRoom();
    }

    /// <summary>What has come, in one array.</summary>
    void Join()
    {
        Bytes = room.Buffers.Rent(Length);
        for (var at = 0; at < Length; at += BodyBuffers.Block)
            blocks[at / BodyBuffers.Block].AsSpan(0, Math.Min(BodyBuffers.Block, Length - at)).CopyTo(Bytes.AsSpan(at));
        ReturnBlocks();
    }

    void ReturnBlocks()
    {
        foreach (var block in blocks)
            room.Buffers.Return(block);
        blocks.Clear();
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
            if (read.Buffer.Length > Math.Min(BodyBuffers.Block, most))
                await MakeRoomAsync(read.Buffer.Length, request.HttpContext.RequestAborted);
            Length = (int)read.Buffer.Length;
            Bytes = room.Buffers.Rent(Length);
            read.Buffer.CopyTo(Bytes);
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

            Join();
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
        await MakeRoomAsync(bytes.Length, cancel);
        foreach (var piece in bytes)
            for (var left = piece.Span; left.Length > 0;)
            {
                var free = Free();
                var taken = left[..Math.Min(left.Length, free.Length)];
                taken.CopyTo(free);
                Length += taken.Length;
                left = left[taken.Length..];
            }
    }

    /// <summary>Sees that there is room for so many bytes more; 413 where they are too many.</summary>
    ValueTask MakeRoomAsync(long bytes, CancellationToken cancel)
    {
        if (Length + bytes > most)
            throw TooLarge();
        return Length + bytes > held ? TakeRoomAsync(Length + (int)bytes, cancel) : default;
    }

    /// <summary>Where the next bytes go: what is left of the last block, or another one.</summary>
    Span<byte> Free()
    {
        if (Length == blocks.Count * BodyBuffers.Block)
            blocks.Add(room.Buffers.Rent(BodyBuffers.Block));
        return blocks[^1].AsSpan(Length % BodyBuffers.Block);
    }

    /// <summary>Whoever waits for room has not taken the memory.</summary>
    async ValueTask TakeRoomAsync(int needed, CancellationToken cancel)
    {
        // What comes in pieces goes on coming, up to what was announced.
        var more = Math.Min(announced, held < Large ? held * 4 : held * 2);
        var length = BodyBuffers.LengthOf(Math.Max(needed, more));
        await room.TakeAsync(tenant, length - held, cancel);
        held = length;
    }

    ProblemException TooLarge() => new(
        413, $"The body is larger than {most} bytes, unpacked.", new Problem("", "too_large", $"At most {most} bytes are taken."));
}
