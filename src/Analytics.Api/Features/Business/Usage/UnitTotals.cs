using Analytics.Storage.Cells;

namespace Analytics.Features.Business.Usage;

/// <summary>What every unit comes to, for each of some customers, products or types.</summary>
sealed class UnitTotals<TKey>(AskedUnits units)
    where TKey : notnull
{
    readonly Dictionary<(TKey, int), UnitTotal> totals = [];

    public void Add(TKey of, AskedUsage usage, Cell cell)
    {
        foreach (var unit in usage.Units)
        {
            if (!totals.TryGetValue((of, unit.Place), out var total))
                totals.Add((of, unit.Place), total = new(unit.Counted.Aggregation));
            total.Add(cell);
        }
    }

    /// <summary>Every unit, also those that come to nothing.</summary>
    public IReadOnlyList<UnitAmount> Of(TKey of) =>
        [.. units.All.Select(unit => new UnitAmount(unit.Key, totals.GetValueOrDefault((of, unit.Place))?.Value ?? default))];
}
