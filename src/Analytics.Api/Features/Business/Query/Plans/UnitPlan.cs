using Analytics.Features.Business.Usage;
using Analytics.Reading;
using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Business.Query.Plans;

/// <summary>
/// Answers from usage what billable units count: a question about the same events and the same field, of everybody or by customer.
/// </summary>
sealed class UnitPlan(RollupSnapshot snapshot, Workspace workspace, AskedQuery query)
{
    readonly DimensionTexts texts = new(snapshot.Connection, workspace);
    readonly Dictionary<(int Bucket, int Person), Cell[]> cells = [];
    bool tooMany;

    bool IsByCustomer => query.Dimensions is not [] || query.Filters.Any(IsOfCustomer) || query.Customer is not null;

    /// <summary>Whether there may be such units.</summary>
    public static bool MayAnswer(AskedQuery query) =>
        query is { Dataset: QueryDataset.Events, Names: [_], Dimensions: [] or [QueryFields.Customer] } && query.Interval != Interval.Minute
        && query.Filters.All(filter => filter.Path != QueryFields.Name)
        && query.Fields.All(field => !QueryWords.Of(QueryDataset.Events).ContainsKey(field))
        // A unit's metadata.name is a key of that name within metadata.
        && query.Fields.Concat(query.Filters.Select(filter => filter.Path)).All(path => QueryFields.PathOf(path) == path);

    /// <summary>The groups; null when there are no such units.</summary>
    public async Task<IReadOnlyList<QueryGroup>?> GroupsAsync(IReadOnlyList<Bucket> buckets, CancellationToken cancel)
    {
        var all = await AskedUnits.ReadAsync(snapshot, workspace.Key, cancel);
        var filters = query.Filters.Where(filter => !IsOfCustomer(filter)).Select(filter => filter.Text).ToHashSet(StringComparer.Ordinal);
        var alike = all.All.Where(unit => unit is { ProductType: null, Counted.IsReady: true }
            && unit.Counted.EventName == query.Names[0] && filters.SetEquals(unit.Counted.Filters.Select(filter => filter.Text))).ToList();
        AskedUnit?[] units = [.. query.Metrics.Select(metric => alike.Find(unit => Counts(unit.Counted, metric)))];
        if (Array.IndexOf(units, null) >= 0)
            return null;
        await ReadAsync(all.Only([.. units.Distinct().Select(unit => unit!)]), units!, buckets, cancel);
        return tooMany ? null : await GroupsAsync(units!, buckets.Count, cancel);
    }

    static bool IsOfCustomer(FieldFilter filter) => filter.Path == QueryFields.Customer;

    /// <summary>Whether a unit's usage says a metric of the events that it matches.</summary>
    static bool Counts(Unit unit, AskedMetric metric) => metric switch
    {
        { Field: null } => true,
        _ when metric.Field != unit.Field => false,
        { Kind: MetricKind.Unique } => unit.Aggregation == Aggregation.Unique,
        { Kind: MetricKind.Largest } => unit.Aggregation == Aggregation.Max,
        { Kind: MetricKind.Percentile } => unit.Aggregation == Aggregation.Percentile95,
        { Kind: MetricKind.Sum or MetricKind.Average } => unit.Aggregation is not (Aggregation.Count or Aggregation.Unique),
        _ => false,
    };

    async Task ReadAsync(AskedUnits some, AskedUnit[] units, IReadOnlyList<Bucket> buckets, CancellationToken cancel)
    {
        var usage = new UsageReading(snapshot, workspace.Key, some);
        if (!IsByCustomer)
        {
            await usage.ReadAsync(buckets, Take, cancel);
            return;
        }

        if (await PeopleAsync(cancel) is { } people)
            await usage.ReadOfAsync(buckets, people, Take, cancel);
        else
            await usage.ReadEachAsync(buckets, Take, cancel);

        void Take(int bucket, AskedUsage used, int person, Cell cell)
        {
            tooMany |= cells.Count > PlannedCells.Most;
            if (used.Units.Length == 0 || tooMany)
                return;
            if (!cells.TryGetValue((bucket, person), out var known))
                cells.Add((bucket, person), known = [.. units.Select(_ => new Cell())]);
            for (var at = 0; at < units.Length; at++)
                if (Array.IndexOf(used.Units, units[at]) >= 0)
                    known[at].Merge(cell);
        }
    }

    /// <summary>The only people whose usage may be asked for; null for everybody.</summary>
    async Task<int[]?> PeopleAsync(CancellationToken cancel)
    {
        var people = await PeopleLookup.VisibleAsync(snapshot.Connection, workspace.Key, query.Customer, cancel);
        foreach (var filter in query.Filters.Where(IsOfCustomer))
            if (PlannedQuestion.TextsOf(filter) is { } names)
            {
                var named = await texts.NumbersAsync(Dimension.Person, [.. names], cancel);
                people = people is null ? named : [.. people.Intersect(named)];
            }

        return people;
    }

    async Task<IReadOnlyList<QueryGroup>> GroupsAsync(AskedUnit[] units, int buckets, CancellationToken cancel)
    {
        var people = cells.Keys.Select(key => key.Person).ToHashSet();
        var customers = await WordValues.ReadAsync(query, QueryFields.Customer, 0, people, texts, cancel);
        var groups = new Dictionary<(int, string), (object?[] Dimensions, Cell[] Cells)>();
        if (query.Dimensions is [])
            for (var bucket = 0; bucket < buckets; bucket++)
                Of(bucket, []);
        foreach (var ((bucket, person), parts) in cells)
            if (customers!.Passes(person))
                foreach (var (at, whole) in Of(bucket, query.Dimensions is [] ? [] : [customers.Of(person)]).Index())
                    whole.Merge(parts[at]);
        return [.. groups.Select(group => GroupOf(group.Key.Item1, group.Value.Dimensions, group.Value.Cells))
            .Where(group => group.Facts != 0 || query.Dimensions is [])];

        Cell[] Of(int bucket, object?[] dimensions)
        {
            var key = (bucket, dimensions is [string name] ? "=" + name : "");
            if (!groups.TryGetValue(key, out var known))
                groups.Add(key, known = (dimensions, [.. units.Select(_ => new Cell())]));
            return known.Cells;
        }
    }

    QueryGroup GroupOf(int bucket, object?[] dimensions, Cell[] parts)
    {
        var fields = query.Fields.Select(_ => new FieldTotal()).ToArray();
        foreach (var (at, metric) in query.Metrics.Index())
            if (metric.Field is { } field)
                Say(fields[query.PlaceOf(field)], metric, parts[at]);
        return new(bucket, dimensions, fields) { Facts = (long)parts[0][UsageFacts.Matches] };
    }

    static void Say(FieldTotal total, AskedMetric metric, Cell cell)
    {
        var numbers = (long)cell[UsageFacts.Numbers];
        if (metric.Kind == MetricKind.Unique)
            total.DistinctCount = cell.Set?.Count ?? 0;
        else if (metric.Kind == MetricKind.Largest)
            total.Largest = cell.Maximum;
        else if (metric.Kind is MetricKind.Sum or MetricKind.Average)
            (total.Numbers, total.Sum) = (numbers, cell[UsageFacts.Sum]);
        else if (numbers > 0 && (cell.Field(UsageFacts.Field)?.Values ?? new()) is var values)
            // Zeros are left out of distributions.
            total.Distribution = percent => Percentiles.Of(values, numbers - values.Count, percent);
    }
}
