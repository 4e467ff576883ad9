using Analytics.Features.Business.Query.Raw;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Npgsql;

namespace Analytics.Features.Business.Usage;

/// <summary>
/// What came before some units, added up in Postgres: a row comes for each person, and for each value of theirs that is told apart, however
/// many events there are. Events match as <see cref="UnitMatch"/> says.
/// </summary>
sealed class UnreadyUsage
{
    const int TextsAtOnce = 50_000;

    const string TypesSql = "select type, name from event_types where workspace_id = $1 and name = any($2)";

    // Rows of a time are read page by page, and nothing is sorted: there are many events, and few people.
    const string SettingsSql = """
        savepoint usage;
        set local enable_indexscan = off; set local enable_sort = off; set local work_mem = '64MB';
        set local max_parallel_workers_per_gather = 0
        """;

    readonly int workspace;
    readonly int[]? people;
    readonly LentTexts lent;
    readonly byte[] hashKey;
    readonly List<UnreadyUnit> units = [];

    UnreadyUsage(int workspace, int[]? people, LentTexts lent, byte[] hashKey) =>
        (this.workspace, this.people, this.lent, this.hashKey) = (workspace, people, lent, hashKey);

    /// <summary>Whether a unit counts events whatever products they name.</summary>
    public static bool IsOf(AskedUnit unit) => !unit.Counted.IsOfType;

    /// <summary>Of some units, all of which <see cref="IsOf"/>, and people; null is everybody.</summary>
    public static async Task<UnreadyUsage> OpenAsync(
        NpgsqlConnection connection, int workspace, IReadOnlyList<AskedUnit> units, int[]? people, LentTexts lent,
        CancellationToken cancel)
    {
        var usage = new UnreadyUsage(workspace, people, lent, await KeyHash.KeyOfAsync(connection, workspace, cancel));
        var names = units.ToLookup(unit => unit.Counted.EventName, StringComparer.Ordinal);
        await connection.EachAsync(
            TypesSql, [workspace, names.Select(name => name.Key).ToArray()],
            row => usage.units.AddRange(names[row.GetString(1)].Select(unit => new UnreadyUnit(unit, row.GetInt32(0)))), cancel);
        return usage;
    }

    /// <summary>Reads that of a time, in microseconds since 1970.</summary>
    public async Task ReadAsync(
        NpgsqlConnection connection, long from, long to, Action<AskedUsage, int, Cell> take, CancellationToken cancel)
    {
        if (units.Count == 0 || people is [])
            return;
        var cells = new Dictionary<(UnreadyUnit Unit, int Person), Cell>();
        await connection.ExecuteAsync(SettingsSql, [], cancel);
        await SumsAsync(connection, from, to, cells, cancel);
        foreach (var unit in units)
            if (unit.Counted.Aggregation == Aggregation.Percentile95)
                await ValuesAsync(connection, from, to, unit, cells, cancel);
            else if (unit.Counted.Aggregation == Aggregation.Unique)
                await MembersAsync(connection, from, to, unit, cells, cancel);
        await connection.ExecuteAsync("rollback to usage; release usage", [], cancel);
        foreach (var ((unit, person), cell) in cells)
            take(unit.Usage, person, cell);
    }

    async Task SumsAsync(
        NpgsqlConnection connection, long from, long to, Dictionary<(UnreadyUnit, int), Cell> cells, CancellationToken cancel)
    {
        var (values, columns) = (new SqlValues(), new RawColumns());
        var conditions = Conditions(values, from, to, units);
        // Of events that no unit matches nothing else is looked at.
        if (units is [var only])
            conditions.Add(only.ConditionOf(values));
        var person = Person(columns);
        var at = columns.Sum(person);
        var sums = units.ConvertAll(unit => new UnreadyUnitSums(columns, units.Count == 1 ? null : unit.ConditionOf(values), unit));
        await connection.EachAsync(columns.Statement("events", conditions, [person]), values, row =>
        {
            foreach (var (unit, sum) in units.Zip(sums))
                if (sum.TryRead(row) is { } cell)
                    cells.Add((unit, row.GetInt32(at)), cell);
        }, cancel);
    }

    // The distribution of the numbers, without zeros.
    async Task ValuesAsync(
        NpgsqlConnection connection, long from, long to, UnreadyUnit unit, Dictionary<(UnreadyUnit, int), Cell> cells,
        CancellationToken cancel)
    {
        var (values, columns) = (new SqlValues(), new RawColumns());
        List<string> conditions = [.. Conditions(values, from, to, [unit]), unit.ConditionOf(values)];
        var (person, number) = (Person(columns), unit.NumberOf(columns));
        var (who, value, times) = (columns.Sum(person), columns.Sum($"{number}::text"), columns.Sum("count(*)"));
        await connection.EachAsync(columns.Statement("events", conditions, [person, number]), values, row =>
        {
            if (row.IsDBNull(value) || DecimalUnits.Of(row.GetString(value)) is var amount && amount == 0)
                return;
            var bag = cells[(unit, row.GetInt32(who))].Totals(UsageFacts.Field).Values;
            bag.Add(amount, row.GetInt64(times));
            bag.Compact();
        }, cancel);
    }

    // The distinct values; of erased people's events their numbers were kept.
    async Task MembersAsync(
        NpgsqlConnection connection, long from, long to, UnreadyUnit unit, Dictionary<(UnreadyUnit, int), Cell> cells,
        CancellationToken cancel)
    {
        var (values, columns) = (new SqlValues(), new RawColumns());
        List<string> conditions = [.. Conditions(values, from, to, [unit]), unit.ConditionOf(values)];
        var person = Person(columns);
        var (scalar, kept) = unit.ValueOf(columns, values);
        var (who, value, number) = (columns.Sum(person), columns.Sum($"{scalar}::text"), columns.Sum(kept));
        var found = new List<(int Person, UInt128 Value)>();
        await connection.EachAsync(columns.Statement("events", conditions, [person, scalar, kept]), values, row =>
        {
            if (!row.IsDBNull(value))
                found.Add((row.GetInt32(who), TextNumbers.HashOf(hashKey, new JsonScalar(row.Bytes(value)).Distinct()!)));
            else if (!row.IsDBNull(number))
                cells[(unit, row.GetInt32(who))].AddToSet(row.GetInt32(number));
        }, cancel);
        await lent.Turn.WaitAsync(cancel);
        try
        {
            var texts = new TextNumbers(connection, workspace, hashKey, lent.Known, lent);
            foreach (var some in found.Chunk(TextsAtOnce))
            {
                await texts.AssignAsync(TextKind.UniqueValue, some.Select(one => one.Value), cancel);
                foreach (var (owner, text) in some)
                    cells[(unit, owner)].AddToSet(texts.Of(TextKind.UniqueValue, text));
            }
        }
        finally
        {
            lent.Turn.Release();
        }
    }

    List<string> Conditions(SqlValues values, long from, long to, IEnumerable<UnreadyUnit> of)
    {
        List<string> conditions =
        [
            $"e.workspace_id = {values.Add(workspace)}",
            $"e.timestamp >= {values.Add(Sql.TimeOf(from))}",
            $"e.timestamp < {values.Add(Sql.TimeOf(to))}",
            $"e.type = any({values.Add(of.Select(unit => unit.Type).Distinct().ToArray())})",
        ];
        if (people is not null)
            conditions.Add($"e.person = any({values.Add(people)})");
        return conditions;
    }

    static string Person(RawColumns columns) => columns.Value(columns.Read("coalesce(e.person, 0)"));
}
