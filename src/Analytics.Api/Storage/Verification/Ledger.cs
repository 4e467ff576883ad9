using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// Keys with what is stored and what was counted, side by side. Their types are event types, unless words for them are given.
/// </summary>
sealed class Ledger(string rollup, Func<long, string> words, Func<int, string>? typeWords = null)
{
    readonly Dictionary<(long Key, int Type), (Tally Stored, Tally Counted)> pairs = [];

    /// <summary>A ledger of a rollup on every level of time.</summary>
    public static Ledger OfPlaces(Rollup rollup) =>
        new(rollup.Name, Places.Words, rollup.Id == RollupId.Activity ? Untyped : null);

    public static string Untyped(int type) => type == 0 ? "all events" : $"type {type}, which there should not be";

    public int Count => pairs.Count;

    public Tally Stored(long key, int type) => Pair(key, type).Stored;

    public Tally Counted(long key, int type) => Pair(key, type).Counted;

    /// <summary>Reports the keys that differ and forgets all of them; with a predicate only those it is true for.</summary>
    public void Settle(StoreSnapshot snapshot, DifferenceLog log, Func<long, bool>? isComplete = null)
    {
        var complete = pairs.Where(pair => isComplete?.Invoke(pair.Key.Key) != false).OrderBy(pair => pair.Key).ToList();
        foreach (var ((key, type), (stored, counted)) in complete)
        {
            foreach (var (measure, before, after) in stored.Against(counted, snapshot.Fields))
                log.Add(rollup, $"{words(key)}, {typeWords?.Invoke(type) ?? snapshot.TypeName(type)}", measure, before, after);
            pairs.Remove((key, type));
        }
    }

    (Tally Stored, Tally Counted) Pair(long key, int type)
    {
        if (!pairs.TryGetValue((key, type), out var pair))
            pairs.Add((key, type), pair = (new Tally(), new Tally()));
        return pair;
    }
}
