using Analytics.Time;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Reads activity by calendar bucket from a snapshot: everybody's from the timeline, that of people or shares from their own
/// cells. Costs as much as there are buckets, people and shares, whatever the number of events.
/// </summary>
sealed class ActivityReader(RollupSnapshot snapshot, int workspace)
{
    // The same for every range that is read.
    HashSet<int>? serviceTypes;
    LinkedPeople? linkedPeople;

    /// <summary>
    /// The buckets' sums and users as of <paramref name="now"/>, with everything before the first bucket added up. The
    /// buckets follow each other without a gap.
    /// </summary>
    public async Task<ActivitySeries> ReadAsync(
        IReadOnlyList<Bucket> buckets, DateTimeOffset now, ActivityScope filter, CancellationToken cancel)
    {
        serviceTypes ??= await ServiceTypes.OfAsync(snapshot.Connection, workspace, cancel);
        linkedPeople ??= await snapshot.LinkedPeopleAsync(cancel);
        var sums = new ActivityBuckets(buckets, now, serviceTypes);
        if (filter.Shares is { } shares)
            await SharesAsync(sums, shares, filter.People, cancel);
        else if (filter.People is { } people)
            await PeopleAsync(sums, people, 0, cancel);
        else
            await EverybodyAsync(sums, cancel);
        await ExpiredAsync(sums, filter, cancel);
        return sums.ToSeries(linkedPeople);
    }

    async Task EverybodyAsync(ActivityBuckets sums, CancellationToken cancel)
    {
        foreach (var (level, ranges) in sums.PlacesToRead(snapshot.Timeline))
            await snapshot.CellsAsync(
                RollupId.Activity,
                [.. ranges.Select(range => Timeline.Key(level, range.From))],
                [.. ranges.Select(range => Timeline.Key(level, range.To))],
                null, (key, _, bytes) => sums.AddPlace(level, Timeline.IndexOf(key), bytes.Span), cancel);
        foreach (var delta in snapshot.Deltas)
            ActivityFacts.Each(delta, sums.ServiceTypes, sums.AddPresence);
        await DoubtsAsync(sums, cancel);
    }

    /// <summary>People whom a set may name although their last event of that time now counts for somebody else.</summary>
    async Task DoubtsAsync(ActivityBuckets sums, CancellationToken cancel)
    {
        var doubted = await NumbersAsync("""
            select distinct person
            from activity_doubts
            where workspace_id = $1
              and quarter between $2 and $3
            """, cancel, sums.FirstQuarter, sums.LastQuarter);
        if (doubted.Count == 0)
            return;
        var certain = sums.Empty();
        await PeopleAsync(certain, doubted, sums.FirstQuarter, cancel);
        sums.Decide(doubted, certain);
    }

    async Task PeopleAsync(ActivityBuckets sums, IReadOnlyCollection<int> people, int from, CancellationToken cancel)
    {
        await snapshot.CellsAsync(
            RollupId.PeopleActivity,
            [.. people.Select(person => CommitFacts.Key(person, Math.Max(0, from)))],
            [.. people.Select(person => CommitFacts.Key(person, sums.LastQuarter))],
            null, (key, _, bytes) => sums.AddCounted(CommitFacts.PersonOf(key), CommitFacts.QuarterOf(key), bytes.Span), cancel);
        var wanted = people.ToHashSet();
        foreach (var delta in snapshot.Deltas)
            ActivityFacts.Each(delta, sums.ServiceTypes, (key, cell) =>
            {
                if (wanted.Contains(CommitFacts.PersonOf(key)))
                    sums.AddCounted(CommitFacts.PersonOf(key), CommitFacts.QuarterOf(key), cell);
            });
    }

    async Task SharesAsync(
        ActivityBuckets sums, IReadOnlyCollection<int> shares, IReadOnlyCollection<int>? people, CancellationToken cancel)
    {
        var wanted = people?.ToHashSet();
        await snapshot.CellsAsync(
            RollupId.ShareActivity,
            [.. shares.Select(share => CommitFacts.Key(share, 0))],
            [.. shares.Select(share => CommitFacts.Key(share, sums.LastQuarter))],
            null, (key, person, bytes) =>
            {
                if (wanted?.Contains(person) != false)
                    sums.AddCounted(person, CommitFacts.QuarterOf(key), bytes.Span);
            }, cancel);
        var these = shares.ToHashSet();
        foreach (var delta in snapshot.Deltas)
        {
            var fact = new DeltaReader(delta.Activity);
            while (fact.Read())
                if (these.Contains(fact.Person) && wanted?.Contains(fact.Type) != false)
                    sums.AddCounted(fact.Type, fact.Quarter, fact.Cell);
        }
    }

    /// <summary>Shares that ran out in the quarter hour which is not over yet: of it the rollups say more than has happened.</summary>
    async Task ExpiredAsync(ActivityBuckets sums, ActivityScope filter, CancellationToken cancel)
    {
        var parameters = new SqlParameters();
        parameters.Add(workspace);
        parameters.Add(sums.OpenSince.UtcDateTime);
        parameters.Add(sums.Now.UtcDateTime);
        var ofShares = filter.Shares is { } shares ? $"and share = any({parameters.Add(shares.ToArray())})" : "";
        var ofPeople = filter.People is { } people ? $"and person = any({parameters.Add(people.ToArray())})" : "";
        await using var command = parameters.Command($"""
            select count(*)
            from shares
            where workspace_id = $1
              and expiry_at >= $2
              and expiry_at <= $3
              {ofShares}
              {ofPeople}
            """, snapshot.Connection);
        sums.AddExpired((long)(await command.ExecuteScalarAsync(cancel))!);
    }

    async Task<List<int>> NumbersAsync(string sql, CancellationToken cancel, params int[] values)
    {
        var numbers = new List<int>();
        await using var command = new NpgsqlCommand(sql, snapshot.Connection);
        foreach (var value in values.Prepend(workspace))
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = value });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            numbers.Add(reader.GetInt32(0));
        return numbers;
    }
}
