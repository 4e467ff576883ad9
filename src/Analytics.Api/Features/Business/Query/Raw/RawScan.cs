using Analytics.Sharing;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>
/// The one door to raw facts: what those of a time come to, the newest first, as far as the time goes. They are read in slices, on two
/// connections where there is a place for a second one, in one snapshot.
/// </summary>
sealed class RawScan(NpgsqlDataSource store, Turns places, TimeProvider clock)
{
    public RawBounds Most { get; init; } = new();

    public async Task<QueryGroups> GroupsAsync(
        Workspace workspace, AskedQuery query, TimeRange range, TimeSpan budget, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(budget, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        var buckets = query.BucketsOf(range);
        var (groups, slices) = (new RawGroups(query, Most), new RawSlices(range, clock));
        try
        {
            if (!range.IsEmpty)
                await ReadAsync(workspace, query, buckets, slices, groups, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // What was read until now is the answer.
        }

        return new(buckets, await groups.ShownAsync(store, workspace, buckets.Count, cancel), slices.ScannedFrom);
    }

    async Task ReadAsync(
        Workspace workspace, AskedQuery query, IReadOnlyList<Bucket> buckets, RawSlices slices, RawGroups groups, CancellationToken cancel)
    {
        using var turn = places.TryTake(workspace.Id);
        await using var first = await RawSnapshot.OpenAsync(store, cancel);
        var question = await RawQuestion.OfAsync(store, first.Connection, workspace, query, cancel);
        if (question.IsOfNothing)
        {
            slices.Finish();
            return;
        }

        // Most times end with the day, or with the month.
        await SkipAsync(first, question, slices, cancel);
        await using var second = turn is null ? null : await first.OpenBesideAsync(store, cancel);
        await Task.WhenAll(
            WorkAsync(first, question, buckets, slices, groups, cancel),
            second is null ? Task.CompletedTask : WorkAsync(second, question, buckets, slices, groups, cancel));
    }

    // Where nothing is says nothing about how much there is before it: the next fact is looked up.
    static async Task SkipAsync(RawSnapshot snapshot, RawQuestion question, RawSlices slices, CancellationToken cancel)
    {
        var end = slices.End;
        if (end > slices.From)
            slices.Skip(await question.EmptyFromAsync(snapshot.Connection, slices.From, end, cancel), end);
    }

    static async Task WorkAsync(
        RawSnapshot snapshot, RawQuestion question, IReadOnlyList<Bucket> buckets, RawSlices slices, RawGroups groups,
        CancellationToken cancel)
    {
        try
        {
            await snapshot.ReadByPagesAsync(cancel);
            while (slices.Next() is { } next)
            {
                var slice = await RawSlice.ReadAsync(snapshot, question, buckets, groups.Most, next.From, next.To, cancel);
                slices.Done(next, slice, groups.Add);
                if (slice.Groups is [])
                    await SkipAsync(snapshot, question, slices, cancel);
            }
        }
        catch
        {
            slices.Stop();
            throw;
        }
    }
}
