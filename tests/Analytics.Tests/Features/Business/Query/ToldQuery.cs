using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Oracle;
using Calendar = Analytics.Tests.Oracle.Calendar;
using NodaTime;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>A filter of a question.</summary>
sealed record AskedFilter(string Field, string Operator, JsonElement Value)
{
    readonly ToldValue asked = new(Value);
    readonly string?[] keys = Operator is "IN" or "NOT_IN"
        ? [.. Value.EnumerateArray().Select(one => new ToldValue(one).Key)]
        : [new ToldValue(Value).Key];

    public bool Holds(ToldFact fact)
    {
        var found = fact[Field];
        return Operator switch
        {
            "EQUALS" or "IN" => IsOneOfThem(found),
            "NOT_EQUALS" or "NOT_IN" => !IsOneOfThem(found),
            "CONTAINS" => found?.Text?.Contains(asked.Text!, StringComparison.Ordinal) == true,
            "NOT_CONTAINS" => found?.Text?.Contains(asked.Text!, StringComparison.Ordinal) != true,
            "GREATER_THAN" => found is { Number: not null } && ToldValue.CompareNumbers(found, asked) > 0,
            _ => found is { Number: not null } && ToldValue.CompareNumbers(found, asked) < 0,
        };
    }

    bool IsOneOfThem(ToldValue? found) => found?.Key is { } key && Array.IndexOf(keys, key) >= 0;
}

