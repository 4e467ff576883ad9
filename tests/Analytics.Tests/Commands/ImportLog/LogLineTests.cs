using System.Globalization;
using System.Text;
using Analytics.Commands.ImportLog;

namespace Analytics.Tests.Commands.ImportLog;

public sealed class LogLineTests
{
    const string At = "[10/Oct/2000:13:55:36 -0700]";

    [Theory]
    [InlineData("127.0.0.1 - frank " + At + " \"GET /a.gif HTTP/1.0\" 200 2326", "127.0.0.1|frank|GET /a.gif HTTP/1.0|200|2326||")]
    [InlineData("::1 - - " + At + " \"GET /\" 304 -", "::1||GET /|304|0||")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 499 0 \"-\" \"-\"", "1.2.3.4||GET / HTTP/1.1|499|0||")]
    [InlineData("1.2.3.4 - - " + At + " \"-\" 408 0 \"-\" \"-\"", "1.2.3.4||-|408|0||")]
    [InlineData("1.2.3.4 - - " + At + " \"\" 400 0 \"-\" \"-\"", "1.2.3.4|||400|0||")]
    [InlineData("1.2.3.4 - - " + At + " \"\\x16\\x03\\x01\" 400 157 \"-\" \"-\"", "1.2.3.4||\\x16\\x03\\x01|400|157||")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 200 5 \"http://a/\" \"curl/8\"", "1.2.3.4||GET / HTTP/1.1|200|5|curl/8|")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 200 5 \"-\" \"a \\\"b\\\" c\"", "1.2.3.4||GET / HTTP/1.1|200|5|a \\\"b\\\" c|")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 200 5 \"-\" \"ends in \\\\\"", "1.2.3.4||GET / HTTP/1.1|200|5|ends in \\\\|")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 200 5 \"-\" \"ua\" 0.003", "1.2.3.4||GET / HTTP/1.1|200|5|ua|0.003")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 200 5 \"-\" \"ua\" \"10.0.0.1\" 0.003", "1.2.3.4||GET / HTTP/1.1|200|5|ua|0.003")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 200 5 1834", "1.2.3.4||GET / HTTP/1.1|200|5||1834")]
    [InlineData("1.2.3.4 - Ada [Admin] Byron " + At + " \"GET / HTTP/1.1\" 200 5", "1.2.3.4|Ada [Admin] Byron|GET / HTTP/1.1|200|5||")]
    [InlineData("web.example.com ident - " + At + " \"GET / HTTP/1.1\" 000 0", "web.example.com||GET / HTTP/1.1|0|0||")]
    public void A_line_of_either_format_is_read(string line, string expected)
    {
        Assert.Null(LogLine.Read(Encoding.UTF8.GetBytes(line), out var read));

        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Text(read.Host)}|{Text(read.User)}|{Text(read.Request)}|{read.Status}|{read.Size}|{Text(read.Agent)}|{Text(read.Last)}");
        Assert.Equal(expected, text);
        Assert.Equal(DateTimeOffset.Parse("2000-10-10T13:55:36-07:00").ToUnixTimeMilliseconds(), read.At);
    }

    [Theory]
    [InlineData("", "no time in brackets")]
    [InlineData("hello world", "no time in brackets")]
    [InlineData("[[[[", "no time in brackets")]
    [InlineData("1.2.3.4 - - [10/Oct/2000:13:55:36]", "no time in brackets")]
    [InlineData("1.2.3.4 - - " + At, "no request in quotes")]
    [InlineData("1.2.3.4 - - " + At + " GET / HTTP/1.1 200 5", "no request in quotes")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1 200 5", "no request in quotes")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\\", "no request in quotes")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\"", "no status")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" - 5", "no status")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 2000 5", "no status")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 200", "no size")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 200 -5", "no size")]
    [InlineData("1.2.3.4 - - " + At + " \"GET / HTTP/1.1\" 200 5x", "no size")]
    public void What_is_no_line_says_why(string line, string why) =>
        Assert.Equal(why, LogLine.Read(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData("01/Jan/1970:00:00:00 +0000", "1970-01-01T00:00:00Z")]
    [InlineData("29/Feb/2024:23:59:59 +0530", "2024-02-29T18:29:59Z")]
    [InlineData("31/Dec/2025:20:00:00 -0930", "2026-01-01T05:30:00Z")]
    [InlineData("30/Jun/2015:23:59:60 +0000", "2015-06-30T23:59:59Z")]
    [InlineData("29/Feb/2026:00:00:00 +0000", null)]
    [InlineData("00/Jan/2026:00:00:00 +0000", null)]
    [InlineData("01/jan/2026:00:00:00 +0000", null)]
    [InlineData("01/Jan/2026:24:00:00 +0000", null)]
    [InlineData("01/Jan/2026:00:60:00 +0000", null)]
    [InlineData("01/Jan/2026:00:00:61 +0000", null)]
    [InlineData("01/Jan/2026:00:00:00 00000", null)]
    [InlineData("01/Jan/2026:00:00:00 +0060", null)]
    [InlineData("01/Jan/0000:00:00:00 +0000", null)]
    [InlineData("1/Jan/2026:00:00:00 +00000", null)]
    public void Times_carry_their_zone(string text, string? expected)
    {
        var isTime = LogTime.TryRead(Encoding.ASCII.GetBytes(text), out var milliseconds);

        Assert.Equal(expected is not null, isTime);
        if (expected is not null)
            Assert.Equal(DateTimeOffset.Parse(expected), DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("0.003", null, 3_000)]
    [InlineData("1834", null, 1_834)]
    [InlineData("2", 1_000_000, 2_000_000)]
    [InlineData("12.5", 1_000, 12_500)]
    [InlineData("0", null, 0)]
    [InlineData("-", null, -1)]
    [InlineData("-1", null, -1)]
    [InlineData("10.0.0.1", null, -1)]
    [InlineData("", null, -1)]
    public void A_last_field_that_is_a_time_is_the_latency(string field, int? unit, int microseconds) =>
        Assert.Equal(microseconds < 0 ? null : microseconds, Latency.Read(Encoding.ASCII.GetBytes(field), unit));

    static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
