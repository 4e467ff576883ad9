using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

public sealed class ValueBagTests
{
    public static TheoryData<string> Shapes => [.. SomeValues.Shapes];

    [Theory, MemberData(nameof(Shapes))]
    public void An_exact_bag_is_the_sorted_list(string shape)
    {
        var random = new Random(11);
        for (var round = 0; round < 50; round++)
        {
            var values = SomeValues.Many(random, shape, random.Next(1, 300));
            var expected = values.GroupBy(value => value).OrderBy(group => group.Key).Select(group => (group.Key, (long)group.Count()));
            Assert.Equal(expected, SomeValues.Bag(values).Entries());
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Values_taken_out_leave_no_trace(string shape)
    {
        var random = new Random(12);
        for (var round = 0; round < 50; round++)
        {
            var staying = SomeValues.Many(random, shape, random.Next(0, 150));
            var going = SomeValues.Many(random, shape, random.Next(1, 150));
            var steps = staying.Concat(going).Select(value => (value, 1)).Concat(going.Select(value => (value, -1))).ToArray();
            random.Shuffle(steps);
            var bag = new ValueBag();
            foreach (var (value, count) in steps)
                bag.Add(value, count);
            Assert.Equal(staying.Count, bag.Count);
            Assert.True(bag.SameAs(SomeValues.Bag(staying)));
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Bins_hold_what_was_put_in_and_not_taken_out(string shape)
    {
        var random = new Random(13);
        for (var round = 0; round < 30; round++)
        {
            var staying = SomeValues.Many(random, shape, random.Next(101, 600));
            var going = SomeValues.Many(random, shape, random.Next(1, 400));
            var bag = SomeValues.Bag(staying.Concat(going));
            bag.Compact();
            foreach (var value in going)
                bag.Add(value, -1);
            var expected = staying.GroupBy(ValueBag.BinOf).OrderBy(group => group.Key)
                .Select(group => (ValueBag.ValueOf(group.Key), (long)group.Count()));
            Assert.Equal(expected, bag.Entries());
            Assert.Equal(staying.Count, bag.Count);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Every_way_of_merging_ends_the_same(string shape)
    {
        var random = new Random(14);
        for (var round = 0; round < 40; round++)
        {
            var (parts, oneShot) = Parts(random, shape);
            var binned = parts.Any(part => part.IsBinned);
            while (parts.Count > 1)
            {
                var (into, from) = (random.Next(parts.Count), random.Next(parts.Count));
                if (into == from)
                    continue;
                if (random.Next(2) == 0)
                    parts[into].Merge(parts[from]);
                else
                    MergeBytes(parts[into], parts[from]);
                parts.RemoveAt(from);
            }
            if (binned)
                oneShot.MergeBins([], []);
            Assert.True(parts[0].SameAs(oneShot));
            Assert.Equal(oneShot.Count, parts[0].Count);
        }
    }

    [Fact]
    public void A_binned_bag_knows_its_least_and_largest_value_until_one_is_taken_out()
    {
        var random = new Random(29);
        var (all, whole) = (new List<Int128>(), new ValueBag());
        for (var part = 0; part < 40; part++)
        {
            var values = SomeValues.Many(random, "mixed", 1 + random.Next(part % 3 == 0 ? 400 : 20));
            var bag = SomeValues.Bag(values);
            bag.Compact();
            all.AddRange(values);
            if (part % 2 == 0)
                whole.Merge(bag);
            else
                MergeBytes(whole, bag);
            whole.Compact();
            Assert.Equal((all.Min(), all.Max()), whole.Ends);
        }

        Assert.True(whole.IsBinned);
        whole.Add(all[0], -1);
        Assert.Null(whole.Ends);
        Assert.Null(new ValueBag().Ends);
    }

    [Fact]
    public void A_bag_of_a_hundred_values_stays_exact()
    {
        var values = SomeValues.Many(new Random(15), "lognormal", 101);
        var bag = SomeValues.Bag(values);
        bag.Add(values[0], -1);
        bag.Compact();
        Assert.False(bag.IsBinned);
        bag.Add(values[0]);
        bag.Compact();
        Assert.True(bag.IsBinned);
        Assert.Equal(101, bag.Count);
    }

    [Fact]
    public void A_difference_cancels_when_it_is_merged()
    {
        ValueBag stored = SomeValues.Bag([15, 30]), difference = new();
        difference.Add(30, -1);
        difference.Add(45);
        stored.Merge(difference);
        Assert.True(stored.SameAs(SomeValues.Bag([15, 45])));
        Assert.Equal(0, difference.Count);
        Assert.False(difference.IsEmpty);
    }

    [Fact]
    public void A_bag_merged_with_itself_doubles()
    {
        foreach (var size in new[] { 1, 3, 90, 400 })
        {
            var values = SomeValues.Many(new Random(16), "cents", size);
            var bag = SomeValues.Bag(values);
            bag.Compact();
            bag.Merge(bag);
            var expected = SomeValues.Bag(values.Concat(values));
            if (bag.IsBinned)
                expected.Compact();
            Assert.True(bag.SameAs(expected));
        }
    }

    static (List<ValueBag> Parts, ValueBag OneShot) Parts(Random random, string shape)
    {
        var parts = new List<ValueBag>();
        var oneShot = new ValueBag();
        for (var part = random.Next(1, 40); part >= 0; part--)
        {
            var bag = new ValueBag();
            foreach (var value in SomeValues.Many(random, shape, random.Next(random.Next(4) == 0 ? 200 : 4)))
            {
                var count = random.Next(5) == 0 ? -1 : random.Next(1, 3);
                bag.Add(value, count);
                oneShot.Add(value, count);
            }
            bag.Compact();
            parts.Add(bag);
        }
        return (parts, oneShot);
    }

    static void MergeBytes(ValueBag into, ValueBag from)
    {
        using var writer = new ByteWriter();
        from.WriteTo(writer);
        writer.WriteByte(7);
        var bytes = writer.WrittenSpan;
        into.MergeSerialized(ref bytes);
        Assert.Equal([7], bytes.ToArray());
    }
}
