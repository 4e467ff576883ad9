using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

public sealed class PersonSetTests
{
    [Fact]
    public void It_is_the_set_of_its_numbers()
    {
        var random = new Random(51);
        for (var round = 0; round < 60; round++)
        {
            var (set, expected) = Some(random);
            foreach (var person in expected.ToArray())
            {
                if (random.Next(4) == 0)
                    Assert.Equal(expected.Remove(person), set.Remove(person));
            }
            Assert.Equal(expected.Count, set.Count);
            Assert.Equal(expected.Order(), set.ToArray());
            for (var probe = 0; probe < 100; probe++)
            {
                var person = random.Next(1, 200_000);
                Assert.Equal(expected.Contains(person), set.Contains(person));
            }
        }
    }

    [Fact]
    public void A_set_comes_back_from_its_bytes()
    {
        var random = new Random(52);
        for (var round = 0; round < 100; round++)
        {
            var (set, expected) = Some(random);
            ReadOnlySpan<byte> bytes = Bytes(set);
            var back = PersonSet.Read(ref bytes);
            Assert.True(bytes.IsEmpty);
            Assert.Equal(expected.Order(), back.ToArray());
        }
    }

    [Fact]
    public void A_union_holds_both()
    {
        var random = new Random(53);
        for (var round = 0; round < 60; round++)
        {
            var set = new PersonSet();
            var expected = new HashSet<int>();
            for (var part = random.Next(1, 12); part > 0; part--)
            {
                var (other, members) = Some(random);
                expected.UnionWith(members);
                if (random.Next(2) == 0)
                {
                    set.UnionWith(other);
                    continue;
                }
                ReadOnlySpan<byte> bytes = [.. Bytes(other), 7];
                set.UnionWithSerialized(ref bytes);
                Assert.Equal([7], bytes.ToArray());
            }
            Assert.Equal(expected.Count, set.Count);
            Assert.Equal(expected.Order(), set.ToArray());
        }
    }

    [Fact]
    public void A_union_leaves_the_other_alone()
    {
        var (one, other) = (new PersonSet(), new PersonSet());
        other.Add(5);
        one.UnionWith(other);
        one.Add(6);
        Assert.Equal([5], other.ToArray());
        one.UnionWith(one);
        Assert.Equal([5, 6], one.ToArray());
    }

    [Fact]
    public void Members_of_both_sets_are_counted_where_something_is_so()
    {
        var random = new Random(54);
        for (var round = 0; round < 200; round++)
        {
            var (one, mine) = Some(random);
            var (other, theirs) = Some(random);
            Assert.Equal(mine.Intersect(theirs).Count(person => person % 3 > 0), one.CountCommon(other, person => person % 3 > 0));
        }
    }

    [Fact]
    public void Small_sets_take_few_bytes()
    {
        var set = new PersonSet();
        Assert.Single(Bytes(set));
        set.Add(70_000);
        Assert.Equal(4, Bytes(set).Length);
        using var writer = new ByteWriter();
        PersonSet.WriteOne(writer, 70_000);
        Assert.Equal(Bytes(set), writer.ToArray());
        for (var person = 1; person <= 60_000; person++)
            set.Add(person);
        Assert.InRange(Bytes(set).Length, 60_000 / 8, 60_000 / 8 + 20);
        var half = new PersonSet();
        for (var person = 1; person <= 1_000; person += 2)
            half.Add(person);
        Assert.InRange(Bytes(half).Length, 1_000 / 8, 1_000 / 8 + 10);
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(int.MinValue)]
    public void A_person_has_a_positive_number(int person) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PersonSet().Add(person));

    [Fact]
    public void Damaged_bytes_are_refused_or_read_but_never_more()
    {
        var random = new Random(55);
        for (var round = 0; round < 3_000; round++)
        {
            var bytes = Bytes(Some(random, 60).Set);
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

    static (PersonSet Set, HashSet<int> Members) Some(Random random, int most = 30_000)
    {
        var range = new[] { 10, 5_000, 60_000, 150_000, int.MaxValue }[random.Next(5)];
        var count = random.Next(1 + new[] { 3, 200, 2_000, most }[random.Next(4)]);
        var (set, members) = (new PersonSet(), new HashSet<int>());
        for (var i = 0; i < count; i++)
        {
            var person = random.Next(1, range);
            Assert.Equal(members.Add(person), set.Add(person));
        }
        foreach (var edge in new[] { 1, 65_535, 65_536, int.MaxValue }.Where(_ => random.Next(8) == 0))
            Assert.Equal(members.Add(edge), set.Add(edge));
        return (set, members);
    }

    static byte[] Bytes(PersonSet set)
    {
        using var writer = new ByteWriter(1);
        set.WriteTo(writer);
        return writer.ToArray();
    }
}
