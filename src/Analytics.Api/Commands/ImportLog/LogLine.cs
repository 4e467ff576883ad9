using System.Buffers.Text;

namespace Analytics.Commands.ImportLog;

/// <summary>
/// A line of the common or the combined format of nginx and Apache, what is text in it as it stands there, escapes and all:
/// <c>host ident user [time] "request" status size "referer" "agent"</c>, and fields of one's own after these.
/// </summary>
readonly ref struct LogLine
{
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>Who signed in; empty for nobody.</summary>
    public ReadOnlySpan<byte> User { get; private init; }

    /// <summary>Milliseconds since 1970.</summary>
    public long At { get; private init; }

    public ReadOnlySpan<byte> Request { get; private init; }

    public int Status { get; private init; }

    /// <summary>Bytes of the response's body.</summary>
    public long Size { get; private init; }

    /// <summary>Empty in the common format, and where none was sent.</summary>
    public ReadOnlySpan<byte> Agent { get; private init; }

    /// <summary>The last field of one's own, empty without any: how long the request took, maybe.</summary>
    public ReadOnlySpan<byte> Last { get; private init; }

    /// <summary>Null, or why it cannot be read.</summary>
    public static string? Read(ReadOnlySpan<byte> line, out LogLine read)
    {
        read = default;
        if (!TryFindTime(line, out var bracket, out var at))
            return "no time in brackets";
        var fields = new LogFields(line[(bracket + LogTime.Length + 2)..]);
        if (!fields.TryNext(out var request, out var quoted) || !quoted)
            return "no request in quotes";
        if (!fields.TryNext(out var status, out _) || status.Length != 3 || status.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return "no status";
        if (!fields.TryNext(out var size, out _) || !TryReadSize(size, out var bytes))
            return "no size";

        var who = new LogFields(line[..bracket]);
        who.TryNext(out var host, out _);
        TakeRest(ref fields, out var agent, out var last);
        read = new LogLine
        {
            Host = host,
            User = UserIn(line[..bracket], host),
            At = at,
            Request = request,
            Status = Number(status),
            Size = bytes,
            Agent = agent,
            Last = last,
        };
        return null;
    }

    // A user's name may have blanks and brackets in it: the time is the first thing that reads as one.
    static bool TryFindTime(ReadOnlySpan<byte> line, out int bracket, out long at)
    {
        for (bracket = line.IndexOf((byte)'['); bracket + LogTime.Length + 1 < line.Length; bracket++)
        {
            if (line[bracket + LogTime.Length + 1] == ']' && LogTime.TryRead(line.Slice(bracket + 1, LogTime.Length), out at))
                return true;
            var next = line[(bracket + 1)..].IndexOf((byte)'[');
            if (next < 0)
                break;
            bracket += next;
        }

        at = 0;
        return false;
    }

    static ReadOnlySpan<byte> UserIn(ReadOnlySpan<byte> who, ReadOnlySpan<byte> host)
    {
        var rest = who[(who.IndexOf(host) + host.Length)..].Trim((byte)' ');
        var blank = rest.IndexOf((byte)' ');
        var user = blank < 0 ? default : rest[(blank + 1)..];
        return user is [(byte)'-'] ? default : user;
    }

    static int Number(ReadOnlySpan<byte> digits) => ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + digits[2] - '0';

    static bool TryReadSize(ReadOnlySpan<byte> text, out long size)
    {
        size = 0;
        return text is [(byte)'-'] || (Utf8Parser.TryParse(text, out size, out var used) && used == text.Length && size >= 0);
    }

    // Two fields in quotes are the referer and the agent; what stands after them, or in their place, is the log's own.
    static void TakeRest(scoped ref LogFields fields, out ReadOnlySpan<byte> agent, out ReadOnlySpan<byte> last)
    {
        agent = last = default;
        for (var index = 0; fields.TryNext(out var field, out var quoted); index++)
            if (index < 2 && quoted)
                agent = index == 1 ? field : default;
            else
                last = field;
        if (agent is [(byte)'-'])
            agent = default;
    }
}
