using Analytics.Sketches;

namespace Analytics.Storage.Storefront;

/// <summary>
/// Steps as bytes, in their order: how much later than the one before, visitor and step as one number. About seven bytes each, which
/// take some ten nanoseconds to read.
/// </summary>
static class PackedSteps
{
    const int StepBits = 3;
    const int RoughBytes = 10;

    /// <summary>Packs steps that stand in their order.</summary>
    public static byte[] Pack(List<VisitorStep> steps)
    {
        using var bytes = new ByteWriter((steps.Count * RoughBytes) + Varint.Longest);
        bytes.WriteVarint((ulong)steps.Count);
        long before = 0;
        foreach (var step in steps)
        {
            bytes.WriteVarint((ulong)(step.Time - before));
            bytes.WriteVarint(((ulong)step.Visitor << StepBits) | (uint)step.Step);
            before = step.Time;
        }

        return bytes.ToArray();
    }

    /// <summary>Adds packed steps to a list.</summary>
    public static void Unpack(ReadOnlySpan<byte> bytes, List<VisitorStep> into)
    {
        var position = 0;
        var count = Varint.ReadLength(bytes, ref position);
        into.EnsureCapacity(into.Count + count);
        long time = 0;
        for (var left = count; left > 0; left--)
        {
            time += (long)Varint.Read(bytes, ref position);
            var what = Varint.Read(bytes, ref position);
            into.Add(new(time, (int)(what & ((1 << StepBits) - 1)), (int)(what >> StepBits)));
        }
    }

    /// <summary>How many there are.</summary>
    public static int CountOf(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        return Varint.ReadLength(bytes, ref position);
    }

    /// <summary>Both together, in their order.</summary>
    public static List<VisitorStep> Merge(List<VisitorStep> one, List<VisitorStep> other)
    {
        if (one.Count == 0 || other.Count == 0)
            return one.Count == 0 ? other : one;
        var merged = new List<VisitorStep>(one.Count + other.Count);
        int first = 0, second = 0;
        while (first < one.Count && second < other.Count)
            merged.Add(VisitorStep.Compare(one[first], other[second]) <= 0 ? one[first++] : other[second++]);
        merged.AddRange(one.Skip(first));
        merged.AddRange(other.Skip(second));
        return merged;
    }
}
