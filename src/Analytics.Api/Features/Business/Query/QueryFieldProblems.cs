using Analytics.Contract;

namespace Analytics.Features.Business.Query;

/// <summary>Fields that the dataset has not, and what is asked for twice.</summary>
static class QueryFieldProblems
{
    public static IEnumerable<Problem> Of(QueryRequest query)
    {
        foreach (var (pointer, field) in FieldsOf(query))
            if (QueryFields.DatasetOf(query.Dataset) == QueryDataset.Requests && !QueryFields.OfRequests.Contains(field))
                yield return new(pointer, "unknown_field", $"Requests have {string.Join(", ", QueryFields.OfRequests)}.");
        foreach (var problem in Repeated(query.Dimensions, nameof(query.Dimensions)))
            yield return problem;
        foreach (var problem in Repeated(query.Metrics, nameof(query.Metrics)))
            yield return problem;
    }

    static IEnumerable<(string Pointer, string Field)> FieldsOf(QueryRequest query)
    {
        foreach (var (at, path) in (query.Dimensions ?? []).Index())
            if (path is not null)
                yield return ($"{nameof(query.Dimensions)}[{at}]", path);
        foreach (var (at, metric) in (query.Metrics ?? []).Index())
            if (metric?.Field is { } field)
                yield return ($"{nameof(query.Metrics)}[{at}].{nameof(metric.Field)}", field);
        foreach (var (at, filter) in (query.Filters ?? []).Index())
            if (filter?.Field is { } field)
                yield return ($"{nameof(query.Filters)}[{at}].{nameof(filter.Field)}", field);
    }

    static IEnumerable<Problem> Repeated<T>(IReadOnlyList<T>? items, string member)
    {
        var known = new HashSet<T>();
        foreach (var (at, item) in (items ?? []).Index())
            if (item is not null && !known.Add(item))
                yield return new($"{member}[{at}]", "repeated", "Is asked for already.");
    }
}
