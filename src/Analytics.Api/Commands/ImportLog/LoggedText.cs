using System.Buffers;
using System.Globalization;
using System.Text;

namespace Analytics.Commands.ImportLog;

/// <summary>
/// Text of a log as the client sent it. nginx writes quotes, backslashes and all that is no printable ASCII as <c>\x22</c>, Apache some of
/// it as <c>\"</c> or <c>\t</c>.
/// </summary>
static class LoggedText
{
    /// <summary>Characters of a path that the service takes.</summary>
    public const int LongestPath = 2_048;

    static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Where(code => code != '\\').Select(code => (byte)code)]);

    /// <summary>Whether it stands in the log just as it was sent.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> logged) => !logged.ContainsAnyExcept(Plain);

    /// <summary>What is no text, such as NUL or half a character, becomes the replacement character.</summary>
    public static string Read(ReadOnlySpan<byte> logged) => Encoding.UTF8.GetString(Sent(logged)).Replace('\0', '\uFFFD');

    /// <summary>
    /// What cannot stand in a path is percent-encoded: control characters and what is no text. Of a path that is too long the beginning.
    /// </summary>
    public static string ReadPath(ReadOnlySpan<byte> logged)
    {
        var sent = Sent(logged).AsSpan();
        var path = new StringBuilder(sent.Length);
        while (!sent.IsEmpty)
        {
            var isText = Rune.DecodeFromUtf8(sent, out var rune, out var used) == OperationStatus.Done && !Rune.IsControl(rune);
            if (isText)
                path.Append(rune.ToString());
            else
                foreach (var raw in sent[..used])
                    path.Append(CultureInfo.InvariantCulture, $"%{raw:X2}");
            sent = sent[used..];
        }

        return path.Length <= LongestPath ? path.ToString()
            : path.ToString(0, char.IsHighSurrogate(path[LongestPath - 1]) ? LongestPath - 1 : LongestPath);
    }

    static byte[] Sent(ReadOnlySpan<byte> logged)
    {
        var sent = new byte[logged.Length];
        var length = 0;
        while (!logged.IsEmpty)
        {
            var used = ReadByte(logged, out sent[length]);
            length++;
            logged = logged[used..];
        }

        return sent[..length];
    }

    // How many bytes of the log are this one byte.
    static int ReadByte(ReadOnlySpan<byte> logged, out byte sent)
    {
        sent = logged[0];
        if (logged is [(byte)'\\', (byte)'x', var high, var low, ..] && char.IsAsciiHexDigit((char)high) && char.IsAsciiHexDigit((char)low))
        {
            sent = byte.Parse(logged[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return 4;
        }

        if (logged is not [(byte)'\\', var letter, ..])
            return 1;
        sent = letter switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'t' => (byte)'\t',
            (byte)'r' => (byte)'\r',
            (byte)'b' => (byte)'\b',
            (byte)'v' => (byte)'\v',
            (byte)'f' => (byte)'\f',
            (byte)'"' or (byte)'\\' => letter,
            _ => sent,
        };
        return sent == '\\' && letter != '\\' ? 1 : 2;
    }
}
