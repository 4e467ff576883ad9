using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Features.Metrics;

/// <summary>
/// Reads activity by calendar bucket from a snapshot: everybody's, or that of people or shares from their own cells. Costs as much
/// as there are buckets, people and shares, whatever the number of events.
/// </summary>
sealed class ActivityReader(RollupSnapshot snapshot, int workspace)
{
    /// <summary>The rollups a snapshot must have for it.</summary>
    public static readonly Rollup[] Rollups = [SalesRollups.Activity, SalesRollups.PeopleActivity, SalesRollups.ShareActivity];

    const string DoubtsSql = """
        select distinct person
        from activity_doubts
        where workspace_id = $1
          and quarter between $2 and $3
        """;

    // The same for every range that is read.
    LinkedPeople? linkedPeople;

    /// <summary>
    /// The buckets' sums and users as of <paramref name="now"/>, with everything before the first bucket added up. The
    /// buckets follow each other without a gap.
    /// </summary>
    public async Task<ActivitySeries> ReadAsync(
        IReadOnlyList<Bucket> buckets, DateTimeOffset now, ActivityScope scope, CancellationToken cancel)
    {
        linkedPeople ??= await snapshot.LinkedPeopleAsync(cancel);
        var sums = new ActivityBuckets(buckets, now, snapshot.Timeline);
        if (scope.Shares is { } shares)
            await snapshot.ReadAsync(
                SalesRollups.ShareActivity, sums.Cover, shares, CellParts.Sums,
                (piece, _, person) => scope.People?.Contains(person) != false ? sums.CellOf(piece, person) : null, cancel);
        else if (scope.People is { } people)
            await PeopleAsync(sums, people, cancel);
        else
            await EverybodyAsync(sums, buckets, now, cancel);
        sums.AddExpiries(await ExpiredAsync(sums, scope, cancel));
        return sums.ToSeries(linkedPeople);
    }

    async Task EverybodyAsync(ActivityBuckets sums, IReadOnlyList<Bucket> buckets, DateTimeOffset now, CancellationToken cancel)
    {
        await snapshot.ReadAsync(
            SalesRollups.Activity, sums.Cover, null, CellParts.SumsAndSet, (piece, _, _) => sums.CellOf(piece), cancel);

        // People whom a set may name although their last event of that time now counts for somebody else.
        var doubted = await snapshot.Connection.QueryAsync(
            DoubtsSql, [workspace, Timeline.QuarterOf(sums.First), sums.LastSlot], row => row.GetInt32(0), cancel);
        if (doubted.Count == 0)
            return;
        var certain = new ActivityBuckets(buckets, now, snapshot.Timeline);
        await PeopleAsync(certain, doubted, cancel);
        sums.Decide(doubted, certain);
    }

    Task PeopleAsync(ActivityBuckets sums, IReadOnlyCollection<int> people, CancellationToken cancel) => snapshot.ReadAsync(
        SalesRollups.PeopleActivity, sums.Cover, people, CellParts.Sums, (piece, person, _) => sums.CellOf(piece, person), cancel);

    /// <summary>
    /// How many shares ended by themselves in the quarter hour which is not over yet: of it the rollups say more than has happened.
    /// </summary>
    Task<long> ExpiredAsync(ActivityBuckets sums, ActivityScope scope, CancellationToken cancel)
    {
        var values = new SqlValues();
        var sql = $"""
            select count(*)
            from shares
            where workspace_id = {values.Add(workspace)}
              and expiry_at >= {values.Add(sums.OpenSince.UtcDateTime)}
              and expiry_at <= {values.Add(sums.Now.UtcDateTime)}
              {(scope.Shares is { } shares ? $"and share = any({values.Add(shares.ToArray())})" : "")}
              {(scope.People is { } people ? $"and person = any({values.Add(people.ToArray())})" : "")}
            """;
        return snapshot.Connection.ScalarAsync<long>(sql, values, cancel);
    }
}
