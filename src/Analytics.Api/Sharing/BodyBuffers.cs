using System.Numerics;

namespace Analytics.Sharing;

/// <summary>
/// Arrays of bodies that are used again: a large one that is left behind stays in memory until the collector looks at all of it. Unlike the
/// shared pool it keeps no more than it is told.
/// </summary>
sealed class BodyBuffers(long mostKept)
{
    /// <summary>How long a block is; a body comes in blocks.</summary>
    public const int Block = 16 * 1024;

    const int Megabyte = 1 << 20;

    readonly Lock guard = new();

    // The one that came back last is the last.
    readonly List<byte[]> kept = [];
    long bytes;

    /// <summary>How long an array is that holds so much: a block, a power of two, or whole megabytes.</summary>
    public static int LengthOf(int needed) => needed > Megabyte / 2
        ? (needed + Megabyte - 1) / Megabyte * Megabyte
        : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Block, needed));

    /// <summary>An array of <see cref="LengthOf"/>, with anything in it.</summary>
    public byte[] Rent(int needed)
    {
        var length = LengthOf(needed);
        lock (guard)
        {
            for (var at = kept.Count - 1; at >= 0; at--)
                if (kept[at] is var array && array.Length == length)
                {
                    kept.RemoveAt(at);
                    bytes -= length;
                    return array;
                }
        }

        return GC.AllocateUninitializedArray<byte>(length);
    }

    /// <summary>Keeps it. Where that is too much, the half that came back the longest ago goes.</summary>
    public void Return(byte[] array)
    {
        lock (guard)
        {
            kept.Add(array);
            bytes += array.Length;
            while (bytes > mostKept)
            {
                var old = (kept.Count + 1) / 2;
                bytes -= kept.Take(old).Sum(each => (long)each.Length);
                kept.RemoveRange(0, old);
            }
        }
    }
}
