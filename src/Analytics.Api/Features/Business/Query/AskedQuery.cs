using System.Text.Json;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage.Business;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Business.Query;

/// <summary>A question, understood.</summary>
sealed record AskedQuery
{
    static readonly QueryRequestRules Rules = new();

    public required QueryDataset Dataset { get; init; }

    public required IReadOnlyList<AskedMetric> Metrics { get; init; }

    /// <summary>The names of events that are counted; none for all.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<string> Dimensions { get; init; }

    public required IReadOnlyList<FieldFilter> Filters { get; init; }

    /// <summary>The time asked about, and the zone of its buckets.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>How the answer is cut; null for all of the time as one.</summary>
    public required Interval? Interval { get; init; }

    /// <summary>The columns of the answer.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The place of the column that rows are ordered by; null for the usual order.</summary>
    public required (int Column, bool Descends)? Order { get; init; }

    /// <summary>The most rows; null when nothing was said.</summary>
    public required int? Limit { get; init; }

    /// <summary>Whose facts alone are counted, as a portal key sees them; null for everybody's.</summary>
    public Customer? Customer { get; init; }

    /// <summary>What metrics are made of, each once.</summary>
    public IReadOnlyList<string> Fields => field ??= [.. Metrics.Select(metric => metric.Field).OfType<string>().Distinct()];

    /// <summary>Where a field of a metric is among <see cref="Fields"/>.</summary>
    public int PlaceOf(string field)
    {
        for (var at = 0; at < Fields.Count; at++)
            if (Fields[at] == field)
                return at;
        throw new ArgumentOutOfRangeException(nameof(field));
    }

    /// <summary>The calendar buckets of a time, none of an empty one; all of it as one where no interval is asked for.</summary>
    public IReadOnlyList<Bucket> BucketsOf(TimeRange range) =>
        Interval is { } interval ? Buckets.Of(range, interval) : [new Bucket(range.From, range.To, range.From, range.To)];

    /// <summary>Reads a question; a 400 with every problem when there are any, where they are in the question.</summary>
    public static AskedQuery Of(QueryRequest request, Workspace workspace, DateTimeOffset now)
    {
        var range = QueryTimes.Read(request, workspace, now, out var ofTimes);
        var problems = Rules.Validate(request).Errors.Select(error => new Problem(error.PropertyName, error.ErrorCode, error.ErrorMessage))
            .Concat(ofTimes)
            .Select(problem => problem with { Pointer = JsonPointer.OfProperty(problem.Pointer, Naming.Camel) })
            .DistinctBy(problem => problem.Pointer).ToList();
        if (range is null || problems.Count > 0)
            throw ProblemException.Invalid(problems);
        return new AskedQuery
        {
            Dataset = QueryFields.DatasetOf(request.Dataset),
            Metrics = [.. request.Metrics!.Select(metric => AskedMetric.Of(metric!))],
            Names = [.. request.Events?.OfType<string>().Distinct() ?? []],
            Dimensions = [.. request.Dimensions?.OfType<string>() ?? []],
            Filters = FieldFilter.Read(JsonSerializer.Serialize(request.Filters ?? [], Json.Camel)),
            Range = range,
            Interval = QueryTimes.IntervalOf(request),
            Columns = QueryColumns.Of(request),
            Order = request.OrderBy is { } column ? QueryColumns.Find(request, column) : null,
            Limit = request.Limit,
        };
    }
}
