using System.Runtime.InteropServices;
using Analytics.Sketches;

namespace Analytics.Storage.Rollups;

/// <summary>Folds facts into timeline cells: quarter hours first, every coarser level from the finer one below it.</summary>
sealed class TimelineFold(Timeline timeline)
{
    readonly Dictionary<(int Quarter, int Type), Cell> quarters = [];

    public void Add(ref readonly DeltaReader fact) => AddTo(Cell(fact.Quarter, fact.Type), in fact, CellParts.Everything);

    /// <summary>The cell of a quarter hour, made when missing.</summary>
    public Cell Cell(int quarter, int type)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(quarters, (quarter, type), out _);
        return cell ??= new Cell();
    }

    /// <summary>Adds a fact to a cell of any level.</summary>
    public static void AddTo(Cell cell, ref readonly DeltaReader fact, CellParts parts)
    {
        var roots = cell.Roots;
        CellFormat.Merge(fact.Cell, cell, parts);
        if (fact.HasTimes)
            cell.Seen(fact.First, fact.Last);
        if (parts.People && cell.Roots > roots)
            cell.AddPerson(fact.Person);
    }

    public async Task WriteAsync(RunWriter run, CancellationToken cancel)
    {
        var levels = new Dictionary<Level, Dictionary<(int Index, int Type), Cell>> { [Level.Quarter] = quarters };
        foreach (var level in timeline.Levels.Where(level => level != Level.Quarter))
            levels[level] = Coarser(level, levels[Timeline.FinerOf(level)!.Value]);
        await WriteAsync(run, levels.SelectMany(level => level.Value.Select(cell =>
            (Timeline.Key(level.Key, cell.Key.Index), cell.Key.Type, cell.Value))), cancel);
    }

    Dictionary<(int Index, int Type), Cell> Coarser(Level level, Dictionary<(int Index, int Type), Cell> finer)
    {
        var cells = new Dictionary<(int, int), Cell>();
        foreach (var ((index, type), cell) in finer)
        {
            var key = (timeline.IndexFromFiner(level, index), type);
            if (!cells.TryGetValue(key, out var sum))
                cells.Add(key, sum = new Cell());
            sum.Merge(cell);
        }

        return cells;
    }

    static async Task WriteAsync(RunWriter run, IEnumerable<(long Key, int Type, Cell Cell)> cells, CancellationToken cancel)
    {
        using var bytes = new ByteWriter(4096);
        foreach (var (key, type, cell) in cells.OrderBy(cell => cell.Key).ThenBy(cell => cell.Type))
        {
            // First and last times are asked of all time only.
            if (Timeline.LevelOf(key) != Level.Ever)
                (cell.First, cell.Last) = (long.MaxValue, long.MinValue);
            bytes.Reset();
            CellFormat.Write(bytes, cell);
            await run.AddAsync(key, type, bytes.WrittenMemory, cancel);
        }
    }
}
