using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Storage.Verification;

/// <summary>
/// Compares the finest cells of every rollup over some sections with what raw facts come to by the catalogue's keys: cells of runs,
/// and facts that wait to be flushed. What is complete is settled on the way, so that memory stays bounded.
/// </summary>
sealed class FineCheck
{
    /// <summary>A rollup over one of the sections.</summary>
    sealed record Row(Rollup Rollup, Ledger Ledger, Projection Projection)
    {
        public (int From, int To) Slots { get; set; }

        public bool IsSettling(int slot) => slot >= Slots.From && slot < Slots.To;
    }

    readonly StoreSnapshot snapshot;
    readonly DifferenceLog log;
    readonly StoredCells stored;
    readonly Dictionary<Section, List<Row>> rows = [];
    long settled;

    /// <param name="snapshot">Everything is read in it.</param>
    /// <param name="log">Takes the differences.</param>
    /// <param name="catalogue">The rollups.</param>
    /// <param name="sections">Those of one kind of facts.</param>
    /// <param name="from">Where the facts begin that are counted, in microseconds since 1970.</param>
    public FineCheck(StoreSnapshot snapshot, DifferenceLog log, Catalogue catalogue, IReadOnlyList<Section> sections, long from)
    {
        (this.snapshot, this.log, stored, settled) = (snapshot, log, new StoredCells(snapshot, log), from);
        foreach (var section in sections)
            rows.Add(section, []);
        foreach (var rollup in catalogue.Rollups)
        {
            var ledger = new Ledger(rollup);
            foreach (var section in rollup.From.Where(rows.ContainsKey))
                rows[section].Add(new Row(rollup, ledger, new Projection(rollup, section)));
        }
    }

    /// <summary>How many keys are held that <see cref="SettleAsync"/> lets go of.</summary>
    public int Count => Rows.DistinctBy(row => row.Rollup).Sum(row => row.Ledger.Count);

    IEnumerable<Row> Rows => rows.Values.SelectMany(row => row);

    public void Add(Entry entry)
    {
        foreach (var row in rows[entry.Section])
        {
            var key = KeyOf(row, entry.Section, entry.Key);
            if (!entry.IsForSetsOnly)
                row.Ledger[key, entry.Section].Counted.Add(entry, row.Rollup.Values);
            if (MemberOf(row, entry.Key) is var member and not 0 && entry.IsPresentIn(row.Rollup))
                row.Ledger[key].Counted.AddMember(member);
            if (entry.Member != 0)
                row.Ledger[key].Counted.AddMember(entry.Member);
        }
    }

    /// <summary>Compares what is before a time all facts of which were counted.</summary>
    public async Task SettleAsync(long to, CancellationToken cancel)
    {
        if (Rows.All(row => snapshot.Calendar.SlotOf(row.Rollup.Finest, settled) == snapshot.Calendar.SlotOf(row.Rollup.Finest, to)))
            return; // no slot is over
        foreach (var row in Rows)
            row.Slots = (snapshot.Calendar.SlotOf(row.Rollup.Finest, settled), snapshot.Calendar.SlotOf(row.Rollup.Finest, to));
        settled = to;
        foreach (var group in Rows.GroupBy(row => row.Rollup).ToList())
            await ReadRunsAsync(group.First(), [.. group.Key.From.Where(rows.ContainsKey)], cancel);
        await stored.DeltasAsync(
            rows.Keys, (section, fact) => rows[section].Exists(row => row.IsSettling(KeyOf(row, section, fact).Slot)),
            AddStored, cancel);
        foreach (var row in Rows.DistinctBy(row => row.Rollup))
            row.Ledger.Settle(snapshot, log, key => key.Slot < row.Slots.To);
    }

    /// <summary>Cells with a lead stand by it, so all pages are gone through.</summary>
    Task ReadRunsAsync(Row row, Section[] sections, CancellationToken cancel)
    {
        void Add(StoredCell cell)
        {
            foreach (var (key, told) in snapshot.Usage.Told(row.Rollup, cell.Key, cell.Cell))
                row.Ledger.Add(key, cell.Section, told, isCounted: false);
        }

        return row.Rollup.IsDense
            ? stored.SlotsAsync(row.Rollup, sections, row.Rollup.Finest, row.Slots, Add, cancel)
            : stored.PagesAsync(
                row.Rollup, sections, (0, long.MaxValue), key => key.Grain == row.Rollup.Finest && row.IsSettling(key.Slot), Add, cancel);
    }

    void AddStored(Section section, FactKey fact, Cells.Cell cell)
    {
        foreach (var (key, told) in snapshot.Usage.Told(section, fact, cell))
            AddTold(section, key, told);
    }

    void AddTold(Section section, FactKey fact, Cells.Cell cell)
    {
        foreach (var row in rows[section])
        {
            var key = KeyOf(row, section, fact);
            if (!row.IsSettling(key.Slot))
                continue;
            row.Ledger[key, section].Stored.Add(cell, row.Rollup.Values);
            if (MemberOf(row, fact) is var member and not 0 && row.Rollup.Presence(cell) > 0)
                row.Ledger[key].Stored.AddMember(member);
            if (cell.Set is { } set)
                row.Ledger[key].Stored.AddSet(set);
        }
    }

    static int MemberOf(Row row, in FactKey fact) => row.Rollup.IsSetStored ? row.Projection.MemberOf(fact) : 0;

    CellKey KeyOf(Row row, Section section, in FactKey fact) => new(
        row.Projection.LeadOf(fact), row.Rollup.Finest, snapshot.Calendar.SlotOf(row.Rollup.Finest, section.Finest, fact.Slot),
        row.Projection.SecondOf(fact));
}
