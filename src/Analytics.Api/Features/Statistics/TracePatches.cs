using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Time;

namespace Analytics.Features.Statistics;

/// <summary>Adds up the traces of some buckets in a table's cells.</summary>
delegate Task AddTraces(TraceTable table, IReadOnlyList<Bucket> buckets, CancellationToken cancel);

/// <summary>
/// Adds an answer up patch by patch, some types by some buckets. Cells hold sets and distributions, a hundred times what the answer says
/// of them: of each patch only that is kept, so the memory a question takes does not depend on what its cells hold.
/// </summary>
/// <param name="question">The buckets and the fields.</param>
/// <param name="rows">Where the numbers are kept.</param>
sealed class TracePatches(TimeseriesQuestion question, TimeseriesRows rows)
{
    /// <summary>Cells, and distributions in them, that are held at once.</summary>
    const int Most = 20_000;

    readonly int weight = 1 + question.Fields.Length;

    /// <summary>Whether everything fits into one patch: then nothing is gained by knowing which types there are.</summary>
    public static bool IsOne(int types, TimeseriesQuestion question) =>
        types * (long)question.Buckets.Count * (1 + question.Fields.Length) <= Most;

    /// <summary>Adds up everything of some types; 400 as soon as the answer would be too large.</summary>
    /// <param name="types">The types.</param>
    /// <param name="isKnown">Whether each of them has a root in the range: then they are taken in groups where they are many.</param>
    /// <param name="add">Adds up a patch.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task AddAsync(IReadOnlySet<int> types, bool isKnown, AddTraces add, CancellationToken cancel)
    {
        if (!isKnown || types.Count * weight <= Most)
            await AddGroupAsync(types, add, cancel);
        else
            foreach (var group in types.Order().Chunk(Most / weight))
                await AddGroupAsync(group.ToHashSet(), add, cancel);
    }

    async Task AddGroupAsync(IReadOnlySet<int> types, AddTraces add, CancellationToken cancel)
    {
        var totals = new Dictionary<int, Cell>();
        var buckets = question.Buckets;
        var length = (int)Math.Clamp(Most / ((long)weight * Math.Max(1, types.Count)), 1, buckets.Count);
        for (int first = 0, taken; first < buckets.Count; first += taken)
        {
            taken = Math.Min(length, buckets.Count - first);
            var table = new TraceTable(taken, types);
            await add(table, [.. buckets.Skip(first).Take(taken)], cancel);
            rows.Add(table, first, totals);
            question.CheckSize(rows.Types.Count);
            // Where types have fewer cells than they might, more buckets are taken at once.
            if (table.Count * (long)weight * 4 <= Most)
                length = Math.Min(length * 2, buckets.Count);
        }
        rows.Close(totals);
    }
}

/// <summary>Cells by bucket and event type, of some buckets and types of a question, while they are being added up.</summary>
sealed class TraceTable(int buckets, IReadOnlySet<int> wanted)
{
    readonly Dictionary<int, Cell?[]> cells = [];

    /// <summary>How many cells there are.</summary>
    public int Count { get; private set; }

    /// <summary>The types of which something was added.</summary>
    public IReadOnlyCollection<int> Types => cells.Keys;

    /// <summary>The cell to add to; null for a type that was not asked for.</summary>
    public Cell? Cell(int bucket, int type)
    {
        if (!wanted.Contains(type))
            return null;
        if (!cells.TryGetValue(type, out var row))
            cells.Add(type, row = new Cell?[buckets]);
        if (row[bucket] is { } known)
            return known;
        Count++;
        return row[bucket] = new Cell();
    }

    /// <summary>A type's cells that hold roots, each with its bucket.</summary>
    public IEnumerable<(int Bucket, Cell Cell)> Of(int type)
    {
        var row = cells[type];
        for (var bucket = 0; bucket < row.Length; bucket++)
            if (row[bucket] is { } cell && cell.Roots > 0)
                yield return (bucket, cell);
    }
}
