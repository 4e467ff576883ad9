using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Facts of some sections, added up under (lead, grain, slot, second): one row of <see cref="RollupCatalogue"/>. Flush, compaction,
/// change of zone, reading, rebuild, sealing and <c>verify</c> go by nothing else.
/// </summary>
/// <param name="Id">Its number in <c>rollup_runs</c> and <c>rollup_pages</c>.</param>
/// <param name="Name">What <c>verify</c> calls it.</param>
/// <param name="From">The sections it adds up.</param>
/// <param name="Lead">The dimension its cells are sorted by first: one reads the cells of some of its numbers.</param>
/// <param name="Second">The dimension told apart within a slot: one reads all of its numbers.</param>
/// <param name="Grains">The grains it is kept in. The finest is made from the facts, each other one from a finer one.</param>
sealed record Rollup(short Id, string Name, Section[] From, Dimension Lead, Dimension Second, Grains Grains)
{
    /// <summary>Whether the distributions of numeric fields are kept.</summary>
    public bool Values { get; init; }

    /// <summary>The dimension of whose numbers each cell has the set. It is not stored where the key says who it is.</summary>
    public Dimension Set { get; init; } = Dimension.None;

    /// <summary>How many facts put their number into the set; below 1 a fact does not.</summary>
    public Func<Cell, Int128> Presence { get; init; } = cell => cell[0];

    /// <summary>Whether the first and last time of all time are kept.</summary>
    public bool Times { get; init; }

    /// <summary>From how many bytes on a run has the coarser grains too: in a small one they are too many and too poor.</summary>
    public long CoarseFromBytes { get; init; }

    public Grain Finest => Grains.Finest;

    /// <summary>Whether its keys are few and come again in every run, so that merging costs little and spares readers much.</summary>
    public bool IsDense => Lead == Dimension.None;

    public bool IsSetStored => Set != Dimension.None && Set != Lead && Set != Second;

    /// <summary>Itself, when its grains can be made: the finest from facts, each other one from a finer one. Throws otherwise.</summary>
    public Rollup Checked() => Finest is Grain.Minute or Grain.QuarterHour or Grain.Day && From.All(section => section.Finest <= Finest)
        && (Finest != Grain.Day || (From.All(section => section.Finest == Grain.Day) && (Grains & Grains.Local) == Grains.None))
        && Grains.WithoutFinest.Each().All(grain => Grains.Has(Grains.FinerThan(grain)))
        ? this
        : throw new InvalidOperationException(
            $"'{Name}' begins with minutes, quarter hours or days, at least with those of its sections, and of days come no local ones.");

    /// <summary>Adds a stored cell to another, or the parts of it that are wanted.</summary>
    // Where the key says who it is there is no set: they are in a cell's set when they are present in it.
    public void Merge(CellKey key, ReadOnlySpan<byte> bytes, Cell cell, CellParts parts) =>
        Merge(bytes, IsSetStored || Set == Dimension.None ? 0 : Set == Lead ? key.Lead : key.Second, cell, parts);

    /// <summary>The same of bytes that put a number into the set where they make it present; 0 for none.</summary>
    public void Merge(ReadOnlySpan<byte> bytes, int member, Cell cell, CellParts parts)
    {
        if (member == 0 || !parts.Set)
        {
            CellFormat.Merge(bytes, cell, parts);
            return;
        }

        var before = Presence(cell);
        CellFormat.Merge(bytes, cell, parts);
        if (Presence(cell) > before)
            cell.AddToSet(member);
    }

    /// <summary>Whether it keeps everything a section says, so that the section can be made from it again.</summary>
    public bool IsWhole(Section section) =>
        Values && !IsSetStored && Finest == section.Finest && From.Contains(section)
        && section.Key[0] == Lead && (section.Key.Count == 1 ? Second == Dimension.None : section.Key[1] == Second);
}

/// <summary>How the facts of a section become cells of a rollup.</summary>
readonly struct Projection
{
    readonly Rollup rollup;
    readonly Grain finest;
    readonly Part lead;
    readonly Part second;
    readonly Part set;

    public Projection(Rollup rollup, Section section)
    {
        (this.rollup, finest) = (rollup, section.Finest);
        (lead, second, set) = (new(section, rollup.Lead), new(section, rollup.Second), new(section, rollup.Set));
        Parts = new CellParts(Set: false, rollup.Values, rollup.Values ? ulong.MaxValue : 0);
    }

    /// <summary>The parts of a fact's cell that the rollup keeps.</summary>
    public CellParts Parts { get; }

    public int LeadOf(in FactKey fact) => lead.Of(fact);

    public int SecondOf(in FactKey fact) => second.Of(fact);

    /// <summary>The number a fact puts into the set; 0 for none.</summary>
    public int MemberOf(in FactKey fact) => set.Of(fact);

    /// <summary>The slot of the rollup's finest grain that a fact falls into.</summary>
    public int SlotOf(in FactKey fact, Timeline timeline) => timeline.SlotOf(rollup.Finest, finest, fact.Slot);

    public CellKey KeyOf(in FactKey fact, Timeline timeline) =>
        new(LeadOf(fact), rollup.Finest, SlotOf(fact, timeline), SecondOf(fact));

    /// <summary>Adds a fact to a cell of any grain, or the parts of it that are wanted.</summary>
    public void AddTo(Cell cell, ref DeltaReader fact, CellParts parts)
    {
        AddTo(cell, fact.Cell.Span, MemberOf(fact.Key), parts);
        if (rollup.Times && fact.HasTimes)
            cell.Seen(fact.FirstTime, fact.LastTime);
    }

    /// <summary>The same of a fact's cell and the number it puts into the set, without its times.</summary>
    public void AddTo(Cell cell, ReadOnlySpan<byte> fact, int member, CellParts parts) =>
        rollup.Merge(fact, member, cell, parts with { Values = parts.Values && Parts.Values, Fields = parts.Fields & Parts.Fields });

    /// <summary>Where the number of a dimension stands in the keys of a section.</summary>
    readonly struct Part(Section section, Dimension dimension)
    {
        readonly int place = section.PlaceOf(dimension);
        readonly Dimension part = section.Key.Contains(dimension) ? dimension with { Of = null } : dimension;

        public int Of(in FactKey fact) => part.PartOf(fact.At(place));
    }
}
