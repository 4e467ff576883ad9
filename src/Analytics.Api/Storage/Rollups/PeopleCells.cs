namespace Analytics.Storage.Rollups;

/// <summary>What some people did, by quarter hour or by calendar bucket.</summary>
/// <param name="snapshot">The rollups.</param>
/// <param name="people">Whose cells are read.</param>
/// <param name="parts">What is wanted of them.</param>
sealed class PeopleCells(RollupSnapshot snapshot, IReadOnlyCollection<int> people, CellParts parts)
{
    /// <summary>
    /// Merges what falls into each bucket into the cells <paramref name="route"/> names by bucket and event type. Runs that
    /// have days are asked for days where a bucket holds whole ones, the others for all quarter hours.
    /// </summary>
    public async Task ReadAsync(BucketCover cover, Func<int, int, Cell?> route, CancellationToken cancel)
    {
        foreach (var level in cover.Levels)
        {
            var ranges = cover.RangesOf(level).SelectMany(range => people.Select(person => (
                Low: KeyOf(person, level, range.From), High: KeyOf(person, level, range.To)))).ToList();
            var (rollup, inRunsWithDays) = level == Level.Quarter ? (RollupId.People, true) : (RollupId.PeopleDays, default(bool?));
            await snapshot.CellsAsync(
                rollup, [.. ranges.Select(range => range.Low)], [.. ranges.Select(range => range.High)], inRunsWithDays,
                (key, type, bytes) =>
                {
                    if (cover.BucketOf(level, PlaceOf(level, key)) is var bucket and >= 0)
                        Merge(route(bucket, type), bytes.Span, CommitFacts.PersonOf(key));
                }, cancel);
        }

        await QuartersAsync(cover.FirstQuarter, cover.LastQuarter, false, InCover, cancel);

        Cell? InCover(int quarter, int type) => cover.BucketOf(quarter) is var bucket and >= 0 ? route(bucket, type) : null;
    }

    /// <summary>Merges the quarter hours in [from, to] into the cells <paramref name="route"/> names by quarter hour and event type.</summary>
    public Task ReadAsync(int from, int to, Func<int, int, Cell?> route, CancellationToken cancel) =>
        QuartersAsync(from, to, null, route, cancel);

    async Task QuartersAsync(int from, int to, bool? inRunsWithDays, Func<int, int, Cell?> route, CancellationToken cancel)
    {
        await snapshot.CellsAsync(
            RollupId.People,
            [.. people.Select(person => CommitFacts.Key(person, Math.Max(0, from)))],
            [.. people.Select(person => CommitFacts.Key(person, Math.Max(0, to)))],
            inRunsWithDays,
            (key, type, bytes) => Merge(route(CommitFacts.QuarterOf(key), type), bytes.Span, CommitFacts.PersonOf(key)), cancel);
        foreach (var delta in snapshot.Deltas)
        {
            var fact = new DeltaReader(delta.Facts);
            while (fact.Read())
                if (fact.Quarter >= from && fact.Quarter <= to && people.Contains(fact.Person) && route(fact.Quarter, fact.Type) is { } cell)
                {
                    Merge(cell, fact.Cell, fact.Person);
                    if (fact.HasTimes)
                        cell.Seen(fact.First, fact.Last);
                }
        }
    }

    // A person is among a cell's people when a root of theirs is in it.
    void Merge(Cell? cell, ReadOnlySpan<byte> bytes, int person)
    {
        if (cell is null)
            return;
        var roots = cell.Roots;
        CellFormat.Merge(bytes, cell, parts);
        if (parts.People && cell.Roots > roots)
            cell.AddPerson(person);
    }

    static long KeyOf(int person, Level level, int place) =>
        level == Level.Quarter ? CommitFacts.Key(person, place) : PersonDays.Key(person, level, place);

    static int PlaceOf(Level level, long key) => level == Level.Quarter ? CommitFacts.QuarterOf(key) : PersonDays.DayOf(key);
}
