using System.Collections.Concurrent;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Feed;

/// <summary>Some of a workspace's facts in the order of a track, and how far they reach.</summary>
/// <param name="Records">In the order of their numbers.</param>
/// <param name="Through">Everything after the asked position and up to here is in <paramref name="Records"/>.</param>
/// <param name="HasGap">What came next is not kept any more.</param>
sealed record FeedPage(IReadOnlyList<FeedRecord> Records, long Through, bool HasGap);

/// <summary>
/// Reads commits for live readers and for those who catch up. Reads that are wanted at the same time, of whatever
/// workspaces, share their statements, so that a thousand busy workspaces cost little more than one.
/// </summary>
sealed class FeedStore(StoreAddress address, FeedPages pages) : IDisposable
{
    const int MaxWorkers = 4;
    const int MaxAtOnce = 32;

    const string AtJoinSql = """
        select coalesce(
            (
                select first_seq - 1
                from commits
                where workspace_id = $1
                  and committed_at >= (select created_at from memberships where workspace_id = $1 and user_id = $2)
                order by last_seq
                limit 1
            ),
            seq)
        from workspace_seq
        where workspace_id = $1
        """;

    readonly NpgsqlDataSource store = address.NewPool("feed", Bound);
    readonly ConcurrentQueue<Wanted> waiting = [];
    int workers;

    /// <summary>What comes after a position of a track: a page of it, none when there is none yet.</summary>
    public Task<FeedPage> ReadAsync(Workspace workspace, Track track, long after, CancellationToken cancel)
    {
        var wanted = new Wanted(new PagePlace(workspace, track, after));
        waiting.Enqueue(wanted);
        Start();
        return wanted.Page.Task.WaitAsync(cancel);
    }

    /// <summary>A batch's events in their traces as a customer's key sees them: without others' events.</summary>
    public async Task<FeedRecord[]> AsSeenByAsync(FeedBatch batch, Guid customer, CancellationToken cancel)
    {
        FeedEvent[] related = [.. batch.Records.OfType<FeedEvent>().Where(e => e.HasRelatives)];
        if (related.Length == 0)
            return batch.Records;
        var places = await PlacesAsync(related, customer, cancel);
        return Array.ConvertAll(
            batch.Records, record => record is FeedEvent e && places.TryGetValue(e.Stored.Id, out var place) ? e.At(place) : record);
    }

    async Task<Dictionary<Guid, Place>> PlacesAsync(FeedEvent[] events, Guid customer, CancellationToken cancel)
    {
        try
        {
            await using var read = await BoundedRead.OpenAsync(store, cancel);
            var visible = await PeopleLookup.OfCustomersAsync(read.Connection, events[0].Workspace.Key, [customer], read.Cancel);
            return await new Places(read, events[0].Workspace, visible, fields: []).OfAsync([.. events.Select(e => e.Stored)]);
        }
        catch (TooMuchToReadException)
        {
            // Shown without what hangs together with them: they must not end the stream.
            return events.ToDictionary(e => e.Stored.Id, e => Place.Unknown(e.Stored));
        }
    }

    /// <summary>The sequence a workspace had when the user became a member, or later where what came then is not kept any more.</summary>
    public Task<long> SequenceAtJoinAsync(int workspace, Guid user, CancellationToken cancel) =>
        store.ScalarAsync<long>(AtJoinSql, [workspace, user], cancel);

    /// <summary>The workspace's last number in a track; 0 when it is gone.</summary>
    public Task<long> LastAsync(int workspace, Track track, CancellationToken cancel) =>
        store.ScalarAsync<long>($"select {track.Now} from workspace_seq where workspace_id = $1", [workspace], cancel);

    /// <summary>For anything else the feed asks the store.</summary>
    public NpgsqlDataSource Source => store;

    public void Dispose() => store.Dispose();

    // Connections of its own, few: neither do streams take requests' connections, nor wait for them.
    internal static void Bound(NpgsqlConnectionStringBuilder bounds)
    {
        bounds.Options = "-c statement_timeout=10s -c jit=off -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";
        bounds.MaxPoolSize = MaxWorkers + 4;
        bounds.CommandTimeout = 15;
        bounds.NoResetOnClose = true;
    }

    void Start()
    {
        if (Interlocked.Increment(ref workers) <= MaxWorkers)
            _ = Task.Run(WorkAsync);
        else
            Interlocked.Decrement(ref workers);
    }

    async Task WorkAsync()
    {
        var group = new List<Wanted>();
        while (true)
        {
            while (group.Count < MaxAtOnce && waiting.TryDequeue(out var wanted))
                group.Add(wanted);
            if (group.Count == 0)
                break;
            await AnswerAsync(group);
            group.Clear();
        }

        Interlocked.Decrement(ref workers);
        // One that came between the last look and the line above found all workers busy.
        if (!waiting.IsEmpty)
            Start();
    }

    async Task AnswerAsync(List<Wanted> group)
    {
        var same = group.GroupBy(wanted => (wanted.Place.Workspace.Key, wanted.Place.Track, wanted.Place.After)).ToList();
        try
        {
            var found = await pages.ReadAsync(store, [.. same.Select(each => each.First().Place)]);
            // Each when it is placed: others' pages do not wait for that.
            foreach (var (page, wanted) in found.Zip(same))
                _ = AnswerAsync(page, wanted);
        }
        catch (Exception failure)
        {
            foreach (var wanted in group)
                wanted.Page.TrySetException(failure);
        }
    }

    static async Task AnswerAsync(Task<FeedPage> page, IEnumerable<Wanted> group)
    {
        try
        {
            var found = await page;
            foreach (var wanted in group)
                wanted.Page.TrySetResult(found);
        }
        catch (Exception failure)
        {
            foreach (var wanted in group)
                wanted.Page.TrySetException(failure);
        }
    }

    sealed record Wanted(PagePlace Place)
    {
        public TaskCompletionSource<FeedPage> Page { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