/// <summary>A question, and what it comes to by looking at every fact.</summary>
sealed record ToldQuery(
    bool OfRequests, (string Aggregation, string? Field)[] Metrics, string[] Names, string[] Dimensions, AskedFilter[] Filters, Instant From,
    Instant To, string? Interval, string Zone, string? OrderBy, int? Limit)
{
    sealed record Row(Instant? Start, ToldValue?[] Values, BigInteger?[] Numbers);

    public string[] Columns { get; } =
    [
        .. Interval is null ? Array.Empty<string>() : ["timestamp"], .. Dimensions,
        .. Metrics.Select(metric => metric.Field is null ? metric.Aggregation : $"{metric.Aggregation}({metric.Field})"),
    ];

    public JsonObject ToBody(Random random)
    {
        var body = new JsonObject
        {
            ["metrics"] = new JsonArray([.. Metrics.Select(metric => new JsonObject { ["aggregation"] = metric.Aggregation, ["field"] = metric.Field })]),
            ["from"] = From.ToString("uuuu-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
            ["to"] = To.ToString("uuuu-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
            ["timezone"] = Zone,
        };
        if (OfRequests || random.Next(2) == 0)
            body["dataset"] = OfRequests ? "requests" : "events";
        Add("events", Names.Length == 0 ? null : new JsonArray([.. Names.Select(name => (JsonNode)name)]));
        Add("dimensions", Dimensions.Length == 0 ? null : new JsonArray([.. Dimensions.Select(path => (JsonNode)path)]));
        Add("filters", Filters.Length == 0 ? null : new JsonArray([.. Filters.Select(filter => new JsonObject
        {
            ["field"] = filter.Field, ["operator"] = filter.Operator, ["value"] = JsonNode.Parse(filter.Value.GetRawText()),
        })]));
        Add("interval", Interval);
        Add("orderBy", OrderBy);
        Add("limit", Limit);
        return body;

        void Add(string member, JsonNode? value)
        {
            if (value is not null)
                body[member] = value;
        }
    }

    /// <summary>Every row as it must be answered, a text each.</summary>
    public IReadOnlyList<string> Rows(IEnumerable<ToldFact> all)
    {
        var buckets = Buckets();
        var facts = all.Where(fact => fact.Moment >= From && fact.Moment < To
            && (Names.Length == 0 || Names.Contains(fact.Name)) && Filters.All(filter => filter.Holds(fact)));
        var groups = facts.GroupBy(fact => (Bucket: BucketOf(buckets, fact), Key: string.Join('\0', Dimensions.Select(path => fact[path]?.Key ?? "\u0001"))))
            .ToDictionary(group => group.Key, group => group.ToList());
        if (Dimensions.Length == 0)
            for (var bucket = 0; bucket < buckets.Count; bucket++)
                groups.TryAdd((bucket, ""), []);
        var rows = groups.Select(group => new Row(
            Interval is null ? null : buckets[group.Key.Bucket],
            [.. Dimensions.Select(path => group.Value[0][path] is { Key: not null } value ? value : null)],
            [.. Metrics.Select(metric => ValueOf(metric, group.Value))])).ToList();
        var order = Order().ToList();
        rows.Sort((one, other) => Compare(order, one, other));
        return [.. rows.Take(Limit ?? (Dimensions.Length == 0 ? int.MaxValue : 1_000)).Select(Show)];
    }

    /// <summary>Whether a rollup may answer it with percentiles of more than a hundred numbers, which it knows within 1 %.</summary>
    public bool IsNear(IEnumerable<ToldFact> all) => OfRequests && Metrics.Any(IsNear) && all.Count(fact => fact.Number("latencyMs") is not null) > 100;

    static bool IsNear((string Aggregation, string? Field) metric) => metric is (['p', ..], "latencyMs");

    /// <summary>Whether rows are those expected, in any order, but for such percentiles, which are within 1 %.</summary>
    public bool AreNear(IReadOnlyList<string> expected, IReadOnlyList<string> rows) => expected.Count == rows.Count
        && expected.Order(StringComparer.Ordinal).Zip(rows.Order(StringComparer.Ordinal)).All(pair => AreNear(pair.First.Split(" | "), pair.Second.Split(" | ")));

    bool AreNear(string[] expected, string[] row) => expected.Length == row.Length && expected.Zip(row).Index().All(cell =>
        cell.Item.First == cell.Item.Second
        || (cell.Index >= Columns.Length - Metrics.Length && IsNear(Metrics[cell.Index - (Columns.Length - Metrics.Length)])
            && decimal.TryParse(cell.Item.First, CultureInfo.InvariantCulture, out var exact)
            && decimal.TryParse(cell.Item.Second, CultureInfo.InvariantCulture, out var near)
            && decimal.Abs(exact - near) <= 0.01m * decimal.Max(exact, near)));

    /// <summary>An answered row as a text that is the same for the same values.</summary>
    public string Show(JsonElement row) => string.Join(" | ", row.EnumerateArray().Select((cell, at) =>
        at < Columns.Length - Metrics.Length && !(at == 0 && Interval is not null)
            ? new ToldValue(cell).Key ?? Null(cell)
            : cell.ValueKind == JsonValueKind.String ? cell.GetString() : cell.GetRawText()));

    static string Null(JsonElement cell) => cell.ValueKind == JsonValueKind.Null ? "null" : "no value: " + cell.GetRawText();

    string Show(Row row) => string.Join(" | ", [
        .. row.Start is { } start ? new[] { start.ToString("uuuu-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) } : [],
        .. row.Values.Select(value => value?.Key ?? "null"), .. row.Numbers.Select(number => number is { } units ? Oracle.Units.Show(units) : "null")]);

    static BigInteger? ValueOf((string Aggregation, string? Field) metric, List<ToldFact> facts)
    {
        if (metric.Field is not { } field)
            return Whole(facts.Count);
        List<BigInteger> numbers = [.. facts.Select(fact => fact.Number(field)).OfType<BigInteger>().Order()];
        var sum = numbers.Aggregate(BigInteger.Zero, (one, other) => one + other);
        return metric.Aggregation switch
        {
            "count" => Whole(facts.Count(fact => fact[field] is not null)),
            "unique" => Whole(facts.Select(fact => fact[field]?.Key).OfType<string>().Distinct().Count()),
            "sum" => sum,
            _ when numbers.Count == 0 => null,
            "min" => numbers[0],
            "max" => numbers[^1],
            "avg" => Quotient(sum, numbers.Count * Cent) * Cent,
            var percentile => Percentile(numbers, int.Parse(percentile[1..], CultureInfo.InvariantCulture)),
        };
    }

    static BigInteger Cent => BigInteger.Pow(10, Oracle.Units.Decimals - 2);

    static BigInteger Whole(int number) => number * BigInteger.Pow(10, Oracle.Units.Decimals);

    static BigInteger Percentile(List<BigInteger> ascending, int percent)
    {
        var rank = percent * (ascending.Count - 1);
        var (below, part) = (rank / 100, rank % 100);
        return Quotient((ascending[below] * (100 - part)) + (ascending[Math.Min(below + 1, ascending.Count - 1)] * part), 100);
    }

    // Half away from zero.
    static BigInteger Quotient(BigInteger dividend, BigInteger divisor) =>
        dividend.Sign * ((2 * BigInteger.Abs(dividend)) + divisor) / (2 * divisor);

    int Compare(List<(string Column, bool Descends)> columns, Row one, Row other)
    {
        foreach (var (column, descends) in columns)
            if (CompareCells(one, other, column, descends) is not 0 and var order)
                return order;
        return 0;
    }

    IEnumerable<(string Column, bool Descends)> Order()
    {
        if (OrderBy is not null)
            yield return Columns.Contains(OrderBy) ? (OrderBy, false) : (OrderBy[1..], true);
        if (Interval is not null)
            yield return ("timestamp", false);
        yield return (Columns[^Metrics.Length], true);
        foreach (var path in Dimensions)
            yield return (path, false);
    }

    int CompareCells(Row one, Row other, string column, bool descends)
    {
        var at = Array.IndexOf(Columns, column) - (Interval is null ? 0 : 1);
        var order = at < 0 ? one.Start!.Value.CompareTo(other.Start!.Value)
            : at < Dimensions.Length ? Nulls(one.Values[at], other.Values[at], ToldValue.Compare)
            : Nulls<object>(one.Numbers[at - Dimensions.Length], other.Numbers[at - Dimensions.Length], (a, b) => ((BigInteger)a).CompareTo((BigInteger)b));
        return Math.Abs(order) == Last ? Math.Sign(order) : descends ? -order : order;
    }

    const int Last = 99;

    static int Nulls<T>(T? one, T? other, Func<T, T, int> compare) where T : class => (one, other) switch
    {
        (null, null) => 0,
        (null, _) => Last,
        (_, null) => -Last,
        var (a, b) => Math.Sign(compare(a, b)),
    };

    List<Instant> Buckets() => Interval switch
    {
        null => [From],
        "minute" => [.. Minutes()],
        _ => [.. Calendar.Buckets(Zone, Interval, From, To).Select(bucket => bucket.Start)],
    };

    IEnumerable<Instant> Minutes()
    {
        const long minute = 600_000_000;
        for (var ticks = From.ToUnixTimeTicks() / minute * minute; ticks < To.ToUnixTimeTicks(); ticks += minute)
            yield return Instant.FromUnixTimeTicks(ticks);
    }

    static int BucketOf(List<Instant> starts, ToldFact fact) =>
        starts.BinarySearch(fact.Moment) is var found && found >= 0 ? found : ~found - 1;
}
