using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// How the raw facts of a kind are read in one snapshot, from a time on and some at a time, and what they count for: in arithmetic of
/// its own that shares nothing with the writer. Whatever else their rows should say is checked on the way. Times are microseconds.
/// </summary>
abstract class KindReading
{
    /// <summary>The sections in which the facts count.</summary>
    public abstract IReadOnlyList<Section> Sections { get; }

    public abstract Task BeginAsync(long from, CancellationToken cancel);

    /// <summary>Reads the next facts in the order of their times; gives the last one's, or null when there are none.</summary>
    public abstract Task<long?> ReadAsync(CancellationToken cancel);

    /// <summary>Counts those of the facts just read that are before a time; gives how many.</summary>
    public abstract Task<int> CountAsync(long to, Action<Entry> add, CancellationToken cancel);

    /// <summary>Counts what counts in [from, to) although no fact is sent then.</summary>
    public virtual Task CountWithoutFactsAsync(long from, long to, Action<Entry> add, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Where a range may end when there are no facts after this time; null at the end of time.</summary>
    public virtual Task<long?> EndAsync(long after, CancellationToken cancel) => Task.FromResult<long?>(null);

    /// <summary>First and last times of a section's facts by the dimensions that the rollup tells apart; the other ones are 0.</summary>
    public abstract Task TimesAsync(Section section, Rollup rollup, Action<FactKey, long, long> each, CancellationToken cancel);
}

/// <summary>What a raw fact counts for under one key of a section.</summary>
/// <param name="Section">Which section.</param>
/// <param name="Key">The fact's slot and the numbers of its dimensions.</param>
/// <param name="Sums">The numbers of sums and what is added to them.</param>
sealed record Entry(Section Section, FactKey Key, params (int Sum, Int128 Amount)[] Sums)
{
    static readonly Dictionary<short, Int128> None = [];

    /// <summary>A value of each numeric field that has one.</summary>
    public IReadOnlyDictionary<short, Int128> Values { get; init; } = None;

    public Int128? Maximum { get; init; }

    /// <summary>A number in the set of the fact's own cell; 0 for none.</summary>
    public int Member { get; init; }

    /// <summary>It no longer counts; but a set does not forget who was in it.</summary>
    public bool IsForSetsOnly { get; init; }

    /// <summary>Whether it puts its number into the rollup's sets.</summary>
    public bool IsPresentIn(Rollup rollup)
    {
        var cell = new Cell();
        foreach (var (sum, amount) in Sums)
            cell[sum] = amount;
        return rollup.Presence(cell) > 0;
    }
}
