using Analytics.Storage.Business;
using Analytics.Storage.Cells;

namespace Analytics.Features.Business.Usage;

/// <summary>What every unit comes to, for each of some customers, products or types.</summary>
sealed class UnitTotals<TKey>(AskedUnits units)
    where TKey : notnull
{
    readonly Dictionary<(TKey, AskedUnit), UnitTotal> totals = [];

    public void Add(TKey of, UsageKey key, Cell cell)
    {
        foreach (var unit in units.Of(key))
        {
            if (!totals.TryGetValue((of, unit), out var total))
                totals.Add((of, unit), total = new(unit.Counted.Aggregation));
            total.Add(cell);
        }
    }

    /// <summary>Every unit, also those that come to nothing.</summary>
    public IReadOnlyList<UnitAmount> Of(TKey of) =>
        [.. units.All.Select(unit => new UnitAmount(unit.Key, totals.GetValueOrDefault((of, unit))?.Value ?? default))];
}
