using Analytics.Features.Business.Query.Raw;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Npgsql;

namespace Analytics.Features.Business.Usage;

/// <summary>A unit in terms of raw events, which are called <c>e</c>.</summary>
/// <param name="asked">The unit.</param>
/// <param name="type">The number of its event name.</param>
sealed class UnreadyUnit(AskedUnit asked, int type)
{
    public Unit Counted => asked.Counted;

    public int Type => type;

    /// <summary>What is told of it: nobody asks for its products.</summary>
    public AskedUsage Usage { get; } = new(null, [asked]);

    /// <summary>
    /// What holds of an event that came before it and that it matches. Of an erased person's events the units that they matched were kept,
    /// of those there were.
    /// </summary>
    public string ConditionOf(SqlValues values)
    {
        var number = values.Add(Counted.Number);
        var passes = Counted.Filters.Select(filter => (Filter: filter, Field: FieldAt(filter.Path)))
            .Select(one => FilterCondition.OfJson(one.Filter, one.Field.Json, one.Field.Text, values));
        return $"""
            e.type = {values.Add(Type)} and e.seq <= {values.Add(Counted.Since)} and case
                when {IsKept(number)} then exists ({KeptSql(number)})
                else {string.Join(" and ", passes.Prepend("true"))}
            end
            """;
    }

    /// <summary>The number that it looks at, where it is one.</summary>
    public string NumberOf(RawColumns columns) => columns.Value(RawNumber.Of(columns, FieldAt(Counted.Field!), isChecked: true));

    /// <summary>The value that it tells apart, as jsonb, and its number where that was kept instead.</summary>
    public (string Value, string Kept) ValueOf(RawColumns columns, SqlValues values)
    {
        var (number, json) = (values.Add(Counted.Number), columns.Read(FieldAt(Counted.Field!).Json));
        var isKept = columns.Read(IsKept(number));
        return (
            columns.Value($"case when {isKept} is not true and jsonb_typeof({json}) in ('string', 'number', 'boolean') then {json} end"),
            columns.Value(columns.Read($"case when {IsKept(number)} then ({KeptSql(number)} limit 1) end")));
    }

    static RawField.OfJson FieldAt(string path) => new("e.metadata", path);

    static string IsKept(string unit) => $"e.usage[1] >= {unit}";

    // Behind the first number units and values take turns.
    static string KeptSql(string unit) =>
        $"select e.usage[at + 1] from generate_series(2, cardinality(e.usage), 2) at where e.usage[at] = {unit}";
}

/// <summary>The columns of a unit's sums in a statement that adds up those of a person.</summary>
sealed class UnreadyUnitSums
{
    readonly int matches;
    readonly int numbers = -1;
    readonly int sum;
    readonly int largest = -1;

    /// <param name="columns">What the statement reads.</param>
    /// <param name="condition">What holds of the events that are added up; null for all that are read.</param>
    /// <param name="unit">The unit.</param>
    public UnreadyUnitSums(RawColumns columns, string? condition, UnreadyUnit unit)
    {
        var matching = condition is null ? "" : $"filter (where {columns.Value(columns.Read(condition))})";
        matches = columns.Sum($"count(*) {matching}");
        if (unit.Counted.Aggregation is Aggregation.Count or Aggregation.Unique)
            return;
        var number = unit.NumberOf(columns);
        numbers = columns.Sum($"count({number}) {matching}");
        sum = columns.Sum($"(sum({number}) {matching})::text");
        if (unit.Counted.Aggregation == Aggregation.Max)
            largest = columns.Sum($"(max({number}) {matching})::text");
    }

    /// <summary>What a person's events come to; null when there are none.</summary>
    public Cell? TryRead(NpgsqlDataReader row)
    {
        if (row.GetInt64(matches) is var found && found == 0)
            return null;
        var cell = new Cell { [UsageFacts.Matches] = found };
        if (numbers >= 0 && row.GetInt64(numbers) is var counted and > 0)
        {
            (cell[UsageFacts.Numbers], cell[UsageFacts.Sum]) = (counted, DecimalUnits.Of(row.GetString(sum)));
            if (largest >= 0)
                cell.Reached(DecimalUnits.Of(row.GetString(largest)));
        }

        return cell;
    }
}
