using System.Buffers.Text;

namespace Analytics.Benchmarks;

/// <summary>What the service acknowledged to us, over all phases of a workspace's life.</summary>
public sealed class Tally
{
    long inserted;
    long duplicates;
    long unknown;
    long refused;

    public long Inserted => Interlocked.Read(ref inserted);
    public long Duplicates => Interlocked.Read(ref duplicates);

    /// <summary>Events of requests that got no answer: they may or may not be stored.</summary>
    public long Unknown => Interlocked.Read(ref unknown);

    /// <summary>Requests answered 429 or 503.</summary>
    public long Refused => Interlocked.Read(ref refused);

    public void Acknowledge(in Answer answer)
    {
        Interlocked.Add(ref inserted, Number(answer.Body.Span, "\"inserted\":"u8));
        Interlocked.Add(ref duplicates, Number(answer.Body.Span, "\"duplicates\":"u8));
    }

    public void Refuse() => Interlocked.Increment(ref refused);

    public void LoseSight(int events) => Interlocked.Add(ref unknown, events);

    static long Number(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var at = body.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(body[(at + name.Length)..].TrimStart((byte)' '), out long value, out _)
            ? value
            : throw new InvalidDataException("An acknowledgement without counts: " + System.Text.Encoding.UTF8.GetString(body));
    }
}
