using Analytics.Storage.Business;
using Analytics.Storage.Facts;

namespace Analytics.Features.Business.Query.Plans;

/// <summary>A question as rollups see it: by dimensions whose texts have numbers.</summary>
sealed class PlannedQuestion
{
    readonly Dictionary<Dimension, HashSet<string>> named = [];

    PlannedQuestion(AskedQuery query, IReadOnlyList<string> words)
    {
        var known = QueryWords.Of(query.Dataset);
        (Query, Words, Used) = (query, words, [.. words.Select(word => known[word]).Distinct()]);
        foreach (var filter in query.Filters)
            // What a method is said to be names no endpoint.
            if (TextsOf(filter) is { } texts && filter.Path != QueryFields.Method && known[filter.Path] != Dimension.Status)
                Name(known[filter.Path], texts);
        if (query.Names is not [])
            Name(Dimension.EventType, query.Names);
    }

    public AskedQuery Query { get; }

    /// <summary>The words that matter to the answer: dimensions, fields of filters, and of metrics that count values.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The dimensions they stand for.</summary>
    public IReadOnlyList<Dimension> Used { get; }

    /// <summary>The only texts that each dimension may have which filters name some of.</summary>
    public IReadOnlyDictionary<Dimension, HashSet<string>> Named => named;

    /// <summary>Whether the question is about some of a dimension's numbers, and says which.</summary>
    public bool IsNamed(Dimension dimension) =>
        named.ContainsKey(dimension) || (dimension == Dimension.Person && Query.Customer is not null);

    /// <summary>Null where something matters to the answer that has no numbers.</summary>
    public static PlannedQuestion? Of(AskedQuery query)
    {
        var known = QueryWords.Of(query.Dataset);
        var words = query.Dimensions
            .Concat(query.Filters.Select(filter => filter.Path))
            .Concat(query.Names is [] ? [] : [QueryFields.Name])
            .Concat(query.Customer is null ? [] : [QueryFields.Customer])
            .Concat(query.Metrics.Where(metric => !metric.OfNumbers).Select(metric => metric.Field ?? "").Where(known.ContainsKey))
            .Distinct().ToList();
        return words.All(known.ContainsKey) ? new(query, words) : null;
    }

    /// <summary>The only texts that pass a filter; null where others may.</summary>
    public static IReadOnlyList<string>? TextsOf(FieldFilter filter) =>
        filter.Comparison is FilterOperator.Equals or FilterOperator.In ? filter.Texts : null;

    /// <summary>Where a dimension is among those that matter.</summary>
    public int PlaceOf(Dimension dimension)
    {
        for (var at = 0; at < Used.Count; at++)
            if (Used[at] == dimension)
                return at;
        throw new ArgumentOutOfRangeException(nameof(dimension));
    }

    void Name(Dimension dimension, IEnumerable<string> texts)
    {
        if (named.TryGetValue(dimension, out var before))
            before.IntersectWith(texts);
        else
            named.Add(dimension, texts.ToHashSet(StringComparer.Ordinal));
    }
}
