namespace Analytics.Commands.ImportLog;

/// <summary>The lines of a stream, one after the other, in little memory.</summary>
/// <param name="stream">The log, unpacked.</param>
/// <param name="growing">Whether somebody may be writing it: a last line without an end is then given a moment to get one.</param>
/// <param name="beginning">The place before the first line.</param>
sealed class LogLines(Stream stream, bool growing, LogPlace beginning)
{
    /// <summary>What is longer is read as several lines, of which none is a request.</summary>
    public const int LongestLine = 256 * 1024;

    // Whoever writes a log writes whole lines at once.
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    readonly byte[] buffer = new byte[2 * LongestLine];
    int start;
    int end;
    long read;
    bool isOver;

    /// <summary>Where the last line ends that was read.</summary>
    public LogPlace Place { get; private set; } = beginning;

    /// <summary>Reads more of the stream; false when nothing is left.</summary>
    public async Task<bool> FillAsync(CancellationToken cancel)
    {
        if (isOver)
            return false;
        if (start > 0)
        {
            buffer.AsSpan(start..end).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        var more = await stream.ReadAsync(buffer.AsMemory(end), cancel);
        if (more == 0 && growing && end > 0)
        {
            await Task.Delay(Moment, cancel);
            more = await stream.ReadAsync(buffer.AsMemory(end), cancel);
        }

        isOver = more == 0;
        end += more;
        read += more;
        return more > 0 || end > 0;
    }

    /// <summary>The next line that is there, without its end; it holds until <see cref="FillAsync"/>.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        var rest = buffer.AsSpan(start..end);
        var length = rest.IndexOf((byte)'\n');
        if (length > LongestLine || (length < 0 && (isOver || rest.Length >= LongestLine)))
            length = Math.Min(rest.Length, LongestLine);
        if (length < 0 || rest.IsEmpty)
        {
            line = default;
            return false;
        }

        var ended = length < rest.Length && rest[length] == '\n';
        line = rest[..length].TrimEnd((byte)'\r');
        Place = Place.After(line, read - rest.Length + line.Length);
        start += length + (ended ? 1 : 0);
        return true;
    }
}
