using Analytics.Sketches;
using Analytics.Storage.Rollups;

namespace Analytics.Features.Statistics;

/// <summary>Turns added-up cells into the answer's rows.</summary>
public sealed class TimeseriesRows(TimeseriesQuestion question, short[] fields, SamePeople same)
{
    readonly string[] names = [.. question.Fields.Select(field => field.Replace('.', '_'))];

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
            var percentile => Percentile(cell, values, int.Parse(percentile[1..])),
        };
    }

    TraceStatistics Row(EventType type, Cell cell) => new(
        type.Name, type.Label, type.Id, cell.Roots, same.CountOf(cell.People),
        Each(cell, (sum, _) => sum),
        Each(cell, (sum, _) => DecimalUnits.Divide(sum, cell.Roots)),
        Each(cell, (_, values) => Percentile(cell, values, 10)),
        Each(cell, (_, values) => Percentile(cell, values, 50)),
        Each(cell, (_, values) => Percentile(cell, values, 90)),
        Each(cell, (_, values) => Percentile(cell, values, 95)),
        Each(cell, (_, values) => Percentile(cell, values, 99)));

    Dictionary<string, string> Each(Cell cell, Func<Int128, ValueBag, Int128> value)
    {
        var row = new Dictionary<string, string>(fields.Length, StringComparer.Ordinal);
        for (var at = 0; at < fields.Length; at++)
        {
            var (sum, values) = Totals(cell, fields[at]);
            row[names[at]] = DecimalUnits.Format(value(sum, values));
        }

        return row;
    }

    static readonly ValueBag Nothing = new();

    static (Int128 Sum, ValueBag Values) Totals(Cell cell, short field) =>
        cell.Field(field) is { } totals ? (totals.Sum, totals.Values) : (0, Nothing);

    // A root without the field counts 0.
    static Int128 Percentile(Cell cell, ValueBag values, int p) => Percentiles.Of(values, cell.Roots - values.Count, p);
}
