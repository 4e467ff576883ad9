using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

public sealed class ValueBagFormatTests
{
    public static TheoryData<string> Shapes => [.. SomeValues.Shapes];

    [Theory, MemberData(nameof(Shapes))]
    public void A_bag_comes_back_from_its_bytes(string shape)
    {
        var random = new Random(21);
        for (var round = 0; round < 200; round++)
        {
            var bag = SomeValues.Bag(SomeValues.Many(random, shape, random.Next(random.Next(2) == 0 ? 6 : 400)));
            if (random.Next(2) == 0)
                bag.Add(SomeValues.Next(random, shape), random.Next(-5, 5));
            bag.Compact();
            ReadOnlySpan<byte> bytes = Bytes(bag);
            Assert.True(ValueBag.Read(ref bytes).SameAs(bag));
            Assert.True(bytes.IsEmpty);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void What_exact_values_add_up_to_is_told_without_their_bag_and_while_they_are_merged(string shape)
    {
        var random = new Random(24);
        for (var round = 0; round < 200; round++)
        {
            var values = SomeValues.Many(random, shape, random.Next(random.Next(2) == 0 ? 4 : 100));
            var bag = SomeValues.Bag(values);
            if (random.Next(2) == 0)
                bag.Add(SomeValues.Next(random, shape), random.Next(-5, 5));
            ReadOnlySpan<byte> bytes = Bytes(bag);
            Assert.Equal(bag.Total, ValueBag.SumOfSerialized(bytes));
            Assert.Equal(bag.Total, SomeValues.Bag(values).MergeSerialized(ref bytes));
            Assert.True(bytes.IsEmpty);
        }
    }

    [Fact]
    public void The_farthest_values_come_back()
    {
        var bag = SomeValues.Bag([Int128.MinValue, Int128.MaxValue, 0, -1, 1]);
        ReadOnlySpan<byte> bytes = Bytes(bag);
        Assert.True(ValueBag.Read(ref bytes).SameAs(bag));
    }

    [Fact]
    public void A_small_cost_takes_two_bytes()
    {
        Assert.Equal(2, Bytes(SomeValues.Bag([2_500_000_000])).Length);
        Assert.Equal(3, Bytes(SomeValues.Bag([1234 * DecimalUnits.One])).Length);
        Assert.Equal(4, Bytes(SomeValues.Bag([15 * DecimalUnits.One, 30 * DecimalUnits.One, 45 * DecimalUnits.One])).Length);
    }

    [Fact]
    public void One_value_is_written_as_its_bag_is()
    {
        var random = new Random(22);
        foreach (var value in SomeValues.Shapes.SelectMany(shape => SomeValues.Many(random, shape, 100)))
        {
            var bag = new ValueBag();
            bag.Add(value, random.Next(2) == 0 ? 1 : -1);
            using var writer = new ByteWriter();
            ValueBag.WriteOne(writer, value, bag.Count);
            Assert.Equal(Bytes(bag), writer.ToArray());
        }
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_but_never_more()
    {
        var random = new Random(23);
        for (var round = 0; round < 20_000; round++)
        {
            var bag = SomeValues.Bag(SomeValues.Many(random, "mixed", random.Next(1, 8)));
            if (round % 2 == 0)
                bag.MergeBins([], []);
            var bytes = Bytes(bag)[..];
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ReadOnlySpan<byte> damaged = bytes.AsSpan(0, random.Next(bytes.Length + 1));
            try
            {
                ValueBag.SumOfSerialized(damaged);
            }
            catch (InvalidDataException)
            {
                // That is the answer to be had.
            }

            try
            {
                Assert.NotNull(ValueBag.Read(ref damaged).Entries().ToList());
            }
            catch (InvalidDataException)
            {
                // That is the answer to be had.
            }
        }
    }

    static byte[] Bytes(ValueBag bag)
    {
        using var writer = new ByteWriter(1);
        bag.WriteTo(writer);
        return writer.ToArray();
    }
}
