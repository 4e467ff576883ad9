namespace Analytics.Storage.Verification;

/// <summary>Where the store does not say what its raw facts add up to.</summary>
/// <param name="Rollup">The rollup of the catalogue; or shares, payments, refunds, traces, keys, counters, runs, events.</param>
/// <param name="Key">The key in words.</param>
/// <param name="Measure">What of it differs.</param>
/// <param name="Stored">What the store says.</param>
/// <param name="Counted">What the recount says.</param>
sealed record Difference(string Rollup, string Key, string Measure, string Stored, string Counted)
{
    public override string ToString() => $"{Rollup}: {Key}: {Measure}: stored {Stored}, counted {Counted}";
}

/// <summary>What a recount found: the first hundred differences of every rollup and how many there are, of how many cells.</summary>
sealed class DifferenceLog(Action<Difference>? each = null)
{
    public const int MaxShown = 100;

    readonly Dictionary<string, long> counts = [];
    readonly List<Difference> shown = [];

    public IReadOnlyList<Difference> Shown => shown;

    /// <summary>How many differences each rollup has, those not shown included.</summary>
    public IReadOnlyDictionary<string, long> Counts => counts;

    public long Total => counts.Values.Sum();

    /// <summary>The cells that were compared, those that are equal and those that are not.</summary>
    public long Cells { get; private set; }

    public void Compared(int cells) => Cells += cells;

    public void Add(string rollup, string key, string measure, object? stored, object? counted)
    {
        var count = counts[rollup] = counts.GetValueOrDefault(rollup) + 1;
        if (count > MaxShown)
            return;
        var difference = new Difference(rollup, key, measure, $"{stored ?? "none"}", $"{counted ?? "none"}");
        shown.Add(difference);
        each?.Invoke(difference);
    }

    /// <summary>Adds a difference unless both are equal.</summary>
    public void Compare<T>(string rollup, string key, string measure, T stored, T counted)
    {
        if (!EqualityComparer<T>.Default.Equals(stored, counted))
            Add(rollup, key, measure, stored, counted);
    }
}
