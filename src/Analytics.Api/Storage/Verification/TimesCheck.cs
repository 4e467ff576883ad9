using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Storage.Verification;

/// <summary>The first and last times of all time, where a rollup keeps them, against those of the raw facts.</summary>
sealed class TimesCheck(StoreSnapshot snapshot, DifferenceLog log, Rollup rollup)
{
    readonly StoredCells stored = new(snapshot, log);
    readonly Ledger ledger = new(rollup);

    public async Task RunAsync(IEnumerable<KindReading> readings, CancellationToken cancel)
    {
        foreach (var reading in readings)
            foreach (var section in reading.Sections.Intersect(rollup.From))
            {
                var projection = new Projection(rollup, section);
                await reading.TimesAsync(
                    section, rollup,
                    (fact, first, last) => ledger[KeyOf(projection, fact), section].Counted.AddTimes(first, last), cancel);
                // Times travel beside the facts that wait, and only here do they matter.
                await stored.DeltasAsync(
                    [section], (_, _) => true, (_, fact, cell) => AddStored(KeyOf(projection, fact), section, cell), cancel);
            }

        await stored.PagesAsync(
            rollup, rollup.From, (0, long.MaxValue), key => key.Grain == Grain.All,
            cell => AddStored(cell.Key, cell.Section, cell.Cell), cancel);
        ledger.Settle(snapshot, log);
    }

    void AddStored(CellKey key, Section section, Cell cell)
    {
        if (cell.HasTimes)
            ledger[key, section].Stored.AddTimes(cell.FirstTime, cell.LastTime);
    }

    static CellKey KeyOf(Projection projection, FactKey fact) => new(projection.LeadOf(fact), Grain.All, 0, projection.SecondOf(fact));
}
