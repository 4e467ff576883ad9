using System.Numerics;

namespace Analytics.Tests.Oracle;

/// <summary>A root and everything below it.</summary>
sealed record Trace(ToldEvent Root, IReadOnlyList<ToldEvent> Events)
{
    public BigInteger Total(string field) => Events.Aggregate(BigInteger.Zero, (sum, told) => sum + (told.Number(field) ?? 0));
}

/// <summary>
/// What a workspace ought to know, written down from the contract and as simply as can be: a list of events, in which everything
/// is looked for anew whenever it is asked.
/// </summary>
sealed class World
{
    readonly Dictionary<string, ToldEvent> events = [];
    readonly Dictionary<Guid, string?> customers = [];

    public IReadOnlyCollection<ToldEvent> Events => events.Values;

    /// <summary>The first event of an external id wins; false for the others.</summary>
    public bool Tell(ToldEvent told) => events.TryAdd(told.ExternalId, told);

    /// <summary>A customer and the external id it has from now on, which nobody else has.</summary>
    public void Customer(Guid id, string? externalId) => customers[id] = externalId;

    /// <summary>A customer's events become somebody's whom nothing names, and its external id is anybody's again.</summary>
    public void Erase(Guid id)
    {
        var pseudonym = Guid.NewGuid();
        foreach (var told in events.Values.Where(told => PersonOf(told) == id.ToString()).ToList())
            events[told.ExternalId] = told with { CustomerId = pseudonym, ExternalCustomerId = null };
        customers.Remove(id);
    }

    /// <summary>Who is behind an event: the customer it names or whose external id it names, else whoever has that external id.</summary>
    public string? PersonOf(ToldEvent told) =>
        told.CustomerId?.ToString() ?? (told.ExternalCustomerId is { } external ? PersonOf(external) : null);

    public string PersonOf(string externalId) =>
        customers.Where(customer => customer.Value == externalId).Select(customer => customer.Key.ToString()).SingleOrDefault($"~{externalId}");

    /// <summary>Every trace whose root is there. What waits for a parent is in none.</summary>
    public List<Trace> Traces() =>
    [
        .. events.Values.GroupBy(RootOf).Where(trace => trace.Key is not null).Select(trace => new Trace(trace.Key!, [.. trace])),
    ];

    ToldEvent? RootOf(ToldEvent told)
    {
        var top = told;
        while (top is { Parent: { } parent })
            top = events.GetValueOrDefault(parent);
        return top;
    }
}
