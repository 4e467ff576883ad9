using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

public sealed class PersonSetBytesTests
{
    [Fact]
    public void A_set_comes_back_from_its_bytes()
    {
        var random = new Random(52);
        for (var round = 0; round < 100; round++)
        {
            var (set, expected) = SomePeople.Next(random);
            ReadOnlySpan<byte> bytes = SomePeople.Bytes(set);
            var back = PersonSet.Read(ref bytes);
            Assert.True(bytes.IsEmpty);
            Assert.Equal(expected.Order(), back.ToArray());
        }
    }

    [Fact]
    public void Sets_of_every_density_come_back_and_unite()
    {
        var random = new Random(56);
        foreach (var range in new[] { 64, 1_000, 65_536, 100_000, 200_000 })
        {
            var (set, expected) = (new PersonSet(), new HashSet<int>());
            foreach (var share in new[] { 0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 0.9, 1 }.OrderBy(_ => random.Next()))
            {
                var members = Enumerable.Range(1, range).Where(_ => random.NextDouble() < share).ToArray();
                ReadOnlySpan<byte> bytes = SomePeople.Bytes(SomePeople.Of(members)), again = bytes;
                Assert.Equal(members, PersonSet.Read(ref bytes).ToArray());
                set.UnionWithSerialized(ref again);
                Assert.True(bytes.IsEmpty && again.IsEmpty);
                expected.UnionWith(members);
                Assert.Equal(expected.Count, set.Count);
                Assert.Equal(expected.Order().ToArray(), set.ToArray());
            }
        }
    }

    [Fact]
    public void Distances_of_one_two_and_three_bytes_come_back_in_any_order()
    {
        var random = new Random(58);
        int[] edges = [1, 2, 127, 128, 129, 130, 16_383, 16_384, 16_385, 16_386, 65_536, 200_000];
        for (var round = 0; round < 2_000; round++)
        {
            var most = random.Next(1, edges.Length + 1);
            var members = new List<int> { random.Next(1, 3) };
            for (var left = random.Next(40); left > 0; left--)
                members.Add(members[^1] + (random.Next(3) == 0 ? random.Next(1, 300) : edges[random.Next(most)]));
            if (random.Next(2) == 0)
                members.AddRange(Enumerable.Range(1 + (members[^1] | ushort.MaxValue), 200));
            ReadOnlySpan<byte> bytes = SomePeople.Bytes(SomePeople.Of(members));
            Assert.Equal(members, PersonSet.Read(ref bytes).ToArray());
            Assert.True(bytes.IsEmpty);
        }
    }

    [Fact]
    public void Small_sets_take_few_bytes()
    {
        var set = new PersonSet();
        Assert.Single(SomePeople.Bytes(set));
        set.Add(70_000);
        Assert.Equal(4, SomePeople.Bytes(set).Length);
        using var writer = new ByteWriter();
        PersonSet.WriteOne(writer, 70_000);
        Assert.Equal(SomePeople.Bytes(set), writer.ToArray());
        for (var person = 1; person <= 60_000; person++)
            set.Add(person);
        Assert.InRange(SomePeople.Bytes(set).Length, 60_000 / 8, 60_000 / 8 + 20);
        var half = new PersonSet();
        for (var person = 1; person <= 1_000; person += 2)
            half.Add(person);
        Assert.InRange(SomePeople.Bytes(half).Length, 1_000 / 8, 1_000 / 8 + 10);
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_but_never_more()
    {
        var random = new Random(55);
        for (var round = 0; round < 3_000; round++)
        {
            var bytes = SomePeople.Bytes(SomePeople.Next(random, 60).Set);
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ReadOnlySpan<byte> damaged = bytes.AsSpan(0, random.Next(bytes.Length + 1));
            try
            {
                var members = PersonSet.Read(ref damaged).ToArray();
                Assert.Equal(members.Distinct().Order(), members);
            }
            catch (InvalidDataException)
            {
                // That is the answer to be had.
            }
        }
    }

    [Fact]
    public void A_set_that_met_damaged_bytes_is_still_a_set()
    {
        var random = new Random(59);
        for (var round = 0; round < 500; round++)
        {
            var (set, before) = SomePeople.Next(random, 60);
            var bytes = SomePeople.Bytes(SomePeople.Blocks(random));
            for (var damage = random.Next(1, 4); damage > 0; damage--)
                bytes[random.Next(Math.Min(bytes.Length, 1 << random.Next(16)))] = (byte)random.Next(256);
            ReadOnlySpan<byte> damaged = bytes.AsSpan(0, random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length));
            try
            {
                set.UnionWithSerialized(ref damaged);
            }
            catch (InvalidDataException)
            {
                // What was read before the damage may be in.
            }
            var members = set.ToArray();
            Assert.Equal(members.Distinct().Order().ToArray(), members);
            Assert.Empty(before.Except(members));
        }
    }

    [Theory]
    [InlineData(1_024, 1), InlineData(1_023, 2), InlineData(0, 0), InlineData(0, 1_025)]
    [InlineData(ulong.MaxValue, 2), InlineData(2, ulong.MaxValue)]
    public void Words_beyond_the_end_of_a_bitmap_are_refused(ulong first, ulong length)
    {
        using var writer = new ByteWriter();
        foreach (var number in new ulong[] { (1 << 1) | 1, 0, 1, first, length })
            writer.WriteVarint(number);
        writer.WriteBytes(Enumerable.Repeat((byte)255, 1_025 * 8).ToArray());
        Assert.Throws<InvalidDataException>(() =>
        {
            var source = writer.WrittenSpan;
            return PersonSet.Read(ref source);
        });
    }

    [Fact]
    public void A_whole_bitmap_of_former_times_is_read()
    {
        var bytes = new byte[3 + 8_192 + 1];
        (bytes[0], bytes[1], bytes[2], bytes[3], bytes[^2], bytes[^1]) = ((1 << 1) | 1, 2, 3, 0b1001, 0x80, 7);
        ReadOnlySpan<byte> source = bytes;
        Assert.Equal([0x2_0000, 0x2_0003, 0x2_ffff], PersonSet.Read(ref source).ToArray());
        Assert.Equal([7], source.ToArray());
    }
}
