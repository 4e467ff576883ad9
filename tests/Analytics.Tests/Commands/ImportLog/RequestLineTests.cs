using System.Text;
using Analytics.Commands.ImportLog;

namespace Analytics.Tests.Commands.ImportLog;

public sealed class RequestLineTests
{
    [Theory]
    [InlineData("GET /orders/7?page=2 HTTP/1.1", "GET /orders/7")]
    [InlineData("GET /", "GET /")]
    [InlineData("OPTIONS * HTTP/1.1", "OPTIONS *")]
    [InlineData("M-SEARCH /a#b HTTP/2.0", "M-SEARCH /a")]
    [InlineData("GET http://example.com/a?b HTTP/1.1", "GET http://example.com/a")]
    [InlineData("CONNECT example.com:443 HTTP/1.1", "CONNECT example.com:443")]
    [InlineData("GET /a b/c HTTP/1.1", "GET /a b/c")]
    [InlineData("GET /a HTTP/1.1/b HTTP/1.1", "GET /a HTTP/1.1/b")]
    [InlineData("GET //a HTTP/1.1", "GET //a")]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("GET", null)]
    [InlineData("GET ", null)]
    [InlineData("GET ?a HTTP/1.1", null)]
    [InlineData("GET index.html HTTP/1.1", null)]
    [InlineData("\\x16\\x03\\x01\\x02\\x00\\x01\\x00 /", null)]
    [InlineData("SSH-2.0-OpenSSH_9.2", null)]
    [InlineData("MGLNDD_10.0.0.1_443 /", null)]
    [InlineData("t3 12.2.1", null)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1", null)]
    public void A_request_line_is_a_method_and_a_path_or_no_request(string line, string? expected)
    {
        var isRequest = RequestLine.TryRead(Encoding.UTF8.GetBytes(line), out var method, out var path);

        Assert.Equal(expected, isRequest ? $"{Encoding.UTF8.GetString(method)} {Encoding.UTF8.GetString(path)}" : null);
    }

    [Theory]
    [InlineData("a \\x22quoted\\x22 \\\"agent\\\" \\\\", "a \"quoted\" \"agent\" \\")]
    [InlineData("\\xD0\\xB0\\xe2\\x82\\xac", "а€")]
    [InlineData("\\xFF and \\x00", "� and �")]
    [InlineData("C:\\Windows \\x2 \\", "C:\\Windows \\x2 \\")]
    [InlineData("tab\\t", "tab\t")]
    public void Text_is_what_was_sent(string logged, string sent) => Assert.Equal(sent, LoggedText.Read(Encoding.UTF8.GetBytes(logged)));

    [Theory]
    [InlineData("/caf\\xC3\\xA9/\\x22", "/café/\"")]
    [InlineData("/\\xFF\\x00\\x7F\\xC2\\x85", "/%FF%00%7F%C2%85")]
    [InlineData("/a\\nb", "/a%0Ab")]
    public void A_path_has_neither_control_characters_nor_what_is_no_text(string logged, string path) =>
        Assert.Equal(path, LoggedText.ReadPath(Encoding.UTF8.GetBytes(logged)));

    [Theory]
    [InlineData("Mozilla/5.0 (X11)", true)]
    [InlineData("a\\x22", false)]
    [InlineData("café", false)]
    [InlineData("a\tb", false)]
    public void Most_text_is_plain(string logged, bool isPlain) => Assert.Equal(isPlain, LoggedText.IsPlain(Encoding.UTF8.GetBytes(logged)));
}
