using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Storage.Storefront;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Storefront;

/// <summary>Counts a storefront's funnel from the packed steps of its visitors.</summary>
sealed class FunnelQuery(NpgsqlDataSource store)
{
    public async Task<FunnelAnswer> AnswerAsync(Workspace workspace, AskedPeriod period, CancellationToken cancel)
    {
        var count = new FunnelCount(period.Buckets);
        if (!period.Range.IsEmpty)
            await CountAsync(workspace, period, count, cancel);
        return new(Steps(count.Visitors), Biggest(count.Visitors), [.. period.Buckets.Zip(count.ByBucket, (bucket, of) =>
            new FunnelDay(period.DateOf(bucket), bucket.IsPartial(period.Now), of[0], of[1], of[2], of[3], of[4], of[5]))]);
    }

    async Task CountAsync(Workspace workspace, AskedPeriod period, FunnelCount count, CancellationToken cancel)
    {
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var (from, to) = (Rfc3339.Microseconds(period.Range.From), Rfc3339.Microseconds(period.Range.To));
        await new StoredSteps(read.Connection, workspace.Key).EachDayAsync(
            VisitorStep.DayOf(from), VisitorStep.DayOf(to - 1), (_, steps) =>
            {
                foreach (ref readonly var step in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(steps))
                    if (step.Time >= from && step.Time < to)
                        count.Add(step);
            }, read.Cancel);
    }

    static FunnelStep[] Steps(long[] visitors) =>
    [
        .. visitors.Select((took, step) => new FunnelStep(
            StorefrontSteps.Names[step], took, ExactNumber.Percent(took, visitors[Math.Max(step - 1, 0)]),
            ExactNumber.Percent(took, visitors[0]), step == 0 ? 0 : visitors[step - 1] - took)),
    ];

    static FunnelDropOff? Biggest(long[] visitors)
    {
        if (visitors[0] == 0)
            return null;
        var to = Enumerable.Range(1, visitors.Length - 1).MaxBy(step => visitors[step - 1] - visitors[step]);
        return new(StorefrontSteps.Names[to - 1], StorefrontSteps.Names[to], visitors[to - 1] - visitors[to]);
    }
}
