using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>The query of an alert, understood.</summary>
/// <param name="OfRequests">Whether it is about requests, or events.</param>
/// <param name="Metric">What is made of the facts.</param>
/// <param name="Dimension">What they are told apart by; null for nothing.</param>
/// <param name="Names">The names of events that count; null for all.</param>
/// <param name="Filters">What must hold of them.</param>
sealed record WatchedQuery(
    bool OfRequests, AskedMetric Metric, string? Dimension, HashSet<string>? Names, IReadOnlyList<FieldFilter> Filters)
{
    /// <summary>Whether keys are what the product made up: such may be somebody's.</summary>
    public bool IsOfProduct => Dimension is { } dimension && IsProducts(dimension);

    /// <summary>Whether an erasure may change what it comes to.</summary>
    public bool LooksAtTexts => IsOfProduct || Filters.Any(filter => IsProducts(filter.Path));

    /// <summary>Whether who people are is part of what it holds.</summary>
    public bool LooksAtPeople => IsOfProduct || Dimension == QueryFields.Customer || Metric.Field == QueryFields.Customer
        || Filters.Any(filter => filter.Path == QueryFields.Customer);

    public static WatchedQuery Of(AlertQuery query) => new(
        QueryFields.DatasetOf(query.Dataset) == QueryDataset.Requests, AskedMetric.Of(query.Metrics![0]!),
        query.Dimensions is [{ } dimension] ? dimension : null,
        query.Events is { Count: > 0 } names ? [.. names.OfType<string>()] : null,
        FieldFilter.Read(AlertAnswer.Write(query.Filters ?? [])!));

    bool IsProducts(string field) => QueryFields.IsSomebodys(OfRequests ? QueryDataset.Requests : QueryDataset.Events, field);
}

/// <summary>An alert, understood.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="Severity">How serious its records are.</param>
/// <param name="Window">How long its window is.</param>
/// <param name="Condition">When it is crossed.</param>
/// <param name="Query">What it asks; null where it asks for a statistic.</param>
/// <param name="Statistic">Which statistic it asks for.</param>
sealed record WatchedAlert(
    Guid Id, string Name, string Severity, string Window, WatchedCondition Condition, WatchedQuery? Query, AlertStatistic? Statistic)
{
    static readonly Int128 Hundredth = DecimalUnits.One / 100;

    /// <summary>What alerts that hold the same facts have in common.</summary>
    public string Facts { get; private init; } = "";

    /// <summary>How long its window is, in microseconds.</summary>
    public long Length { get; } = AlertWords.LengthOf(Window);

    /// <summary>Whether the window before the one up to now is looked at: for changes, and for keys that were big then.</summary>
    public bool HasBefore => Condition.LooksAtChange || Query?.Dimension is not null;

    public static WatchedAlert Of(Guid id, NewAlert asked) => new(
        id, asked.Name!, asked.Severity ?? AlertWords.DefaultSeverity, asked.Window!, WatchedCondition.Of(asked.When!),
        asked.Query is { } query ? WatchedQuery.Of(query) : null, asked.Statistic)
    {
        Facts = $"{asked.Window} {asked.When!.ChangePercent is not null} {AlertAnswer.Write(asked.Query)}",
    };

    public static WatchedAlert Of(Alert row) => Of(row.Id, Asked(row));

    /// <summary>The same, knowing what the customers are called that its filters name by our id.</summary>
    public async Task<WatchedAlert> CalledAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel)
    {
        if (Query is not { } query || !CustomerFilters.NameById(query.Filters))
            return this;
        var filters = await connection.CalledAsync(workspace, query.Filters, cancel);
        return this with { Query = query with { Filters = filters }, Facts = Facts + string.Concat(filters.Select(filter => filter.Text)) };
    }

    /// <summary>What made a stored alert.</summary>
    public static NewAlert Asked(Alert row) => new(
        row.Name, row.Enabled, row.Severity, AlertAnswer.Read<AlertQuery>(row.Query), AlertAnswer.Read<AlertStatistic>(row.Statistic),
        row.Span, AlertAnswer.Read<AlertCondition>(row.Condition));

    /// <summary>Where the window begins: that of a statistic with a day.</summary>
    public long FromOf(long end) => Statistic is null ? end - Length : end - end % AlertWords.DayLength - (Length - AlertWords.DayLength);

    /// <summary>A value as it is shown: averages have two decimals.</summary>
    public ExactNumber Shown(Int128 value) => new(
        Query?.Metric.Kind == MetricKind.Average ? DecimalUnits.DivideRounded(value, Hundredth) * Hundredth : value);

    /// <summary>When the oldest facts of its windows may be, in microseconds.</summary>
    public long OldestAt(long end) => end - (HasBefore ? 2 * Length : Length);

    /// <summary>In which of its windows a fact is that happened at a time.</summary>
    public WindowPart PartOf(long time, long end) =>
        time >= end ? WindowPart.None
        : time >= end - Length ? WindowPart.Current
        : HasBefore && time >= end - 2 * Length ? WindowPart.Before
        : WindowPart.None;
}
