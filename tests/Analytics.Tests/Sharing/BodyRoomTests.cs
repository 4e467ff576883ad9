using System.IO.Pipelines;
using Analytics.Contract;
using Analytics.Sharing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Sharing;

/// <summary>The memory that bodies share.</summary>
public sealed class BodyRoomTests
{
    const int Megabyte = 1 << 20;
    static readonly Guid One = Guid.NewGuid(), Two = Guid.NewGuid();
    readonly FakeTimeProvider clock = new() { AutoAdvanceAmount = TimeSpan.Zero };

    [Fact]
    public async Task A_body_holds_what_has_come_and_not_what_was_announced()
    {
        var room = new BodyRoom(clock);
        var (reading, sender) = Send(room, One, announced: 10 * Megabyte);
        await sender.WriteAsync(new byte[1000]);
        await Until.HoldsAsync(() => room.Held > 0, "Nothing is held.");
        Assert.InRange(room.Held, 1000, 64 * 1024);
        await sender.CompleteAsync();
        (await reading).Dispose();
        Assert.Equal(0, room.Held);
    }

    [Fact]
    public async Task A_body_that_is_not_complete_after_a_minute_is_refused_and_holds_nothing()
    {
        var room = new BodyRoom(clock);
        var (reading, sender) = Send(room, One, announced: 10 * Megabyte);
        await sender.WriteAsync(new byte[1000]);
        await Until.HoldsAsync(() => room.Held > 0, "Nothing is held.");
        clock.Advance(BodyRoom.Longest);
        Assert.Equal(408, (await Assert.ThrowsAsync<ProblemException>(() => reading)).Status);
        Assert.Equal(0, room.Held);
    }

    [Fact]
    public async Task Bodies_that_stand_still_give_way_to_one_that_wants_their_room()
    {
        var room = new BodyRoom(clock, most: 32 * Megabyte);
        var idle = new List<Task<RequestBody>>();
        for (var n = 0; n < 3; n++)
        {
            var (reading, sender) = Send(room, One, announced: 10 * Megabyte);
            await sender.WriteAsync(new byte[8 * Megabyte]);
            await Until.HoldsAsync(() => room.Held >= (n + 1) * 8 * Megabyte, "It was not read.");
            idle.Add(reading);
        }

        // A little of the quarter that is kept for others is gone.
        using var small = await RequestBody.ReadAsync(Request(1000), room, Guid.NewGuid(), Megabyte);
        clock.Advance(TimeSpan.FromSeconds(1));
        var (wanted, other) = Send(room, Two, announced: 8 * Megabyte);
        var writing = WriteAsync(other, 8 * Megabyte);

        using var body = await wanted.WaitAsync(Until.Patience);
        await writing;
        Assert.Equal(8 * Megabyte, body.Length);
        // It gives its room back a moment before it is over.
        var first = await Task.WhenAny(idle).WaitAsync(Until.Patience);
        Assert.Equal(408, (await Assert.ThrowsAsync<ProblemException>(() => first)).Status);
        Assert.Equal(2, idle.Count(reading => !reading.IsCompleted));
    }

    [Fact]
    public async Task Without_room_a_body_is_refused_after_a_second_and_what_was_held_is_given_back()
    {
        var room = new BodyRoom(clock, most: 3 * Megabyte);
        using (await RequestBody.ReadAsync(Request(1_500_000), room, One, 10 * Megabyte))
        {
            var second = RequestBody.ReadAsync(Request(1_500_000), room, One, 10 * Megabyte).AsTask();
            await Until.HoldsAsync(() =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(60));
                return second.IsCompleted;
            }, "It still waits.");
            await Assert.ThrowsAsync<NoRoomException>(() => second);
            Assert.Equal(2 * Megabyte, room.Held);
        }

        Assert.Equal(0, room.Held);
        using var again = await RequestBody.ReadAsync(Request(1_500_000), room, One, 10 * Megabyte);
        Assert.Equal(1_500_000, again.Length);
    }

    [Fact]
    public async Task A_body_that_comes_in_pieces_of_any_length_is_whole()
    {
        var random = new Random(1);
        var room = new BodyRoom(clock);
        foreach (var length in (int[])[1, 16 << 10, (16 << 10) + 1, 100_000, Megabyte, (3 * Megabyte) + 17, 10 * Megabyte])
        {
            var sent = new byte[length];
            random.NextBytes(sent);
            var (reading, sender) = Send(room, One, announced: length);
            for (var at = 0; at < length;)
            {
                var piece = sent.AsMemory(at, Math.Min(length - at, random.Next(1, Math.Max(2, length / 10))));
                await sender.WriteAsync(piece);
                at += piece.Length;
            }

            await sender.CompleteAsync();
            using var body = await reading.WaitAsync(Until.Patience);
            Assert.True(body.Bytes.AsSpan(0, body.Length).SequenceEqual(sent), $"{length} bytes came otherwise.");
            Assert.InRange(room.Held, length, Math.Max(16 << 10, length * 2));
        }

        Assert.Equal(0, room.Held);
    }

    [Fact]
    public async Task Refused_bodies_hold_nothing()
    {
        var room = new BodyRoom(clock);
        var tooLarge = await Assert.ThrowsAsync<ProblemException>(async () => await RequestBody.ReadAsync(Request(1001), room, One, 1000));
        Assert.Equal(413, tooLarge.Status);
        Assert.Equal(0, room.Held);
    }

    static async Task WriteAsync(PipeWriter sender, int bytes)
    {
        for (var left = bytes; left > 0; left -= Megabyte)
            await sender.WriteAsync(new byte[Math.Min(left, Megabyte)]);
        await sender.CompleteAsync();
    }

    static (Task<RequestBody> Reading, PipeWriter Sender) Send(BodyRoom room, Guid tenant, int announced)
    {
        var pipe = new Pipe();
        var http = new DefaultHttpContext();
        http.Features.Set<IRequestBodyPipeFeature>(new Body(pipe.Reader));
        http.Request.ContentLength = announced;
        return (RequestBody.ReadAsync(http.Request, room, tenant, 10 * Megabyte).AsTask(), pipe.Writer);
    }

    /// <summary>A body that is there.</summary>
    static HttpRequest Request(int bytes) => new DefaultHttpContext { Request = { Body = new MemoryStream(new byte[bytes]) } }.Request;

    sealed class Body(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
