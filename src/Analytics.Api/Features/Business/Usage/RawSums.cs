using Analytics.Features.Business.Query.Raw;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Npgsql;

namespace Analytics.Features.Business.Usage;

/// <summary>
/// Adds up in Postgres what came before some units, person by person: a row comes for each, however many events there are. Events match as
/// <see cref="UnitMatch"/> says.
/// </summary>
sealed class RawSums
{
    const string TypesSql = "select type, name from event_types where workspace_id = $1 and name = any($2)";

    // Rows of a time are read page by page, and nobody is sorted: there are few people, and many events.
    const string SettingsSql = """
        set local enable_indexscan = off; set local enable_sort = off; set local work_mem = '64MB';
        set local max_parallel_workers_per_gather = 0
        """;

    readonly int workspace;
    readonly int[]? people;
    readonly List<(AskedUnit Unit, AskedUsage Usage, int Type)> units = [];

    RawSums(int workspace, int[]? people) => (this.workspace, this.people) = (workspace, people);

    /// <summary>Whether a unit's number is made of sums, whatever products events name.</summary>
    public static bool AreOf(AskedUnit unit) =>
        unit.Counted is { IsOfType: false, Aggregation: not (Aggregation.Unique or Aggregation.Percentile95) };

    /// <summary>Those of some units, all of which <see cref="AreOf"/>, and people; null is everybody.</summary>
    public static async Task<RawSums> OpenAsync(
        NpgsqlConnection connection, int workspace, IReadOnlyList<AskedUnit> units, int[]? people, CancellationToken cancel)
    {
        var sums = new RawSums(workspace, people);
        var names = units.ToLookup(unit => unit.Counted.EventName, StringComparer.Ordinal);
        await connection.EachAsync(
            TypesSql, [workspace, names.Select(name => name.Key).ToArray()],
            row => sums.units.AddRange(names[row.GetString(1)].Select(unit => (unit, new AskedUsage(null, [unit]), row.GetInt32(0)))),
            cancel);
        return sums;
    }

    /// <summary>Reads those of a time, in microseconds since 1970. The cell is good until the next one comes.</summary>
    public async Task ReadAsync(
        NpgsqlConnection connection, long from, long to, Action<AskedUsage, int, Cell> take, CancellationToken cancel)
    {
        if (units.Count == 0 || people is [])
            return;
        var (values, columns, cell) = (new SqlValues(), new RawColumns(), new Cell());
        List<string> conditions =
        [
            $"e.workspace_id = {values.Add(workspace)}",
            $"e.timestamp >= {values.Add(Sql.TimeOf(from))}",
            $"e.timestamp < {values.Add(Sql.TimeOf(to))}",
            $"e.type = any({values.Add(units.Select(unit => unit.Type).Distinct().ToArray())})",
        ];
        if (people is not null)
            conditions.Add($"e.person = any({values.Add(people)})");
        var person = columns.Value(columns.Read("coalesce(e.person, 0)"));
        var at = columns.Sum(person);
        var sums = units.ConvertAll(unit => new UnitSums(columns, values, unit.Unit.Counted, unit.Type));
        var sql = columns.Statement("events", conditions, [person]);
        await connection.ExecuteAsync($"savepoint sums; {SettingsSql}", [], cancel);
        await connection.EachAsync(sql, values, row =>
        {
            for (var unit = 0; unit < sums.Count; unit++)
                if (sums[unit].TryRead(row, cell))
                    take(units[unit].Usage, row.GetInt32(at), cell);
        }, cancel);
        await connection.ExecuteAsync("rollback to sums; release sums", [], cancel);
    }

    /// <summary>The columns of a unit.</summary>
    sealed class UnitSums
    {
        readonly int matches;
        readonly int numbers = -1;
        readonly int sum;
        readonly int largest;

        public UnitSums(RawColumns columns, SqlValues values, Unit unit, int type)
        {
            var matching = $"filter (where {columns.Value(columns.Read(ConditionOf(unit, type, values)))})";
            matches = columns.Sum($"count(*) {matching}");
            if (unit.Field is not { } field)
                return;
            var number = columns.Value(RawNumber.Of(columns, new RawField.OfJson("e.metadata", field), isChecked: true));
            numbers = columns.Sum($"count({number}) {matching}");
            sum = columns.Sum($"sum({number}) {matching}::text");
            largest = columns.Sum($"max({number}) {matching}::text");
        }

        /// <summary>Reads what a person's events come to; false when there are none.</summary>
        public bool TryRead(NpgsqlDataReader row, Cell cell)
        {
            cell.Clear();
            cell[UsageFacts.Matches] = row.GetInt64(matches);
            if (numbers >= 0 && row.GetInt64(numbers) is var found and > 0)
            {
                (cell[UsageFacts.Numbers], cell[UsageFacts.Sum]) = (found, DecimalUnits.Of(row.GetString(sum)));
                cell.Reached(DecimalUnits.Of(row.GetString(largest)));
            }

            return cell[UsageFacts.Matches] > 0;
        }

        // Of an erased person's event the units that it matched were kept, of those there were.
        static string ConditionOf(Unit unit, int type, SqlValues values)
        {
            var number = values.Add(unit.Number);
            var passes = unit.Filters
                .Select(filter => (Filter: filter, Field: new RawField.OfJson("e.metadata", filter.Path)))
                .Select(one => FilterCondition.OfJson(one.Filter, one.Field.Json, one.Field.Text, values));
            return $"""
                e.type = {values.Add(type)} and e.seq <= {values.Add(unit.Since)} and case
                    when e.usage is null or e.usage[1] < {number} then {string.Join(" and ", passes.Prepend("true"))}
                    else exists (select from generate_series(2, cardinality(e.usage), 2) at where e.usage[at] = {number})
                end
                """;
        }
    }
}
