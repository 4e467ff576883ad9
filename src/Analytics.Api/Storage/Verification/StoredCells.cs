using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Storage.Verification;

/// <summary>A cell as it is stored, with the section of its run and the grains that the run says it has.</summary>
readonly record struct StoredCell(CellKey Key, Section Section, Grains Grains, Cell Cell);

/// <summary>Hands out stored cells one by one, each decoded into a cell of its own. Adding them up is left to the recount.</summary>
sealed class StoredCells(StoreSnapshot snapshot, DifferenceLog log)
{
    // Of every run the pages that meet the range: from the last one that starts before it.
    const string PagesSql = """
        select p.run, p.page, p.first_key, p.last_key, p.data, r.section, r.grains
        from rollup_runs r
        join rollup_pages p on p.workspace_id = $1 and p.rollup = $2 and p.run = r.run
        where r.workspace_id = $1
          and r.rollup = $2
          and r.section = any($3)
          and p.first_key <= $5
          and p.first_key >= coalesce((
              select max(before.first_key)
              from rollup_pages before
              where before.workspace_id = $1
                and before.rollup = $2
                and before.run = r.run
                and before.first_key < $4), -1)
        """;

    /// <summary>The cells of all runs from some sections with places in [from, to]; a predicate may leave some undecoded.</summary>
    public Task PagesAsync(
        Rollup rollup, IEnumerable<Section> sections, (long From, long To) places, Func<CellKey, bool>? isWanted, Action<StoredCell> each,
        CancellationToken cancel)
    {
        if (!snapshot.Rollups.Contains(rollup.Id))
            return Task.CompletedTask;
        var wanted = sections.ToDictionary(section => section.Id);
        return snapshot.EachAsync(PagesSql, [rollup.Id, wanted.Keys.ToArray(), places.From, places.To], row =>
        {
            Try($"{rollup.Name} run {row.GetInt64(0)}, page {row.GetInt32(1)}", () =>
            {
                var (low, high) = (Math.Max(places.From, row.GetInt64(2)), Math.Min(places.To, row.GetInt64(3)));
                var (section, grains) = (wanted[row.GetInt16(5)], (Grains)row.GetInt16(6));
                // Readers find pages by their first and last place, so a cell outside of them is lost to them.
                for (var page = new PageReader(row.GetFieldValue<byte[]>(4)); page.Read();)
                    if (page.Key is var key && key.Place >= low && key.Place <= high && isWanted?.Invoke(key) != false)
                        each(new StoredCell(key, section, grains, Decoded(page.Cell)));
            });
        }, cancel);
    }

    /// <summary>The cells of a dense rollup with slots in [from, to).</summary>
    public Task SlotsAsync(
        Rollup rollup, IEnumerable<Section> sections, Grain grain, (int From, int To) slots, Action<StoredCell> each,
        CancellationToken cancel)
    {
        var (from, to) = (Math.Max(0, slots.From), slots.To - 1);
        return from > to
            ? Task.CompletedTask
            : PagesAsync(rollup, sections, (CellKey.PlaceOf(0, grain, from), CellKey.PlaceOf(0, grain, to)), null, each, cancel);
    }

    /// <summary>Every fact of some sections that waits to be flushed, for which the predicate is true.</summary>
    public Task DeltasAsync(
        IEnumerable<Section> sections, Func<Section, FactKey, bool> isWanted, Action<Section, FactKey, Cell> each,
        CancellationToken cancel)
    {
        var wanted = sections.ToDictionary(section => section.Id);
        return snapshot.EachAsync(
            "select section, commit, data from rollup_deltas where workspace_id = $1 and section = any($2)", [wanted.Keys.ToArray()], row =>
            {
                var section = wanted[row.GetInt16(0)];
                Try($"delta {row.GetInt64(1)} of {section.Name}", () =>
                {
                    for (var fact = new DeltaReader(row.GetFieldValue<byte[]>(2)); fact.Read();)
                        if (isWanted(section, fact.Key))
                            each(section, fact.Key, Decoded(fact));
                });
            }, cancel);
    }

    /// <summary>Reads the bytes of a page or delta, and reports those that are none.</summary>
    public void Try(string words, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is not (OperationCanceledException or Npgsql.NpgsqlException))
        {
            log.Add("runs", words, "bytes", "unreadable", null);
        }
    }

    // Times travel beside the cell of a fact.
    static Cell Decoded(DeltaReader fact)
    {
        var cell = Decoded(fact.Cell);
        if (fact.HasTimes)
            (cell.FirstTime, cell.LastTime) = (fact.FirstTime, fact.LastTime);
        return cell;
    }

    static Cell Decoded(ReadOnlyMemory<byte> bytes)
    {
        var cell = new Cell();
        CellFormat.Merge(bytes.Span, cell, CellParts.Everything);
        return cell;
    }
}
