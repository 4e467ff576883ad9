namespace Analytics.Benchmarks.Query;

/// <summary>A question to the ad-hoc query, and the same in SQL where it is one of raw events.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Dimensions">What its groups are told apart by.</param>
sealed record AdHocQuestion(string Name, string[] Dimensions)
{
    const string Field = "duration_ms";
    const string Region = "eu-west-1";

    /// <summary>The events that the unit of every set counts.</summary>
    public const string UnitEvent = "chat.created";

    public object[] Metrics { get; init; } = [new { aggregation = "count" }, new { aggregation = "sum", field = Field }, new { aggregation = "avg", field = Field }];
    public object[] Filters { get; init; } = [];
    public string[]? Events { get; init; }
    public string? Interval { get; init; }

    /// <summary>How long it should take at most in milliseconds, where a rollup answers: that of all people, one by one, takes longer.</summary>
    public double Most { get; init; } = 100;

    static readonly object[] OfRegion = [new { field = "region", @operator = "EQUALS", value = Region }];
    static readonly object[] CountAndCost = [new { aggregation = "count" }, new { aggregation = "sum", field = "_cost.amount" }];

    /// <summary>Those that raw events answer: each reads two paths of metadata beside the number's.</summary>
    public static readonly AdHocQuestion[] OfRawEvents =
    [
        new("by a path, filtered by another", ["plan"]) { Filters = OfRegion },
        new("by two paths", ["region", "plan"]),
    ];

    /// <summary>Those that a rollup answers.</summary>
    public static readonly AdHocQuestion[] OfRollups =
    [
        new("events and costs by name", ["name"]) { Metrics = CountAndCost },
        new("events and costs by customer", ["customer"]) { Metrics = CountAndCost },
        new("events and costs by name and customer", ["name", "customer"]) { Metrics = CountAndCost, Most = 1_000 },
        new("events and costs by day", []) { Metrics = CountAndCost, Interval = "day" },
        new("a customer's by day and name", ["name"])
        {
            Metrics = CountAndCost, Interval = "day", Filters = [new { field = "customer", @operator = "EQUALS", value = Profile.CustomerId(1) }],
        },
        new("what a unit counts, by day", []) { Events = [UnitEvent], Interval = "day", Filters = OfRegion },
        new("what a unit counts, by customer", ["customer"]) { Events = [UnitEvent], Filters = OfRegion },
    ];

    /// <summary>A unit that counts what the last two ask for.</summary>
    public static object Unit => new
    {
        key = "duration", name = "Duration", unitLabel = "ms", aggregation = "SUM", eventName = UnitEvent, field = Field, filters = OfRegion,
    };

    public object Body(DateTime from, DateTime to) => new
    {
        metrics = Metrics, dimensions = Dimensions, filters = Filters, events = Events, interval = Interval, from = Text(from), to = Text(to),
    };

    /// <summary>As one writes it by hand: the workspace, the first instant and the one to stop before are its parameters.</summary>
    public string PlainSql => $"""
        select {Keys(path => $"metadata ->> '{path}'")}, count(*), sum((metadata ->> '{Field}')::numeric), avg((metadata ->> '{Field}')::numeric)
        from events
        where workspace_id = $1
          and timestamp >= $2
          and timestamp < $3
          {(Filters is [] ? "" : $"and metadata ->> 'region' = '{Region}'")}
        group by {Places}
        """;

    /// <summary>For DuckDB over a column of JSON.</summary>
    public string DuckDbOfJson => DuckDb(path => $"metadata ->> '{path}'", $"(metadata ->> '{Field}')::bigint");

    /// <summary>For DuckDB over a column a path.</summary>
    public string DuckDbOfColumns => DuckDb(path => path, Field);

    string DuckDb(Func<string, string> path, string number) => $"""
        select {Keys(path)}, count(*), sum({number}), avg({number})
        from events
        {(Filters is [] ? "" : $"where {path("region")} = '{Region}'")}
        group by {Places}
        """;

    string Keys(Func<string, string> path) => string.Join(", ", Dimensions.Select(path));

    string Places => string.Join(", ", Enumerable.Range(1, Dimensions.Length));

    static string Text(DateTime instant) => instant.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
}
