using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;

namespace Analytics.Features.Statistics;

/// <summary>Turns added-up cells into the answer's rows.</summary>
sealed class TimeseriesRows(TimeseriesQuestion question, short[] fields, LinkedPeople linked)
{
    static readonly int[] Percents = [10, 50, 90, 95, 99];

    readonly (string[] Names, short[] Fields) shown = Shown(question, fields);

    public TimeseriesAnswer Of(TraceTable table)
    {
        var totals = table.Types.Select(type => (Type: type, Cell: table.Total(type))).ToList();
        totals.Sort((a, b) => Compare(table, a, b));
        return new TimeseriesAnswer(
            [.. question.Buckets.Select((bucket, at) => new TimeseriesPeriod(
                bucket.Start, bucket.Start, bucket.To, bucket.IsPartial(question.Now),
                [.. totals.Select(total => Row(table[total.Type], table.Of(at, total.Type)))]))],
            [.. totals.Select(total => Row(table[total.Type], total.Cell))]);
    }

    // The order of the rows is that of the range's totals, the first field's; names decide between equals.
    int Compare(TraceTable table, (int Type, Cell Cell) a, (int Type, Cell Cell) b)
    {
        var names = string.CompareOrdinal(table[a.Type].Name, table[b.Type].Name);
        var order = question.SortBy == "name" ? names : Key(a.Cell).CompareTo(Key(b.Cell));
        order = question.Descending ? -order : order;
        return order != 0 ? order : names;
    }

    Int128 Key(Cell cell)
    {
        var (sum, values) = Totals(cell, fields[0]);
        return question.SortBy switch
        {
            "occurrences" => cell.Roots,
            "total" => sum,
            "average" => DecimalUnits.Divide(sum, cell.Roots),
            var percentile => Percentiles.Of(values, Zeros(cell, values), int.Parse(percentile[1..])),
        };
    }

    TraceStatistics Row(EventType type, Cell cell)
    {
        // Measure by measure, each with a place for every name.
        var width = shown.Names.Length;
        var amounts = new Int128[(2 + Percents.Length) * width];
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

        NamedDecimals Of(int measure) => new(shown.Names, amounts.AsMemory(measure * width, width));
        return new(
            type.Name, type.Label, type.Id, cell.Roots, linked.CountOf(cell.Set),
            Of(0), Of(1), Of(2), Of(3), Of(4), Of(5), Of(6));
    }

    // Two fields may share a name (a.b and a_b): the last one is shown.
    static (string[] Names, short[] Fields) Shown(TimeseriesQuestion question, short[] fields)
    {
        var columns = question.Fields.Zip(fields, (path, field) => (Name: path.Replace('.', '_'), Field: field))
            .Reverse().DistinctBy(column => column.Name).Reverse().ToList();
        return ([.. columns.Select(column => column.Name)], [.. columns.Select(column => column.Field)]);
    }

    static readonly ValueBag Nothing = new();

    static (Int128 Sum, ValueBag Values) Totals(Cell cell, short field) =>
        cell.Field(field) is { } totals ? (totals.Sum, totals.Values) : (0, Nothing);

    // A root without the field counts 0.
    static long Zeros(Cell cell, ValueBag values) => cell.Roots - values.Count;
}
