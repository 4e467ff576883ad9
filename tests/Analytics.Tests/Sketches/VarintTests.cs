using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

public sealed class VarintTests
{
    [Fact]
    public void Every_number_comes_back()
    {
        var random = new Random(61);
        using var writer = new ByteWriter(1);
        var numbers = new List<Int128> { Int128.MinValue, Int128.MaxValue, long.MinValue, long.MaxValue, 0, -1 };
        for (var i = 0; i < 2_000; i++)
            numbers.Add(SomeValues.Next(random, "huge") >> random.Next(127));
        foreach (var number in numbers)
        {
            writer.WriteInt128(number);
            writer.WriteZigzag((long)number);
            writer.WriteVarint((ulong)number);
        }
        var bytes = writer.WrittenSpan;
        foreach (var number in numbers)
        {
            Assert.Equal(number, Varint.ReadInt128(ref bytes));
            Assert.Equal((long)number, Varint.ReadZigzag(ref bytes));
            Assert.Equal((ulong)number, Varint.Read(ref bytes));
        }
        Assert.True(bytes.IsEmpty);
    }

    [Theory]
    [InlineData(new byte[0]), InlineData(new byte[] { 0x80 }), InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 255, 2 })]
    public void Bytes_that_are_no_number_are_refused(byte[] bytes)
    {
        Assert.Throws<InvalidDataException>(() =>
        {
            ReadOnlySpan<byte> source = bytes;
            return Varint.Read(ref source);
        });
    }

    [Fact]
    public void A_writer_starts_again_after_a_reset()
    {
        using var writer = new ByteWriter(1);
        writer.WriteBytes(new byte[5_000]);
        writer.Truncate(3);
        writer.WriteByte(9);
        Assert.Equal([0, 0, 0, 9], writer.ToArray());
        writer.Reset();
        Assert.Equal(0, writer.Length);
    }
}
