using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Statistics;

/// <summary>The parameters of the timeseries, as sent.</summary>
public sealed record TimeseriesRequest
{
    /// <summary>First calendar date, <c>YYYY-MM-DD</c>.</summary>
    [Shown(IsRequired = true, Format = "date")]
    public string? StartDate { get; init; }

    /// <summary>Last calendar date, inclusive.</summary>
    [Shown(IsRequired = true, Format = "date")]
    public string? EndDate { get; init; }

    /// <summary><c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c> or <c>year</c>.</summary>
    [Shown(IsRequired = true), OneOf(typeof(Intervals), nameof(Intervals.OfCalendars))]
    public string? Interval { get; init; }

    /// <summary>An IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>Names of roots; repeat for several.</summary>
    public string?[] Name { get; init; } = [];

    /// <summary>Roots of these customers.</summary>
    [Shown(Format = "uuid")]
    public string[] CustomerId { get; init; } = [];

    /// <summary>Roots of the people with these external ids.</summary>
    public string?[] ExternalCustomerId { get; init; } = [];

    /// <summary><c>user</c> (default) or <c>system</c>; repeat for both.</summary>
    [OneOf("user", "system")]
    public string[] Source { get; init; } = [];

    /// <summary>Roots of these event types.</summary>
    [Shown(Format = "uuid")]
    public string[] EventTypeId { get; init; } = [];

    /// <summary>Numeric metadata paths to add up per trace; <c>_cost.amount</c> by default.</summary>
    public string?[] AggregateFields { get; init; } = [];

    /// <summary>Order of the rows in every period, descending with - in front.</summary>
    [Shown(Default = TimeseriesQuestion.DefaultOrder)]
    [OneOf(typeof(TimeseriesQuestion), nameof(TimeseriesQuestion.Orders))]
    public string? Sort { get; init; }
}

/// <summary>What is asked, understood: every problem of the parameters has been told.</summary>
sealed record TimeseriesQuestion(
    IReadOnlyList<Bucket> Buckets, DateTimeOffset Now, string[] Names, Guid[] Customers, string[] ExternalCustomers,
    EventSource[] Sources, Guid[] Types, string[] Fields, string SortBy, bool Descending,
    IReadOnlyList<(string Path, string[] Values)> Metadata)
{
    const int MaxFields = 30;
    const int MaxRows = 100_000;
    const int MaxValues = 500_000;
    internal const string DefaultOrder = "-total";
    static readonly string[] Columns = ["name", "occurrences", "total", "average", "p10", "p50", "p90", "p95", "p99"];
    internal static readonly string[] Orders = [.. Columns, .. Columns.Select(column => "-" + column)];

    public static TimeseriesQuestion Of(TimeseriesRequest request, IQueryCollection query, Workspace workspace, DateTimeOffset now)
    {
        var problems = new List<TimeProblem>();
        var interval = Intervals.OfCalendar(request.Interval, problems);
        var zone = Zones.Find(request.Timezone ?? workspace.Timezone, problems);
        var range = TimeRange.FromDates(request.StartDate, request.EndDate, zone, problems);
        if (range is not null && interval is { } known)
            range.CheckFits(known, problems);

        var sources = request.Source.Select(text => SourceOf(text, problems)).ToArray();
        var customers = Ids(request.CustomerId, "customer_id", problems);
        var types = Ids(request.EventTypeId, "event_type_id", problems);
        string[] fields = [.. Given(request.AggregateFields).DefaultIfEmpty(FieldCatalogue.BuiltIn[0]).Distinct()];
        foreach (var field in fields.Where(field => !MetadataPath.IsFieldName(field)))
            problems.Add(new("aggregate_fields", "invalid_field", $"'{field}' is no dotted metadata path."));
        if (fields.GroupBy(field => field.Replace('.', '_')).Any(key => key.Count() > 1))
            problems.Add(new("aggregate_fields", "conflict", "Two of the fields have one key in the answer: a.b and a_b, say."));
        if (fields.Length > MaxFields)
            problems.Add(new("aggregate_fields", "too_many", $"At most {MaxFields} fields may be asked for at once."));
        var sort = request.Sort ?? DefaultOrder;
        if (!Columns.Contains(sort.TrimStart('-')) || sort.StartsWith("--", StringComparison.Ordinal))
            problems.Add(new("sort", "unknown_field", $"sort must be one of {string.Join(", ", Columns)}, with - for descending."));

        if (problems.Count > 0)
            throw ProblemException.Invalid([.. problems.Select(p => new Problem(p.Parameter, p.Code, p.Message))]);
        return new TimeseriesQuestion(
            Time.Buckets.Of(range!, interval!.Value), now, Given(request.Name), customers, Given(request.ExternalCustomerId),
            sources is [] ? [EventSource.User] : sources, types, fields, sort.TrimStart('-'), sort[0] == '-', MetadataOf(query));
    }

    /// <summary>400 when an answer of so many names would be too large.</summary>
    public void CheckSize(int names)
    {
        var rows = names * (long)Buckets.Count;
        var asked = $"{Buckets.Count} periods x {names} names";
        if (rows > MaxRows)
            throw TooMany("interval", $"{asked} are more than {MaxRows}; ask for less.");
        if (rows * Fields.Length > MaxValues)
            throw TooMany("aggregate_fields", $"{asked} x {Fields.Length} fields are more than {MaxValues}; ask for less.");
    }

    static ProblemException TooMany(string parameter, string message) =>
        ProblemException.Invalid(new Problem(parameter, "too_many_rows", message));

    // A parameter without a value asks for nothing.
    static string[] Given(string?[] texts) => [.. texts.OfType<string>()];

    static EventSource SourceOf(string text, List<TimeProblem> problems)
    {
        if (text is not ("user" or "system"))
            problems.Add(new("source", "invalid", "source must be user or system."));
        return text == "system" ? EventSource.System : EventSource.User;
    }

    static Guid[] Ids(string[] texts, string parameter, List<TimeProblem> problems)
    {
        var ids = new List<Guid>();
        foreach (var text in texts)
            if (Guid.TryParseExact(text, "D", out var id))
                ids.Add(id);
            else
                problems.Add(new(parameter, "invalid", $"{parameter} must be a UUID."));
        return [.. ids];
    }

    static List<(string, string[])> MetadataOf(IQueryCollection query)
    {
        var filters = new List<(string, string[])>();
        foreach (var (key, values) in query)
            if (key.StartsWith("metadata[", StringComparison.Ordinal) && key.EndsWith(']') && key.Length > "metadata[]".Length)
                filters.Add((key["metadata[".Length..^1], [.. values.OfType<string>()]));
        return filters;
    }
}
