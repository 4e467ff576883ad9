namespace Analytics.Storage.Rollups;

/// <summary>How often a type occurred, and when first and last, in microseconds since 1970.</summary>
sealed record Occurrences(long Count, long First, long Last);

/// <summary>Whose events and which of them are counted.</summary>
/// <param name="People">Only these people's; null for everybody's.</param>
/// <param name="RootsOnly">Only events without a parent.</param>
sealed record ActivityFilter(int[]? People, bool RootsOnly)
{
    public long Count(Cell cell) => RootsOnly ? cell.Roots : cell.Events;
}

/// <summary>
/// Counts and times of event types, from rollups. Those keep exact times for all events of a type; for fewer of them the
/// rollups tell the first and the last quarter hour, and one look at each of those tells the time.
/// </summary>
sealed class EventTypeOccurrences(RollupSnapshot snapshot, int workspace, ActivityFilter filter)
{
    const int LastQuarter = (1 << 24) - 1;

    const string TimesSql = """
        select
            slot.type,
            min(seen.first),
            max(seen.last)
        from unnest($2, $3, $4) as slot (type, start, stop)
        cross join lateral (
            select min(timestamp) as first, max(timestamp) as last
            from events
            where workspace_id = $1
              and timestamp >= slot.start
              and timestamp < slot.stop
              and type = slot.type
              and ($5 is null or person = any($5))
              and (not $6 or parent is null)
        ) seen
        group by slot.type
        """;

    readonly Dictionary<int, Cell> totals = [];
    readonly Dictionary<int, (int First, int Last)> slots = [];

    /// <summary>The types that occurred at all under the filter.</summary>
    public async Task<Dictionary<int, Occurrences>> ReadAsync(CancellationToken cancel)
    {
        if (filter.People is { } people)
            await ReadPeopleAsync(people, cancel);
        else
            await ReadEverybodyAsync(cancel);

        var found = totals
            .Where(type => filter.Count(type.Value) > 0)
            .ToDictionary(type => type.Key, type => new Occurrences(filter.Count(type.Value), type.Value.First, type.Value.Last));
        if (slots.Count > 0)
            await ReadTimesAsync(found, cancel);
        return found;
    }

    async Task ReadEverybodyAsync(CancellationToken cancel)
    {
        await snapshot.TimelineAsync(Level.Ever, 0, 0, CellParts.Counts, (_, type) => CellOf(type), cancel);
        var mixed = totals
            .Where(type => filter.RootsOnly && type.Value.Roots > 0 && type.Value.Roots != type.Value.Events)
            .Select(type => type.Key)
            .ToHashSet();
        if (mixed.Count == 0)
            return;

        var days = await PlacesAsync(mixed, Level.Day, 0, Timeline.DayOf(LastQuarter), cancel);
        foreach (var day in days.Values.SelectMany(day => new[] { day.First, day.Last }).Distinct())
            await PlacesOfDayAsync(days, day, cancel);
    }

    async Task PlacesOfDayAsync(Dictionary<int, (int First, int Last)> days, int day, CancellationToken cancel)
    {
        var types = days.Where(type => type.Value.First == day || type.Value.Last == day).Select(type => type.Key).ToHashSet();
        var start = (day - Timeline.DayOf(0)) * Timeline.QuartersPerDay;
        foreach (var (type, quarters) in await PlacesAsync(types, Level.Quarter, start, start + Timeline.QuartersPerDay - 1, cancel))
        {
            Widen(slots, type, quarters.First);
            Widen(slots, type, quarters.Last);
        }
    }

    /// <summary>The first and last place of a level at which each of the types occurred.</summary>
    async Task<Dictionary<int, (int First, int Last)>> PlacesAsync(
        HashSet<int> types, Level level, int from, int to, CancellationToken cancel)
    {
        var cells = new Dictionary<(int Place, int Type), Cell>();
        await snapshot.TimelineAsync(
            level, from, to, CellParts.Counts,
            (place, type) => types.Contains(type) ? CellOf(cells, (place, type)) : null, cancel);
        var places = new Dictionary<int, (int First, int Last)>();
        foreach (var ((place, type), cell) in cells)
            if (filter.Count(cell) > 0)
                Widen(places, type, place);
        return places;
    }

    async Task ReadPeopleAsync(int[] people, CancellationToken cancel)
    {
        var quarters = new Dictionary<(int Quarter, int Type), Cell>();
        await new PeopleCells(snapshot, people, CellParts.Counts).ReadAsync(
            0, LastQuarter, (quarter, type) => CellOf(quarters, (quarter, type)), cancel);
        foreach (var ((quarter, type), cell) in quarters)
            if (filter.Count(cell) > 0)
            {
                CellOf(type).Merge(cell);
                Widen(slots, type, quarter);
            }
    }

    async Task ReadTimesAsync(Dictionary<int, Occurrences> found, CancellationToken cancel)
    {
        var looks = slots
            .SelectMany(slot => new[] { slot.Value.First, slot.Value.Last }.Distinct().Select(quarter => (Type: slot.Key, Quarter: quarter)))
            .ToList();
        var parameters = new SqlParameters();
        parameters.Add(workspace);
        parameters.Add(looks.Select(look => look.Type).ToArray());
        parameters.Add(looks.Select(look => Timeline.StartOf(look.Quarter).ToDateTimeUtc()).ToArray());
        parameters.Add(looks.Select(look => Timeline.StartOf(look.Quarter + 1).ToDateTimeUtc()).ToArray());
        parameters.Add(filter.People);
        parameters.Add(filter.RootsOnly);

        // What retention has dropped is known to the quarter hour only.
        foreach (var (type, (first, last)) in slots)
            if (found.TryGetValue(type, out var known))
                found[type] = known with { First = Microseconds(first), Last = Microseconds(last) };
        await using var command = parameters.Command(TimesSql, snapshot.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            if (!reader.IsDBNull(1) && found.TryGetValue(reader.GetInt32(0), out var known))
                found[reader.GetInt32(0)] = known with { First = Microseconds(reader.GetDateTime(1)), Last = Microseconds(reader.GetDateTime(2)) };
    }

    Cell CellOf(int type) => CellOf(totals, type);

    static Cell CellOf<TKey>(Dictionary<TKey, Cell> cells, TKey key) where TKey : notnull
    {
        if (!cells.TryGetValue(key, out var cell))
            cells.Add(key, cell = new Cell());
        return cell;
    }

    static void Widen(Dictionary<int, (int First, int Last)> places, int type, int place) =>
        places[type] = places.TryGetValue(type, out var known)
            ? (Math.Min(known.First, place), Math.Max(known.Last, place))
            : (place, place);

    static long Microseconds(int quarter) => Timeline.StartOf(quarter).ToUnixTimeTicks() / 10;

    static long Microseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks / 10;
}
