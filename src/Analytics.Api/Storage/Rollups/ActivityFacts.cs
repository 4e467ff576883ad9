namespace Analytics.Storage.Rollups;

/// <summary>A delta's activity, fact by fact: the events of either part, by the person they count for, and the measures.</summary>
static class ActivityFacts
{
    /// <summary>
    /// Gives every fact's key (<see cref="CommitFacts.Key"/> of person and quarter hour) and cell, which is good until the next. A fact
    /// with more than no events is somebody's presence in that quarter hour; facts that take events away never are.
    /// </summary>
    public static void Each(StoredDelta delta, IReadOnlySet<int> serviceTypes, Action<long, Cell> each)
    {
        var cell = new Cell();
        var fact = new DeltaReader(delta.Facts);
        for (var isMore = fact.Read(); isMore;)
        {
            // Facts of one key stand together, an event type each.
            cell.Clear();
            var key = fact.Key;
            for (; isMore && fact.Key == key; isMore = fact.Read())
            {
                var events = cell.Events;
                CellFormat.Merge(fact.Cell, cell, CellParts.Counts);
                if (serviceTypes.Contains(fact.Type))
                    cell.Events = events;
            }

            cell.Roots = 0;
            if (cell.Events != 0 || cell.OwnCost != 0)
                each(key, cell);
        }

        fact = new DeltaReader(delta.Activity);
        while (fact.Read())
        {
            cell.Clear();
            CellFormat.Merge(fact.Cell, cell, CellParts.Counts);
            each(CommitFacts.Key(fact.Type, fact.Quarter), cell);
        }
    }
}
