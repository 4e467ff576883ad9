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
            var (set, expected) = SomePeople.Next(random);
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
    public void A_union_holds_both()
    {
        var random = new Random(53);
        for (var round = 0; round < 60; round++)
        {
            var set = new PersonSet();
            var expected = new HashSet<int>();
            for (var part = random.Next(1, 12); part > 0; part--)
            {
                var (other, members) = SomePeople.Next(random);
                expected.UnionWith(members);
                if (random.Next(2) == 0)
                {
                    set.UnionWith(other);
                    continue;
                }
                ReadOnlySpan<byte> bytes = [.. SomePeople.Bytes(other), 7];
                set.UnionWithSerialized(ref bytes);
                Assert.Equal([7], bytes.ToArray());
            }
            Assert.Equal(expected.Count, set.Count);
            Assert.Equal(expected.Order(), set.ToArray());
        }
    }

    [Fact]
    public void A_union_of_lists_and_bitmaps_is_what_adding_their_members_gives()
    {
        var random = new Random(57);
        for (var round = 0; round < 60; round++)
        {
            var (read, united, added) = (new PersonSet(), new PersonSet(), new PersonSet());
            for (var part = random.Next(1, 8); part > 0; part--)
            {
                var other = SomePeople.Blocks(random);
                ReadOnlySpan<byte> bytes = SomePeople.Bytes(other);
                read.UnionWithSerialized(ref bytes);
                united.UnionWith(other);
                foreach (var person in other)
                    added.Add(person);
                Assert.True(bytes.IsEmpty);
                Assert.Equal((added.Count, added.Count), (read.Count, united.Count));
            }
            Assert.Equal(added.ToArray(), read.ToArray());
            Assert.Equal(added.ToArray(), united.ToArray());
            Assert.Equal(SomePeople.Bytes(added), SomePeople.Bytes(read));
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
            var (one, mine) = SomePeople.Next(random);
            var (other, theirs) = SomePeople.Next(random);
            Assert.Equal(mine.Intersect(theirs).Count(person => person % 3 > 0), one.CountCommon(other, person => person % 3 > 0));
        }
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(int.MinValue)]
    public void A_person_has_a_positive_number(int person) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PersonSet().Add(person));
}
