using System.Runtime.InteropServices;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Storage.Verification;

/// <summary>The keys of a rollup with what is stored and what was counted, side by side and section by section.</summary>
sealed class Ledger(Rollup rollup)
{
    // A set is one for all sections: who was counted in one may be kept by another.
    readonly Dictionary<(CellKey Key, Section? Section), (Tally Stored, Tally Counted)> pairs = [];

    public int Count => pairs.Count;

    /// <summary>What a key says of a section; of its set without one.</summary>
    public (Tally Stored, Tally Counted) this[CellKey key, Section? section = null]
    {
        get
        {
            ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(pairs, (key, section), out var isThere);
            if (!isThere)
                pair = (new Tally(), new Tally());
            return pair;
        }
    }

    /// <summary>Adds a stored cell, or counts it as a part of a coarser one.</summary>
    public void Add(CellKey key, Section section, Cell cell, bool isCounted)
    {
        (isCounted ? this[key, section].Counted : this[key, section].Stored).Add(cell, withValues: true);
        if (cell.Set is { Count: > 0 } set)
            (isCounted ? this[key].Counted : this[key].Stored).AddSet(set);
    }

    /// <summary>Reports the keys that differ and forgets all of them; with a predicate only those it is true for.</summary>
    public void Settle(StoreSnapshot snapshot, DifferenceLog log, Func<CellKey, bool>? isComplete = null)
    {
        var complete = pairs.Where(pair => isComplete?.Invoke(pair.Key.Key) != false)
            .OrderBy(pair => pair.Key.Key).ThenBy(pair => pair.Key.Section?.Id).ToList();
        log.Compared(complete.Count(pair => pair.Key.Section is not null));
        foreach (var ((key, section), (stored, counted)) in complete)
        {
            foreach (var (measure, before, after) in stored.Against(counted, section, snapshot.Fields))
                log.Add(rollup.Name, Words(snapshot, key, section), measure, before, after);
            pairs.Remove((key, section));
        }
    }

    // "person 3, day 2026-04-01, task.done, sales"
    string Words(StoreSnapshot snapshot, CellKey key, Section? section) => string.Join(", ", new[]
    {
        Words(snapshot, rollup.Lead, key.Lead),
        SlotCalendar.Words(key.Grain, key.Slot),
        Words(snapshot, rollup.Second, key.Second),
        rollup.From.Length > 1 ? section?.Name : null,
    }.OfType<string>());

    static string? Words(StoreSnapshot snapshot, Dimension dimension, int number) =>
        dimension == Dimension.EventType ? snapshot.TypeName(number)
        : dimension == Dimension.Usage ? snapshot.Usage.Words(number)
        : dimension != Dimension.None ? $"{dimension.Name} {number}"
        : number != 0 ? $"number {number}, which there should not be" : null;
}
