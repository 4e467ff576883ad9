namespace Analytics.Storage.Business;

/// <summary>Which of a unit's events are counted: those before a unit are counted by its backfill, those after by writers.</summary>
enum UnitPart
{
    All,

    /// <summary>Those that came before the unit.</summary>
    Before,

    /// <summary>Those that are in the cells: of a unit whose backfill is not done those that came after it.</summary>
    Stored,
}

/// <summary>
/// Units of a batch that an event matches together.
/// </summary>
/// <param name="Match">Whose units they are.</param>
/// <param name="Units">A bit for each unit of the name.</param>
/// <param name="Amount">The field as a number in units of 1e-12, where the units are about numbers and it is one.</param>
/// <param name="Value">What tells the field's value from others, where the units count distinct ones and it has one.</param>
/// <param name="Kept">The number of that value where it was kept, when the value itself is gone; 0 for none.</param>
readonly record struct UnitMark(UnitMatch Match, UInt128 Units, Int128? Amount, byte[]? Value, int Kept = 0)
{
    public bool Has(Aggregation aggregation) => (Units & Match.Of(aggregation)) != 0;
}

/// <summary>
/// Which of the units of one event name an event matches, and what it counts for. The paths that their filters and fields name are looked
/// for in one pass. For one user at a time.
/// </summary>
sealed class UnitMatch
{
    /// <summary>A batch as it stands with the event that is looked at.</summary>
    sealed class Batch(UnitBatch batch, int path, UInt128 looking)
    {
        public string? Field => batch.Field;

        public bool IsUnique => batch.IsUnique;

        /// <summary>Where its field is found; -1 for none.</summary>
        public int Path => path;

        /// <summary>The units that look at the field; the others only count.</summary>
        public UInt128 Looking => looking;

        public UInt128 Matching { get; set; }

        /// <summary>The number of the value that was kept.</summary>
        public int Kept { get; set; }
    }

    readonly Unit[] units;

    // Those that say the same are asked once an event: 1 is passed, -1 is not, 0 is not asked yet.
    readonly List<(FieldFilter Filter, int Path)> filters = [];
    readonly int[][] filtersOf;
    readonly sbyte[] passed;
    readonly Batch[] batches;
    readonly Batch[] batchOf;
    readonly UInt128 ofTypes;
    readonly UInt128[] aggregations = new UInt128[Aggregations.Words.Length];
    readonly MetadataPaths paths;
    readonly Range[] found;
    readonly int? productAt;

    /// <param name="units">The units of the name.</param>
    public UnitMatch(IEnumerable<Unit> units)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        this.units = [.. units];
        filtersOf = [.. this.units.Select(unit => unit.Filters.Select(FilterOf).ToArray())];
        passed = new sbyte[filters.Count];
        foreach (var (at, unit) in this.units.Index())
        {
            aggregations[(int)unit.Aggregation] |= UInt128.One << at;
            ofTypes |= unit.IsOfType ? UInt128.One << at : 0;
        }

        batchOf = new Batch[this.units.Length];
        batches = [.. UnitBatch.Of(this.units).Select(BatchOf)];
        // Where the metadata is gone through anyway, its product is found on the way.
        productAt = places.Count > 0 ? PlaceOf(UsageFacts.ProductPath) : null;
        Paths = [.. places.Keys];
        paths = new MetadataPaths(Paths);
        found = new Range[places.Count];

        int PlaceOf(string path) => places.TryGetValue(path, out var place) ? place : places[path] = places.Count;

        int FilterOf(FieldFilter filter)
        {
            var at = filters.FindIndex(known => known.Filter.Text == filter.Text);
            if (at < 0)
                filters.Add((filter, PlaceOf(filter.Path)));
            return at < 0 ? filters.Count - 1 : at;
        }

