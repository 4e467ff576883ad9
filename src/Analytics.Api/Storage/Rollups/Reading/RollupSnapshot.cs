using System.Data;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups.Runs;
using Npgsql;

namespace Analytics.Storage.Rollups.Reading;

/// <summary>
/// Some of a workspace's rollups as of one moment: stored runs, what has not been flushed yet, and raw facts where a bucket cuts a
/// slot. All of it is read in one snapshot, so that every acknowledged write is in it and nothing is in it twice.
/// </summary>
sealed class RollupSnapshot : IAsyncDisposable
{
    const string WorkspaceSql = "select rollup_zone, version, people from workspace_seq where workspace_id = $1";

    const string DeltasSql = "select section, data from rollup_deltas where workspace_id = $1 and section = any($2)";

    // Of more people what a range cuts is counted of everybody.
    const int MostPeople = 1000;

    readonly NpgsqlTransaction? transaction;
    readonly int workspace;
    readonly List<(short Section, byte[] Data)> deltas = [];
    readonly StoredRuns stored;
    readonly Dictionary<(Section, long From, long To, bool WithValues, string People), List<(Section Section, byte[] Data)>> cut = [];
    readonly Dictionary<(FactKind, long From, long To, long End), bool> ends = [];
    readonly Rollup[] openedFor;
    (int Version, int People) peopleAsOf;

    RollupSnapshot(
        NpgsqlDataSource store, NpgsqlConnection connection, NpgsqlTransaction? transaction, int workspace, Rollup[] rollups) =>
        (Store, Connection, this.transaction, this.workspace, openedFor, stored) =
        (store, connection, transaction, workspace, rollups, new(store, connection, workspace));

    /// <summary>The timeline's slots, with the zone its local days are in.</summary>
    public Timeline Timeline { get; private set; } = Timeline.Utc;

    /// <summary>Numbers that raw facts' texts have for this snapshot alone.</summary>
    public LentTexts Lent { get; } = new();

    /// <summary>Where it is of.</summary>
    public NpgsqlDataSource Store { get; }

