using System.Globalization;
using System.Text.Json;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Storage.Verification;

/// <summary>A billable unit as its row says; its filters as JSON.</summary>
sealed record RawUnit(int Number, string EventName, string Aggregation, string? Field, JsonElement Filters, bool IsOfType);

/// <summary>
/// The billable units that are checked: those that are not deleted and whose backfill is done. A stored cell of usage is of several units;
/// here each unit by product has a number of its own, and of a cell what the unit's aggregation asks for is told under it. People's cells
/// name a product for some unit's sake: it counts for that one alone.
/// </summary>
sealed class RawUnits
{
    const string UnitsSql = """
        select unit, event_name, aggregation, field, filters::text, product_type is not null
        from billable_units
        where workspace_id = $1
          and deleted_at is null
          and ready
        """;

    const string KeysSql = "select number, text from texts where workspace_id = $1 and kind = 2";

    readonly Dictionary<(int Unit, string Product), int> numbers = [];
    readonly List<string> words = [""];
    readonly Dictionary<int, (int Number, int OfPeople, string Aggregation)[]> told = [];

    public IReadOnlyList<RawUnit> Units { get; private set; } = [];

    public async Task LoadAsync(StoreSnapshot snapshot, CancellationToken cancel)
    {
        Units = await snapshot.ReadAsync(UnitsSql, [], row => new RawUnit(
            row.GetInt32(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
            JsonElement.Parse(row.GetString(4)), row.GetBoolean(5)), cancel);
        var byNumber = Units.ToDictionary(unit => unit.Number);
        await snapshot.EachAsync(KeysSql, [], row =>
        {
            var (units, product) = row.GetString(1).Split(' ', 2) is [var first, var rest] ? (first, rest) : (row.GetString(1), "");
            told[row.GetInt32(0)] =
            [
                .. from text in units.Split(',')
                   let unit = byNumber.GetValueOrDefault(int.Parse(text, CultureInfo.InvariantCulture))
                   where unit is not null
                   select (NumberOf(unit.Number, product), NumberOf(unit.Number, unit.IsOfType ? product : ""), unit.Aggregation),
            ];
        }, cancel);
    }

    /// <summary>The number of a unit's events that name a product; the empty text is none.</summary>
    public int NumberOf(int unit, string product)
    {
        if (!numbers.TryGetValue((unit, product), out var number))
        {
            numbers.Add((unit, product), number = words.Count);
            words.Add($"unit {unit}" + (product == "" ? "" : $" of {product}"));
        }

        return number;
    }

    /// <summary>What a number that was given out here stands for; where nothing was loaded a stored one stands for itself.</summary>
    public string Words(int number) => number < words.Count ? words[number] : $"usage {number}";

    /// <summary>A fact under the keys it is checked by.</summary>
    public IEnumerable<(FactKey Key, Cell Cell)> Told(Section section, FactKey key, Cell cell)
    {
        if (section == UsageFacts.People)
            return Of(key.First).Select(unit => (key with { First = unit.OfPeople }, PartOf(cell, unit.Aggregation)));
        if (section == UsageFacts.Everybody)
            return Of(key.Second).Select(unit => (key with { Second = unit.Number }, PartOf(cell, unit.Aggregation)));
        return [(key, cell)];
    }

    /// <summary>A stored cell under the keys it is checked by.</summary>
    public IEnumerable<(CellKey Key, Cell Cell)> Told(Rollup rollup, CellKey key, Cell cell)
    {
        if (rollup.Lead == Dimension.Usage)
            return Of(key.Lead).Select(unit => (
                new CellKey(unit.OfPeople, key.Grain, key.Slot, key.Second), PartOf(cell, unit.Aggregation)));
        if (rollup.Second == Dimension.Usage)
            return Of(key.Second).Select(unit => (
                key with { Second = rollup.Lead == Dimension.None ? unit.Number : unit.OfPeople }, PartOf(cell, unit.Aggregation)));
        return [(key, cell)];
    }

    (int Number, int OfPeople, string Aggregation)[] Of(int usage) => told.GetValueOrDefault(usage) ?? [];

    static Cell PartOf(Cell cell, string aggregation)
    {
        var part = new Cell { [UsageFacts.Matches] = cell[UsageFacts.Matches] };
        if (aggregation == "UNIQUE")
            part.Set = cell.Set;
        else if (aggregation != "COUNT")
            (part[UsageFacts.Numbers], part[UsageFacts.Sum]) = (cell[UsageFacts.Numbers], cell[UsageFacts.Sum]);
        if (aggregation == "MAX")
            part.Maximum = cell.Maximum;
        if (aggregation == "PERCENTILE_95" && cell.Field(UsageFacts.Field) is { } totals)
        {
            part.Totals(UsageFacts.Field).Sum = totals.Sum;
            part.Totals(UsageFacts.Field).Values.Merge(totals.Values);
        }

        return part;
    }
}
