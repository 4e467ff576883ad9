using System.Buffers;

namespace Analytics.Commands.ImportLog;

/// <summary>What a client asked for, <c>GET /orders/7?page=2 HTTP/1.1</c>: the method and the path, without the query string.</summary>
static class RequestLine
{
    /// <summary>What is counted for what is no request: TLS to a port without, scanners, clients that went before they asked.</summary>
    public static ReadOnlySpan<byte> InvalidMethod => "INVALID"u8;
    public static ReadOnlySpan<byte> InvalidPath => "*"u8;

    const int LongestMethod = 32;

    static readonly SearchValues<byte> OfMethods =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>False for what is no request. A protocol is not needed: HTTP 0.9 has none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> method, out ReadOnlySpan<byte> path)
    {
        var blank = line.IndexOf((byte)' ');
        method = blank < 0 ? default : line[..blank];
        path = line[(blank + 1)..];
        if (path.LastIndexOf(" HTTP/"u8) is >= 0 and var protocol)
            path = path[..protocol];
        if (path.IndexOfAny((byte)'?', (byte)'#') is >= 0 and var query)
            path = path[..query];
        return method.Length is > 0 and <= LongestMethod && !method.ContainsAnyExcept(OfMethods) && IsTarget(method, path);
    }

    static bool IsTarget(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path) => path switch
    {
        [] => false,
        [(byte)'/', ..] or [(byte)'*'] => true,
        _ => path.StartsWith("http://"u8) || path.StartsWith("https://"u8) || method.SequenceEqual("CONNECT"u8),
    };
}
