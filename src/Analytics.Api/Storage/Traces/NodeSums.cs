using System.Buffers.Binary;

namespace Analytics.Storage.Traces;

/// <summary>The sums of a trace's fields, as stored in <c>trace_nodes.sums</c>: 18 bytes a field, zero sums left out.</summary>
static class NodeSums
{
    const int Size = 18;

    public static byte[] Write(Dictionary<short, Int128> sums)
    {
        var bytes = new byte[Size * sums.Count(sum => sum.Value != 0)];
        var at = 0;
        foreach (var (field, sum) in sums.Where(sum => sum.Value != 0).OrderBy(sum => sum.Key))
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(at), field);
            BinaryPrimitives.WriteInt128BigEndian(bytes.AsSpan(at + 2), sum);
            at += Size;
        }

        return bytes;
    }

    public static Dictionary<short, Int128> Read(ReadOnlySpan<byte> bytes)
    {
        var sums = new Dictionary<short, Int128>();
        for (; bytes.Length >= Size; bytes = bytes[Size..])
            sums[BinaryPrimitives.ReadInt16BigEndian(bytes)] = BinaryPrimitives.ReadInt128BigEndian(bytes[2..]);
        return sums;
    }
}
