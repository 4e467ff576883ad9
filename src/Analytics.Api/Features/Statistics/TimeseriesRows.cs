using System.Runtime.InteropServices;
using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;

namespace Analytics.Features.Statistics;

/// <summary>
/// The answer's numbers, by type and bucket; only those that are not all 0 are kept. Its rows are made while they are written.
/// </summary>
sealed class TimeseriesRows(TimeseriesQuestion question, short[] fields, LinkedPeople linked)
{
    static readonly int[] Percents = [10, 50, 90, 95, 99];
    static readonly int Measures = 2 + Percents.Length;
    static readonly ValueBag Nothing = new();

    readonly (string[] Names, short[] Fields) shown = Shown(question, fields);
    readonly Dictionary<int, Numbers?[]> periods = [];
    readonly Dictionary<int, (Numbers Numbers, Int128 Key)> totals = [];

    /// <summary>What a row says. Measure by measure, with a place for every field.</summary>
    sealed record Numbers(long Occurrences, long Customers, Int128[] Amounts);

    /// <summary>The types that have a root so far.</summary>
    public IReadOnlyCollection<int> Types => periods.Keys;

    /// <summary>Takes over what a table holds of the buckets from one on, and adds its cells to the types' totals.</summary>
    public void Add(TraceTable table, int firstBucket, Dictionary<int, Cell> into)
    {
        foreach (var type in table.Types)
            foreach (var (bucket, cell) in table.Of(type))
            {
                ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(periods, type, out _);
                (row ??= new Numbers?[question.Buckets.Count])[firstBucket + bucket] = Of(cell);
                ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(into, type, out _);
                Merge(total ??= new Cell(), cell);
            }
    }

    /// <summary>Takes over totals to which nothing more is added.</summary>
    public void Close(Dictionary<int, Cell> complete)
    {
        foreach (var (type, cell) in complete)
            totals.Add(type, (Of(cell), Key(cell)));
    }

    /// <summary>The answer; its rows come into being as they are asked for.</summary>
    public TimeseriesAnswer Answer(IReadOnlyDictionary<int, EventType> types)
    {
        var order = totals.Keys.ToList();
        order.Sort((a, b) => Compare(types[a].Name, totals[a].Key, types[b].Name, totals[b].Key));
        var none = new Numbers(0, 0, new Int128[Measures * shown.Names.Length]);
        return new TimeseriesAnswer(
            question.Buckets.Select((bucket, at) => new TimeseriesPeriod(
                bucket.Start, bucket.Start, bucket.To, bucket.IsPartial(question.Now),
                order.Select(type => Row(types[type], periods[type][at] ?? none)))),
            order.Select(type => Row(types[type], totals[type].Numbers)));
    }

    // The order of the rows is that of the range's totals, the first field's; names decide between equals.
    int Compare(string a, Int128 keyOfA, string b, Int128 keyOfB)
    {
        var names = string.CompareOrdinal(a, b);
        var order = question.SortBy == "name" ? names : keyOfA.CompareTo(keyOfB);
        order = question.Descending ? -order : order;
        return order != 0 ? order : names;
    }

    Int128 Key(Cell cell)
    {
        var (sum, values) = Totals(cell, fields[0]);
        return question.SortBy switch
        {
            "name" => 0,
            "occurrences" => cell.Roots,
            "total" => sum,
            "average" => DecimalUnits.Divide(sum, cell.Roots),
            var percentile => Percentiles.Of(values, Zeros(cell, values), int.Parse(percentile[1..])),
        };
    }

    Numbers Of(Cell cell)
    {
        var width = shown.Names.Length;
        var amounts = new Int128[Measures * width];
        Span<Int128> percentiles = stackalloc Int128[Percents.Length];
        for (var at = 0; at < width; at++)
        {
            var (sum, values) = Totals(cell, shown.Fields[at]);
            amounts[at] = sum;
            amounts[width + at] = DecimalUnits.Divide(sum, cell.Roots);
            Percentiles.Of(values, Zeros(cell, values), Percents, percentiles);
            for (var percent = 0; percent < Percents.Length; percent++)
                amounts[((2 + percent) * width) + at] = percentiles[percent];
        }
        return new Numbers(cell.Roots, linked.CountOf(cell.Set), amounts);
    }

    TraceStatistics Row(EventType type, Numbers numbers)
    {
        NamedDecimals Of(int measure) =>
            new(shown.Names, numbers.Amounts.AsMemory(measure * shown.Names.Length, shown.Names.Length));
        return new(
            type.Name, type.Label, type.Id, numbers.Occurrences, numbers.Customers, Of(0), Of(1), Of(2), Of(3), Of(4), Of(5), Of(6));
    }

    // A bucket is whole: what takes a root's former value out stands in the same quarter hour. So no count is negative any
    // more, and more than 100 values stay more.
    static void Merge(Cell total, Cell bucket)
    {
        total.Merge(bucket);
        foreach (var field in total.Fields)
            field.Values.Compact();
    }

    // Two fields may share a name (a.b and a_b): the last one is shown.
    static (string[] Names, short[] Fields) Shown(TimeseriesQuestion question, short[] fields)
    {
        var columns = question.Fields.Zip(fields, (path, field) => (Name: path.Replace('.', '_'), Field: field))
            .Reverse().DistinctBy(column => column.Name).Reverse().ToList();
        return ([.. columns.Select(column => column.Name)], [.. columns.Select(column => column.Field)]);
    }

    static (Int128 Sum, ValueBag Values) Totals(Cell cell, short field) =>
        cell.Field(field) is { } totals ? (totals.Sum, totals.Values) : (0, Nothing);

    // A root without the field counts 0.
    static long Zeros(Cell cell, ValueBag values) => cell.Roots - values.Count;
}
