using Analytics.Sketches;

namespace Analytics.Tests.Sketches;

/// <summary>Keys with counts, however many come at once.</summary>
public sealed class SortedCountsTests
{
    [Fact]
    public void Few_and_many_keys_in_any_order_count_as_one_by_one()
    {
        var random = new Random(31);
        for (var round = 0; round < 200; round++)
        {
            var (counts, model) = (new SortedCounts<int>(4), new SortedDictionary<int, long>());
            for (var step = 0; step < 60; step++)
            {
                var keys = Enumerable.Range(0, random.Next(random.Next(3) == 0 ? 200 : 6)).Select(_ => random.Next(500)).Distinct().Order().ToArray();
                var amounts = keys.Select(_ => (long)random.Next(1, 4) * (random.Next(5) == 0 ? -1 : 1)).ToArray();
                if (random.Next(4) == 0)
                    foreach (var (key, amount) in keys.Zip(amounts))
                        counts.Add(key, amount);
                else
                    counts.Merge(keys, amounts);
                foreach (var (key, amount) in keys.Zip(amounts))
                    if ((model[key] = model.GetValueOrDefault(key) + amount) == 0)
                        model.Remove(key);
                if (random.Next(10) != 0)
                    continue;
                Assert.Equal(model.Keys, counts.Keys.ToArray());
                Assert.Equal(model.Values, counts.Counts.ToArray());
            }

            Assert.Equal(model.Keys, counts.Keys.ToArray());
            Assert.Equal(model.Values, counts.Counts.ToArray());
        }
    }
}