    /// <summary>For further reads in the same snapshot.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Opens a snapshot of some rollups; others can not be read from it.</summary>
    public static async Task<RollupSnapshot> OpenAsync(NpgsqlDataSource store, int workspace, Rollup[] rollups, CancellationToken cancel)
    {
        var opened = await store.OpenConnectionAsync(cancel);
        try
        {
            var reading = await opened.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            var snapshot = new RollupSnapshot(store, opened, reading, workspace, rollups);
            await snapshot.LoadAsync(cancel);
            return snapshot;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>The rollups as the read sees everything else: on its connection, which stays its own.</summary>
    public static async Task<RollupSnapshot> WithinAsync(BoundedRead read, int workspace, Rollup[] rollups)
    {
        var snapshot = new RollupSnapshot(read.Store, read.Connection, null, workspace, rollups);
        await snapshot.LoadAsync(read.Cancel);
        return snapshot;
    }

    async Task LoadAsync(CancellationToken cancel)
    {
        short[] sections = [.. openedFor.SelectMany(rollup => rollup.From).Select(section => section.Id).Distinct()];
        await Connection.EachAsync(
            [
                (WorkspaceSql, [workspace],
                    row => (Timeline, peopleAsOf) = (Timeline.Of(row.GetString(0)), (row.GetInt32(1), row.GetInt32(2)))),
                (StoredRuns.ListSql, [workspace, openedFor.Select(rollup => rollup.Id).ToArray()], stored.Add),
                (DeltasSql, [workspace, sections],
                    row => deltas.Add((row.GetInt16(0), row.GetFieldValue<byte[]>(1)))),
            ], cancel);
    }

    /// <summary>
    /// Merges what falls into each bucket of a cover into the cells that <paramref name="route"/> names by bucket, lead and second;
    /// what it answers null for is stepped over.
    /// </summary>
    /// <param name="rollup">One of those the snapshot was opened for.</param>
    /// <param name="cover">Which slots, and their buckets.</param>
    /// <param name="leads">Whose cells; null where there is no lead.</param>
    /// <param name="parts">What is wanted of them.</param>
    /// <param name="route">The cell to merge into.</param>
    /// <param name="cancel">Ends the read.</param>
    public Task ReadAsync(
        Rollup rollup, Cover cover, IReadOnlyCollection<int>? leads, CellParts parts, Func<int, int, int, Cell?> route,
        CancellationToken cancel) => ReadAsync(rollup, cover, leads, parts.Values || parts.Fields != 0, (bucket, key, bytes) =>
    {
        if (route(bucket, key.Lead, key.Second) is { } cell)
            rollup.Merge(key, bytes.Span, cell, parts);
    }, (int bucket, in Projection projection, ref DeltaReader fact) =>
    {
        if (route(bucket, projection.LeadOf(fact.Key), projection.SecondOf(fact.Key)) is { } cell)
            projection.AddTo(cell, ref fact, parts);
    }, cancel);

    /// <summary>
    /// Gives the same as bytes, by bucket, lead and second, which are good until the next: of a rollup without sets of its own.
    /// </summary>
    public Task ReadBytesAsync(
        Rollup rollup, Cover cover, IReadOnlyCollection<int> leads, Action<int, int, int, ReadOnlyMemory<byte>> each,
        CancellationToken cancel) => ReadAsync(
        rollup, cover, leads, withValues: true, (bucket, key, bytes) => each(bucket, key.Lead, key.Second, bytes),
        (int bucket, in Projection projection, ref DeltaReader fact) =>
            each(bucket, projection.LeadOf(fact.Key), projection.SecondOf(fact.Key), fact.Cell), cancel);

    delegate void TakeFact(int bucket, in Projection projection, ref DeltaReader fact);

    async Task ReadAsync(
        Rollup rollup, Cover cover, IReadOnlyCollection<int>? leads, bool withValues,
        Action<int, CellKey, ReadOnlyMemory<byte>> each, TakeFact take, CancellationToken cancel)
    {
        if (!openedFor.Contains(rollup))
            throw new InvalidOperationException($"The snapshot was not opened for '{rollup.Name}'.");
        HashSet<int> wanted = [.. leads ?? [0]];
        if (wanted.Count == 0)
            return;
        int[]? some = rollup.Lead == Dimension.Person && wanted.Count <= MostPeople ? [.. wanted.Order()] : null;
        if (await EndsWithinAsync(rollup, cover, cancel))
            cover = cover.UpToSlotEnd();
        await stored.EachAsync(rollup, cover, wanted, each, cancel);

        foreach (var section in rollup.From)
        {
            var projection = new Projection(rollup, section);
            foreach (var (of, data) in deltas)
                if (of == section.Id)
                    Facts(data, projection, fact => cover.BucketOf(rollup.Finest, projection.SlotOf(fact, Timeline)));
            foreach (var edge in cover.Edges)
                foreach (var data in await FactsOfAsync(section, edge, section.IsOfPeople ? some : null, withValues, cancel))
                    Facts(data, projection, _ => edge.Bucket);
        }

        void Facts(byte[] data, Projection projection, Func<FactKey, int> bucketOf)
        {
            for (var fact = new DeltaReader(data); fact.Read();)
                if (wanted.Contains(projection.LeadOf(fact.Key)) && bucketOf(fact.Key) is var bucket and >= 0)
                    take(bucket, projection, ref fact);
        }
    }

    // Up to now most often: the running slot may have very many facts, but none after it.
    async Task<bool> EndsWithinAsync(Rollup rollup, Cover cover, CancellationToken cancel)
    {
        if (cover.CutAtEnd is not var (cut, end) || Array.Exists(rollup.From, section => section.CountsElsewhen))
            return false;
        foreach (var kind in rollup.From.Select(section => section.Kind).Distinct())
        {
            var place = (kind, cut.From, cut.To, end);
            if (!ends.TryGetValue(place, out var isWithin))
                ends.Add(place, isWithin = await kind.EndsWithinAsync(Connection, workspace, cut.From, cut.To, end, cancel));
            if (!isWithin)
                return false;
        }

        return true;
    }

    // A question reads several rollups of the same time: what its ends cut is counted once.
    async Task<IEnumerable<byte[]>> FactsOfAsync(Section section, Edge edge, int[]? people, bool withValues, CancellationToken cancel)
    {
        var together = people is null
            && openedFor.SelectMany(rollup => rollup.From).Distinct().Count(one => one.CountedWith == section.CountedWith) > 1;
        var only = together ? section.CountedWith : section;
        withValues |= !only.HasQuickSums;
        var of = people is null ? "" : string.Join(',', people);
        // What was counted of everybody will do for some.
        if (!cut.TryGetValue((only, edge.From, edge.To, true, ""), out var facts)
            && !cut.TryGetValue((only, edge.From, edge.To, withValues, ""), out facts)
            && !cut.TryGetValue((only, edge.From, edge.To, true, of), out facts)
            && !cut.TryGetValue((only, edge.From, edge.To, withValues, of), out facts))
        {
            facts = [];
            await section.Kind.RecountAsync(
                new RawCount(Connection, workspace, edge.From, edge.To, (counted, data) =>
                {
                    if (counted == only || (together && counted.CountedWith == only))
                        facts.Add((counted, data));
                    return Task.CompletedTask;
                }) { Only = only, IsTogether = together, People = people, HasValues = withValues, Lent = Lent }, cancel);
            cut.Add((only, edge.From, edge.To, withValues, of), facts);
        }

        return facts.Where(one => one.Section == section).Select(one => one.Data);
    }

    /// <summary>The people who have two numbers.</summary>
    public Task<LinkedPeople> LinkedPeopleAsync(CancellationToken cancel) =>
        LinkedPeople.ReadAsync(Store, Connection, workspace, peopleAsOf, cancel);

    public async ValueTask DisposeAsync()
    {
        if (transaction is null)
            return;
        await transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
