namespace Analytics.Storage.Business;

/// <summary>
/// Units of one event name that an event is one fact for: they look at the same field in the same way, or only count. Their filters can
/// come out in few ways only, so that the units which events match together stay few, too: a hundred units with filters of their own would
/// make 2^100 of them.
/// </summary>
/// <param name="looked">What they look at; null while they only count.</param>
/// <param name="isUnique">Whether they count its distinct values.</param>
sealed class UnitBatch(string? looked, bool isUnique)
{
    /// <summary>In so many ways its units are matched at most.</summary>
    public const int MostOutcomes = 64;

    readonly List<FieldFilter> filters = [];

    public string? Field => looked;

    public bool IsUnique => isUnique;

    /// <summary>The places of its units among those of the name.</summary>
    public List<int> Units { get; } = [];

    double Outcomes => FilterOutcomes.MostOf(filters);

    /// <summary>Puts the units of a name into batches, where each makes the fewest outcomes more.</summary>
    public static List<UnitBatch> Of(IReadOnlyList<Unit> units)
    {
        var batches = new List<UnitBatch>();
        foreach (var (at, unit) in units.Index().OrderBy(one => one.Item.Aggregation == Aggregation.Count))
        {
            var (field, unique) = (unit.Aggregation == Aggregation.Count ? null : unit.Field, unit.Aggregation == Aggregation.Unique);
            var batch = batches.Where(batch => field is null || (batch.Field, batch.IsUnique) == (field, unique))
                .Where(batch => batch.OutcomesWith(unit) <= MostOutcomes || batch.OutcomesWith(unit) == batch.Outcomes)
                .MinBy(batch => batch.OutcomesWith(unit) / batch.Outcomes);
            if (batch is null)
                batches.Add(batch = new UnitBatch(field, unique));
            batch.filters.AddRange(batch.Missing(unit));
            batch.Units.Add(at);
        }

        return batches;
    }

    double OutcomesWith(Unit unit) => FilterOutcomes.MostOf(filters.Concat(Missing(unit)));

    IEnumerable<FieldFilter> Missing(Unit unit) => unit.Filters.ExceptBy(filters.Select(filter => filter.Text), filter => filter.Text);
}
