using System.Collections.Concurrent;

namespace Analytics.Benchmarks.Attack;

/// <summary>Counts what becomes of one kind's requests.</summary>
public sealed class Outcomes
{
    readonly ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);

    public void Count(string outcome) => counts.AddOrUpdate(outcome, 1, static (_, before) => before + 1);

    public Dictionary<string, int> ToCounts() => counts.ToDictionary();
}
