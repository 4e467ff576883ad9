using Analytics.Storage;

namespace Analytics.Benchmarks;

/// <summary>One event, before it is written as JSON for the service or as a row for bare Postgres.</summary>
public struct SampleEvent
{
    public const long NoParent = -1;

    public long Index;
    public int Name;
    public int Customer;

    /// <summary>Microseconds since 1970.</summary>
    public long Timestamp;

    /// <summary>The parent's index in the same lane.</summary>
    public long ParentIndex;
    public Guid Id;
    public Guid? Parent;
    public Guid? Trace;

    /// <summary>Millionths of a cent.</summary>
    public long Cost;
    public ulong Numbers;
}

/// <summary>
/// The endless, reproducible stream of events one connection sends. Of the children 60 % have their parent in the same
/// batch, 38 % in an earlier one of the lane, 2 % come before their parent.
/// </summary>
public sealed class Lane(Profile profile, ulong seed, int number)
{
    const int Memory = 4_096;
    const long Day = 86_400_000_000;

    readonly Randomness random = new(Randomness.Mix(seed * 1_000 + (ulong)number));
    readonly ulong idStream = Randomness.Mix(~(seed * 1_000 + (ulong)number));
    readonly SampleEvent[] remembered = new SampleEvent[Memory];
    readonly HashSet<long> promisedRoots = [];
    long index;
    long batchStart;

    public Profile Profile => profile;

    /// <summary>From here on is a new batch.</summary>
    public void StartBatch() => batchStart = index;

    /// <summary>The next event, at some moment of the interval (microseconds since 1970), or days before when it is late.</summary>
    public SampleEvent Next(long from, long to)
    {
        var sample = new SampleEvent
        {
            Index = index,
            Name = random.Ranked(profile.EventNames.Length),
            Customer = random.Ranked(profile.Customers),
            Timestamp = from + (long)(random.Fraction() * (to - from)),
            ParentIndex = SampleEvent.NoParent,
            Cost = (long)random.Skewed(500, 50_000_000),
            Numbers = random.Next(),
        };
        if (random.Fraction() < profile.Late)
            sample.Timestamp -= (long)((1 + random.Fraction() * 19) * Day);
        sample.Id = EventId.New(sample.Timestamp);
        if (!promisedRoots.Remove(index) && random.Fraction() < profile.Children)
            ChooseParent(ref sample);

        remembered[index % Memory] = sample;
        index++;
        return sample;
    }

    /// <summary>The external id of an event of this lane: 128 bits, written as hex.</summary>
    public (ulong High, ulong Low) ExternalId(long of) =>
        (Randomness.Mix(idStream + (ulong)of * 2), Randomness.Mix(idStream + (ulong)of * 2 + 1));

    /// <summary>What the deduplication key's hash of that external id looks like: random, shaped as a UUIDv8.</summary>
    public UInt128 KeyHash(long of)
    {
        var (high, low) = ExternalId(of);
        high = (Randomness.Mix(high) & ~0xF000UL) | 0x8000UL;
        low = (Randomness.Mix(low) & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
        return new UInt128(high, low);
    }

    void ChooseParent(ref SampleEvent sample)
    {
        var choice = random.Fraction();
        if (choice < 0.02)
        {
            // The parent will come later: it must be a root then, or the two could end up in a cycle.
            sample.ParentIndex = index + 100 + random.Below(1_900);
            promisedRoots.Add(sample.ParentIndex);
            sample.Parent = KeyHash(sample.ParentIndex).ToUuid();
            sample.Trace = sample.Parent;
            return;
        }

        var oldest = choice < 0.62 ? Math.Max(batchStart, index - Memory) : Math.Max(0, index - Memory);
        if (oldest == index)
            return;
        sample.ParentIndex = oldest + random.Below((int)(index - oldest));
        ref var parent = ref remembered[sample.ParentIndex % Memory];
        sample.Customer = parent.Customer;
        sample.Parent = parent.Id;
        sample.Trace = parent.Trace ?? parent.Id;
    }
}