        Batch BatchOf(UnitBatch batch)
        {
            var bits = batch.Units.Aggregate(UInt128.Zero, (bits, at) => bits | (UInt128.One << at));
            var one = new Batch(batch, batch.Field is null ? -1 : PlaceOf(batch.Field), bits & ~Of(Aggregation.Count));
            foreach (var at in batch.Units)
                batchOf[at] = one;
            return one;
        }
    }

    /// <summary>What of metadata its units look at.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The numbers of usage that marks of these units have, by unit bits and product.</summary>
    public Dictionary<(UInt128 Units, int Product), int> Numbers { get; } = [];

    /// <summary>Units by the names of their events.</summary>
    public static Dictionary<string, UnitMatch> ByName(IEnumerable<Unit> units) => units
        .GroupBy(unit => unit.EventName, StringComparer.Ordinal)
        .ToDictionary(name => name.Key, name => new UnitMatch(name), StringComparer.Ordinal);

    /// <summary>The bits of the units of an aggregation.</summary>
    public UInt128 Of(Aggregation aggregation) => aggregations[(int)aggregation];

    /// <summary>Whether what some bits stand for hangs on the product that an event names.</summary>
    public bool HangsOnProduct(UInt128 bits) => (bits & ofTypes) != 0;

    /// <summary>The units of some bits.</summary>
    public IEnumerable<Unit> Of(UInt128 bits) => units.Where((_, at) => (bits >> at & 1) != 0);

    /// <summary>Adds what an event counts for.</summary>
    /// <param name="metadata">Its metadata as JSON; empty for none.</param>
    /// <param name="sequence">Its number in the workspace.</param>
    /// <param name="part">Which events count.</param>
    /// <param name="kept">What was kept of an erased person's event, see <see cref="KeptUsage"/>; empty for everybody else's.</param>
    /// <param name="marks">Where it is added.</param>
    public void Mark(ReadOnlySpan<byte> metadata, long sequence, UnitPart part, ReadOnlySpan<int> kept, List<UnitMark> marks)
    {
        if (found.Length > 0)
            paths.Find(metadata, found);
        Array.Clear(passed);
        var last = kept.IsEmpty ? 0 : kept[0];
        // One by one: of a field that was erased twice, each unit kept the value that was there then.
        for (var at = 0; last > 0 && at < units.Length; at++)
            if (units[at] is var unit && unit.Number <= last && IsCounted(unit, sequence, part)
                && PlaceIn(kept, unit.Number) is var place and > 0)
            {
                Begin();
                Match(at, kept[place + 1]);
                AddMarks(metadata, isKept: true, marks);
            }

        Begin();
        for (var at = 0; at < units.Length; at++)
            if (units[at].Number > last && IsCounted(units[at], sequence, part) && Passes(metadata, at))
                Match(at, 0);
        AddMarks(metadata, isKept: false, marks);
    }

    /// <summary>The product that the event names which was marked last; empty for none.</summary>
    public ReadOnlySpan<byte> ProductIn(ReadOnlySpan<byte> metadata) =>
        productAt is { } at ? UsageFacts.ProductOf(new JsonScalar(metadata[found[at]])) : UsageFacts.ProductOf(metadata);

    void Begin()
    {
        foreach (var batch in batches)
            (batch.Matching, batch.Kept) = (0, 0);
    }

    void Match(int unit, int kept)
    {
        var batch = batchOf[unit];
        batch.Matching |= UInt128.One << unit;
        batch.Kept = kept;
    }

    // Behind the first number units and values take turns.
    static int PlaceIn(ReadOnlySpan<int> kept, int unit)
    {
        for (var at = 1; at < kept.Length; at += 2)
            if (kept[at] == unit)
                return at;
        return 0;
    }

    static bool IsCounted(Unit unit, long sequence, UnitPart part) => part switch
    {
        UnitPart.All => true,
        UnitPart.Before => sequence <= unit.Since,
        _ => unit.IsReady || sequence > unit.Since,
    };

    bool Passes(ReadOnlySpan<byte> metadata, int unit)
    {
        foreach (var at in filtersOf[unit])
        {
            if (passed[at] == 0)
                passed[at] = filters[at].Filter.Passes(metadata[found[filters[at].Path]]) ? (sbyte)1 : (sbyte)-1;
            if (passed[at] < 0)
                return false;
        }

        return true;
    }

    void AddMarks(ReadOnlySpan<byte> metadata, bool isKept, List<UnitMark> marks)
    {
        foreach (var batch in batches)
        {
            if (batch.Matching == 0)
                continue;
            var isLookedAt = (batch.Matching & batch.Looking) != 0;
            var value = isLookedAt ? metadata[found[batch.Path]] : [];
            marks.Add(batch.IsUnique
                ? new(this, batch.Matching, null, isKept ? null : new JsonScalar(value).Distinct(), batch.Kept)
                : new(this, batch.Matching, isLookedAt ? AmountOf(metadata, value, batch.Field!) : null, null));
        }
    }

    static Int128? AmountOf(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> value, string path) =>
        MetadataPath.TryReadNumber(metadata, value, path, out var amount) ? amount : null;
}
