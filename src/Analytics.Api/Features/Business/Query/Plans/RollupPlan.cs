using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups;
using Analytics.Time;

namespace Analytics.Features.Business.Query.Plans;

/// <summary>
/// A rollup that questions are answered from: it tells apart what the keys of its cells say, and has the numbers that these add up. What it
/// answers agrees with raw facts to the last digit, percentiles of more than a hundred numbers within 1 %.
/// </summary>
/// <param name="Dataset">The facts it is of.</param>
/// <param name="Rollup">What is read.</param>
sealed record RollupPlan(QueryDataset Dataset, Rollup Rollup)
{
    /// <summary>Costs are the one number of metadata that is counted of each event: other fields are of whole traces.</summary>
    public const string Cost = "_cost.amount";

    // Of several that can answer the first one is taken: what reads least comes first.
    static readonly RollupPlan[] All =
    [
        new(QueryDataset.Events, EventRollups.People),
        new(QueryDataset.Events, EventRollups.Timeline),
        new(QueryDataset.Events, EventRollups.Customers),
        new(QueryDataset.Requests, RequestRollups.PeopleTotals),
        new(QueryDataset.Requests, RequestRollups.PeopleRequests),
        new(QueryDataset.Requests, RequestRollups.EndpointRequests),
        new(QueryDataset.Requests, RequestRollups.Requests),
        new(QueryDataset.Requests, RequestRollups.Endpoints),
        new(QueryDataset.Requests, RequestRollups.Callers),
        new(QueryDataset.Requests, UsageRollups.ProductRequests),
        new(QueryDataset.Requests, RequestRollups.EndpointRequests) { LeadsFrom = RequestRollups.Endpoints },
        new(QueryDataset.Events, EventRollups.People) { LeadsFrom = EventRollups.Customers },
        new(QueryDataset.Requests, RequestRollups.PeopleTotals) { LeadsFrom = RequestRollups.Callers },
        new(QueryDataset.Requests, RequestRollups.PeopleRequests) { LeadsFrom = RequestRollups.Callers },
    ];

    /// <summary>What knows whose cells there are, where the question does not name them.</summary>
    public Rollup? LeadsFrom { get; private init; }

    /// <summary>The rollups that are read.</summary>
    public Rollup[] Rollups => LeadsFrom is null ? [Rollup] : [LeadsFrom, Rollup];

    /// <summary>The one that answers a question of a time; null where only raw facts do.</summary>
    public static RollupPlan? Of(PlannedQuestion question) => Array.Find(All, plan => plan.Answers(question));

    /// <summary>Where a dimension's number is in a cell's key: lead or second, and which part of it; null where it is not.</summary>
    public (bool IsLead, Dimension Part)? PlaceOf(Dimension dimension) =>
        dimension == Rollup.Lead || dimension == Rollup.Second ? (dimension == Rollup.Lead, dimension with { Of = null })
        : dimension.Of is { } whole && whole == Rollup.Second ? (false, dimension)
        : null;

    /// <summary>What of cells is read.</summary>
    public static CellParts PartsFor(AskedQuery query) => query.Metrics.Any(metric => IsOfDistribution(metric))
        ? new(Set: false, Values: true, 1UL << RequestFacts.LatencyField)
        : CellParts.Sums;

    bool Answers(PlannedQuestion question) =>
        question.Query.Dataset == Dataset
        && question.Used.All(dimension => PlaceOf(dimension) is not null)
        && KnowsLeads(question)
        // Requests that name no product are in no cell.
        && (Rollup.Second != Dimension.Product || question.IsNamed(Dimension.Product))
        && (Rollup.Finest == Grain.Minute || question.Query.Interval != Interval.Minute)
        && question.Query.Metrics.All(Has);

    bool KnowsLeads(PlannedQuestion question) => Rollup.Lead == Dimension.None || question.IsNamed(Rollup.Lead)
        || (LeadsFrom is not null && question.Used.Contains(Rollup.Lead));

    bool Has(AskedMetric metric) => metric.Field is null || metric switch
    {
        { OfNumbers: false } when QueryWords.Of(Dataset).ContainsKey(metric.Field) => true,
        { Kind: MetricKind.Sum, Field: Cost } => Dataset == QueryDataset.Events,
        { Kind: MetricKind.Unique } => false,
        { Field: QueryFields.Latency } => HasRequests && (Rollup.Values || !IsOfDistribution(metric)),
        { Field: QueryFields.RequestSize or QueryFields.ResponseSize } => HasRequests && !IsOfDistribution(metric),
        _ => false,
    };

    bool HasRequests => Rollup.From[0] == RequestFacts.Section || Rollup.From[0] == RequestFacts.Minutes;

    static bool IsOfDistribution(AskedMetric metric) => metric.Kind is MetricKind.Least or MetricKind.Largest or MetricKind.Percentile;
}
