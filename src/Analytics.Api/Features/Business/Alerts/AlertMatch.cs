using Analytics.Features.Business.Query;
using Analytics.Storage.Business;

namespace Analytics.Features.Business.Alerts;

/// <summary>
/// What a fact is to each of some alerts about one kind of facts. Filters, keys and numbers that several have in common are looked at
/// once a fact. For one user at a time.
/// </summary>
sealed class AlertMatch
{
    /// <param name="Alert">Who looks.</param>
    /// <param name="Filters">The places of its filters.</param>
    /// <param name="Dimension">The field that is its dimension; -1 for none.</param>
    /// <param name="Field">The field of its metric; -1 for none.</param>
    sealed record Looker(HeldAlert Alert, int[] Filters, int Dimension, int Field);

    readonly List<string> fields = [];
    readonly List<(FieldFilter Filter, int Field)> filters = [];
    readonly Looker[] lookers;

    // Of the fact that is looked at: 1 is passed, -1 is not, 0 is not asked yet.
    readonly sbyte[] passed;
    readonly byte[]?[] keys;
    SourcedFact fact = new(0);

    /// <param name="alerts">Whose queries are about the same kind of facts.</param>
    public AlertMatch(IEnumerable<HeldAlert> alerts)
    {
        lookers = [.. alerts.Select(LookerOf)];
        passed = new sbyte[filters.Count];
        keys = new byte[fields.Count][];
    }

    /// <summary>The fields that have to be read, each once.</summary>
    public IReadOnlyList<string> Fields => fields;

    /// <summary>Whose the fact is.</summary>
    public string? Owner => fact.Owner;

    /// <summary>Goes on to another fact.</summary>
    public void Begin(SourcedFact next)
    {
        fact = next;
        Array.Clear(passed);
        Array.Clear(keys);
    }

    /// <summary>Whether the fact counts to the alert at a place.</summary>
    public bool Passes(int place)
    {
        var looker = lookers[place];
        if (fact.Name is { } name && looker.Alert.Alert.Query!.Names?.Contains(name) == false)
            return false;
        foreach (var at in looker.Filters)
        {
            if (passed[at] == 0)
                passed[at] = filters[at].Filter.Passes(fact.Fields[filters[at].Field].Span) ? (sbyte)1 : (sbyte)-1;
            if (passed[at] < 0)
                return false;
        }

        return true;
    }

    /// <summary>Under which key it counts there.</summary>
    public byte[] KeyOf(int place) => lookers[place].Dimension is >= 0 and var field
        ? keys[field] ??= AlertKeys.Of(fact.Fields[field].Span)
        : AlertKeys.None;

    /// <summary>What it says to the metric there.</summary>
    public FactValue ValueOf(int place)
    {
        var (metric, field) = (lookers[place].Alert.Alert.Query!.Metric, lookers[place].Field);
        if (field < 0)
            return default;
        var value = fact.Fields[field].Span;
        var isThere = value is not ([] or [(byte)'n', ..]);
        if (metric.Kind == MetricKind.Unique)
            return new(isThere, 0, false, new JsonScalar(value).Distinct());
        var number = fact.NumberOf(field, QueryFields.PathOf(metric.Field!));
        return new(isThere, number ?? 0, number is not null, null);
    }

    Looker LookerOf(HeldAlert alert)
    {
        var query = alert.Alert.Query!;
        return new(
            alert, [.. query.Filters.Select(FilterOf)], query.Dimension is { } dimension ? FieldOf(dimension) : -1,
            query.Metric.Field is { } field ? FieldOf(field) : -1);
    }

    int FieldOf(string path)
    {
        if (!fields.Contains(path))
            fields.Add(path);
        return fields.IndexOf(path);
    }

    int FilterOf(FieldFilter filter)
    {
        var at = filters.FindIndex(known => known.Filter.Text == filter.Text);
        if (at < 0)
            filters.Add((filter, FieldOf(filter.Path)));
        return at < 0 ? filters.Count - 1 : at;
    }
}
