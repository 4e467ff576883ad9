using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Features.Statistics;

/// <summary>What the answer says of an event type.</summary>
sealed record EventType(Guid Id, string Name, string Label);

/// <summary>Cells by bucket and event type while an answer is being added up.</summary>
sealed class TraceTable(int buckets, IReadOnlyDictionary<int, EventType> known)
{
    readonly Dictionary<int, Cell?[]> cells = [];

    /// <summary>The types that have a root in the range.</summary>
    public IReadOnlyList<int> Types => [.. cells.Where(type => type.Value.Any(cell => cell?.Roots > 0)).Select(type => type.Key)];

    public EventType this[int type] => known[type];

    /// <summary>The cell to add to; null for a type that was not asked for.</summary>
    public Cell? Cell(int bucket, int type)
    {
        if (!known.ContainsKey(type))
            return null;
        if (!cells.TryGetValue(type, out var row))
            cells.Add(type, row = new Cell?[buckets]);
        return row[bucket] ??= new Cell();
    }

    public Cell Of(int bucket, int type) => cells[type][bucket] ?? new Cell();

    public Cell Total(int type)
    {
        var total = new Cell();
        foreach (var cell in cells[type])
            if (cell is not null)
                Merge(total, cell);
        return total;
    }

    // A bucket is whole: what takes a root's former value out stands in the same quarter hour. So no count is negative any
    // more, and more than 100 values stay more.
    static void Merge(Cell total, Cell bucket)
    {
        total.Merge(bucket);
        foreach (var field in total.Fields)
            field.Values.Compact();
    }
}
