using Analytics.Storage.Storefront;
using Analytics.Time;

namespace Analytics.Features.Business.Storefront;

/// <summary>
/// How many visitors took each step, in order: of each visitor only the step is looked for that comes after those it took. Steps are added
/// in the order of time.
/// </summary>
sealed class FunnelCount(IReadOnlyList<Bucket> buckets)
{
    const int PageBits = 12;

    readonly long[] ends = [.. buckets.Select(bucket => Rfc3339.Microseconds(bucket.To))];
    readonly Dictionary<int, byte[]> taken = [];
    byte[] page = [];
    int pageNumber = -1;
    int bucket;

    /// <summary>The visitors by step.</summary>
    public long[] Visitors { get; } = new long[StorefrontSteps.Names.Length];

    /// <summary>The same by the bucket in which they took it.</summary>
    public long[][] ByBucket { get; } = [.. buckets.Select(_ => new long[StorefrontSteps.Names.Length])];

    public void Add(in VisitorStep step)
    {
        if (pageNumber != step.Visitor >> PageBits)
            Turn(step.Visitor >> PageBits);
        ref var next = ref page[step.Visitor & ((1 << PageBits) - 1)];
        if (next != step.Step)
            return;
        next++;
        while (step.Time >= ends[bucket])
            bucket++;
        Visitors[step.Step]++;
        ByBucket[bucket][step.Step]++;
    }

    void Turn(int number)
    {
        pageNumber = number;
        if (!taken.TryGetValue(number, out page!))
            taken[number] = page = new byte[1 << PageBits];
    }
}
