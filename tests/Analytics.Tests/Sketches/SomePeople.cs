using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

/// <summary>Random sets of people from a few to nearly all, the same on every run.</summary>
static class SomePeople
{
    /// <summary>A set with its members.</summary>
    public static (PersonSet Set, HashSet<int> Members) Next(Random random, int most = 30_000)
    {
        var range = new[] { 10, 5_000, 60_000, 150_000, int.MaxValue }[random.Next(5)];
        var count = random.Next(1 + new[] { 3, 200, 2_000, most }[random.Next(4)]);
        var (set, members) = (new PersonSet(), new HashSet<int>());
        for (var i = 0; i < count; i++)
        {
            var person = random.Next(1, range);
            Add(set, members, person);
        }
        foreach (var edge in new[] { 1, 65_535, 65_536, int.MaxValue }.Where(_ => random.Next(8) == 0))
            Add(set, members, edge);
        return (set, members);
    }

    /// <summary>A set whose blocks differ: nobody, a few, many, or a stretch, from full to every tenth, anywhere in the block.</summary>
    public static PersonSet Blocks(Random random)
    {
        var set = new PersonSet();
        for (var high = random.Next(3); high < 5; high += random.Next(1, 3))
        {
            var (start, length) = (random.Next(65_536), 1 << random.Next(17));
            var share = new[] { 0, 0.001, 0.1, 0.3, 0.6, 1 }[random.Next(6)];
            for (var low = start; low < Math.Min(65_536, start + length); low++)
                if (random.NextDouble() < share && (high | low) > 0)
                    set.Add((high << 16) | low);
        }
        return set;
    }

    // An assertion for each of millions would take longer than all else.
    static void Add(PersonSet set, HashSet<int> members, int person)
    {
        if (members.Add(person) != set.Add(person))
            Assert.Fail($"{person} is new to one of the two sets only.");
    }

    public static PersonSet Of(IEnumerable<int> members)
    {
        var set = new PersonSet();
        foreach (var person in members)
            set.Add(person);
        return set;
    }

    public static byte[] Bytes(PersonSet set)
    {
        using var writer = new ByteWriter(1);
        set.WriteTo(writer);
        return writer.ToArray();
    }
}
