using System.Text;
using Analytics.Commands.ImportLog;

namespace Analytics.Tests.Commands.ImportLog;

public sealed class LogLinesTests
{
    [Fact]
    public async Task Lines_are_the_same_however_the_stream_cuts_them()
    {
        var random = new Random(5);
        var texts = Enumerable.Range(0, 5_000).Select(_ => new string('x', random.Next(0, 400)) + random.Next()).ToArray();
        var bytes = Encoding.UTF8.GetBytes(string.Join("\n", texts));

        var whole = await ReadAsync(new MemoryStream(bytes));
        var cut = await ReadAsync(new Trickle(bytes, random));

        Assert.Equal(texts, whole.Select(line => line.Text));
        Assert.Equal(whole, cut);
    }

    [Fact]
    public async Task A_line_that_stands_twice_is_two_requests() =>
        Assert.Equal(4, (await ReadAsync("a\na\nb\na\n")).Select(line => line.Place.RequestId).Distinct().Count());

    [Fact]
    public async Task A_log_that_has_grown_begins_with_the_same_requests() =>
        Assert.Equal(await ReadAsync("a\nb\n"), (await ReadAsync("a\nb\nc\n"))[..2]);

    [Fact]
    public async Task Another_log_with_the_same_lines_has_other_requests() =>
        Assert.Empty(Ids(await ReadAsync("first\na\nb\n")).Intersect(Ids(await ReadAsync("second\na\nb\n"))));

    [Fact]
    public async Task Ends_of_lines_and_empty_lines_make_no_other_requests()
    {
        var usual = Ids(await ReadAsync("a\nb\n"));

        Assert.Equal(usual, Ids(await ReadAsync("a\r\nb")));
        Assert.Equal(usual, Ids((await ReadAsync("\na\n\n\nb\n\n")).Where(line => line.Text.Length > 0)));
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_cut_and_the_next_one_is_whole()
    {
        var lines = await ReadAsync(new string('x', (2 * LogLines.LongestLine) + 7) + "\nnext\n");

        Assert.Equal([LogLines.LongestLine, LogLines.LongestLine, 7, 4], lines.Select(line => line.Text.Length));
        Assert.Equal("next", lines[^1].Text);
    }

    [Fact]
    public async Task A_last_line_that_is_being_written_is_read_whole()
    {
        var lines = await ReadAsync(new LogLines(new WrittenMeanwhile("a\nhal", "f\n"), growing: true, LogPlace.Beginning("")));

        Assert.Equal(["a", "half"], lines.Select(line => line.Text));
    }

    [Fact]
    public void A_name_tells_logs_apart_that_are_the_same() =>
        Assert.NotEqual(LogPlace.Beginning("web-1").After("a"u8, 1).RequestId, LogPlace.Beginning("web-2").After("a"u8, 1).RequestId);

    static IEnumerable<Guid> Ids(IEnumerable<(string Text, LogPlace Place)> lines) => lines.Select(line => line.Place.RequestId);

    static Task<List<(string Text, LogPlace Place)>> ReadAsync(string text) => ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    static Task<List<(string Text, LogPlace Place)>> ReadAsync(Stream stream) =>
        ReadAsync(new LogLines(stream, growing: false, LogPlace.Beginning("")));

    static async Task<List<(string Text, LogPlace Place)>> ReadAsync(LogLines lines)
    {
        var read = new List<(string, LogPlace)>();
        while (await lines.FillAsync(CancellationToken.None))
            while (lines.TryNext(out var line))
                read.Add((Encoding.UTF8.GetString(line), lines.Place));
        return read;
    }

    /// <summary>Gives a few bytes at a time.</summary>
    sealed class Trickle(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 900))], cancellationToken);
    }

    /// <summary>Is at its end, and then is not.</summary>
    sealed class WrittenMeanwhile(string first, string then) : MemoryStream
    {
        readonly Queue<byte[]> parts = new([Encoding.UTF8.GetBytes(first), [], Encoding.UTF8.GetBytes(then)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var part = parts.TryDequeue(out var next) ? next : [];
            part.CopyTo(buffer);
            return ValueTask.FromResult(part.Length);
        }
    }
}
