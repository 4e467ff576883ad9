using Analytics.Contract;
using Analytics.Features.Business.Units;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Time;
using FluentValidation;
using FluentValidation.Results;

namespace Analytics.Features.Business.Query;

/// <summary>What holds for every question; that its times are some, too, where the clock and the workspace are at hand.</summary>
sealed class QueryRequestRules : AbstractValidator<QueryRequest>
{
    public const int MostRows = 1_000;
    const int MostMetrics = 20;
    const int MostDimensions = 5;
    const int MostNames = 100;

    public QueryRequestRules()
    {
        RuleFor(query => query.Dataset)
            .Must(word => word is null || QueryFields.Datasets.Contains(word), schema => schema.OneOf(QueryFields.Datasets))
            .WithErrorCode("dataset").WithMessage("Must be events or requests.");
        RuleFor(query => query.Metrics).Cascade(CascadeMode.Stop).Required().Must(metrics => metrics!.Count is >= 1 and <= MostMetrics,
            schema => (schema.MinItems, schema.MaxItems) = (1, MostMetrics))
            .WithErrorCode("count").WithMessage($"Must be 1 to {MostMetrics}.");
        RuleForEach(query => query.Metrics).Required().SetValidator(new QueryMetricRules()!)
            .When(query => query.Metrics is { Count: <= MostMetrics });
        Names();
        Fields();
        RuleFor(query => query.Filters).Filters();
        RuleForEach(query => query.Filters).Required().SetValidator(new UnitFilterRules()!)
            .When(query => query.Filters is { Count: <= UnitRules.MostFilters });
        RuleFor(query => query.Limit).Must(limit => limit is null or >= 1 and <= MostRows,
            schema => (schema.Minimum, schema.Maximum) = ("1", $"{MostRows}"))
            .WithErrorCode("limit").WithMessage($"Must be between 1 and {MostRows}.");
        RuleFor(query => query.OrderBy).Must((query, column) => column is null || QueryColumns.Find(query, column) is not null)
            .WithErrorCode("unknown_column").WithMessage(query => "Must be a column, with or without - before it: "
                + string.Join(", ", QueryColumns.Of(query)) + ".")
            .When(QueryColumns.AreKnown);
        Times();
    }

    void Names()
    {
        RuleFor(query => query.Events).Must(names => names is null || names.Count <= MostNames, schema => schema.MaxItems = MostNames)
            .WithErrorCode("count").WithMessage($"Must be at most {MostNames}.");
        RuleFor(query => query.Events).Must((query, names) => names is null or [] || !IsOfRequests(query))
            .WithErrorCode("conflict").WithMessage("Requests have no names.");
        RuleForEach(query => query.Events).Cascade(CascadeMode.Stop).Required().Text(UnitRules.LongestEventName)
            .When(query => query.Events is { Count: <= MostNames });
    }

    void Fields()
    {
        RuleFor(query => query.Dimensions).Must(paths => paths is null || paths.Count <= MostDimensions,
            schema => schema.MaxItems = MostDimensions)
            .WithErrorCode("count").WithMessage($"Must be at most {MostDimensions}.");
        RuleForEach(query => query.Dimensions).Cascade(CascadeMode.Stop).Required().Text(UnitRules.LongestPath)
            .When(query => query.Dimensions is { Count: <= MostDimensions });
        RuleFor(query => query).Custom((query, context) => Tell(QueryFieldProblems.Of(query), context));
    }

    void Times()
    {
        RuleFor(query => query.Interval)
            .Must(word => word is null || Intervals.TryParse(word, out _), schema => schema.OneOf(Intervals.All.Select(Intervals.Name)))
            .WithErrorCode("invalid").WithMessage("Must be minute, hour, day, week, month or year.");
        RuleFor(query => query).Custom((query, context) => Tell(QueryTimes.ProblemsOf(query, context.RootContextData), context));
    }

    static void Tell(IEnumerable<Problem> problems, ValidationContext<QueryRequest> context)
    {
        foreach (var problem in problems)
            context.AddFailure(new ValidationFailure(context.PropertyChain.BuildPropertyPath(problem.Pointer), problem.Message)
            {
                ErrorCode = problem.Code,
            });
    }

    static bool IsOfRequests(QueryRequest query) => QueryFields.DatasetOf(query.Dataset) == QueryDataset.Requests;
}

sealed class QueryMetricRules : AbstractValidator<QueryMetric>
{
    public QueryMetricRules()
    {
        RuleFor(metric => metric.Aggregation).Cascade(CascadeMode.Stop).Required()
            .Must(word => AskedMetric.IsAggregation(word!), schema => schema.Pattern = AskedMetric.Pattern)
            .WithErrorCode("aggregation").WithMessage("Must be count, sum, avg, min, max, unique, or p1 to p99.");
        RuleFor(metric => metric.Field).Text(UnitRules.LongestPath);
        RuleFor(metric => metric.Field).Must((metric, field) => field is not null || metric.Aggregation is null or "count")
            .WithErrorCode("required").WithMessage("Is required unless facts are only counted.");
    }
}
