using System.Numerics;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>
/// What a workspace ought to know of API requests, written down from the contract and as simply as can be: a list of what was told,
/// in which everything is looked for anew whenever it is asked.
/// </summary>
sealed class RequestWorld
{
    public const string Anonymous = "anonymous";
    public const string Other = "__other__";
    public const int EndpointsOfADay = 2_000;

    readonly List<(ToldRequest Told, string Endpoint)> stored = [];
    readonly HashSet<(Guid? Portal, string Id)> ids = [];
    readonly Dictionary<(Guid? Portal, long Day), HashSet<string>> endpointsOfDays = [];
    readonly Dictionary<Guid, string?> customers = [];
    readonly List<ToldCost> costs = [];
    List<SeenRequest>? seen;

    /// <summary>Every request, in the order they were told.</summary>
    public IReadOnlyList<SeenRequest> Requests => seen ??=
        stored.ConvertAll(one => new SeenRequest(one.Told, one.Endpoint, NameOf(one.Told.Portal, one.Told.Customer)));

    /// <summary>The first request of an id wins in its space; false for the others.</summary>
    public bool Tell(ToldRequest told)
    {
        if (told.Id is { } id && !ids.Add((told.Portal, id)))
            return false;
        stored.Add((told, EndpointOf(told)));
        seen = null;
        return true;
    }

    public void Tell(ToldCost cost) => costs.Add(cost);

    /// <summary>A customer and the external id it has from now on, which nobody else has.</summary>
    public void Customer(Guid id, string? externalId)
    {
        customers[id] = externalId;
        seen = null;
    }

    /// <summary>What a customer did is somebody's whom nothing names, and its ids are anybody's again.</summary>
    public void Erase(Guid customer, string pseudonym)
    {
        var name = NameOf(customer);
        for (var at = 0; at < stored.Count; at++)
            if (NameOf(stored[at].Told.Portal, stored[at].Told.Customer) == name)
                stored[at] = (stored[at].Told with { Portal = null, Customer = pseudonym, IsErased = true }, stored[at].Endpoint);
        for (var at = 0; at < costs.Count; at++)
            if (NameOf(costs[at].CustomerId, costs[at].ExternalCustomerId) == name)
                costs[at] = costs[at] with { CustomerId = null, ExternalCustomerId = pseudonym };
        customers.Remove(customer);
        seen = null;
    }

    /// <summary>What answers call the customer that a question names by its external id or its UUID.</summary>
    public string NameOf(string asked) => Guid.TryParse(asked, out var id) && customers.ContainsKey(id) ? NameOf(id) : asked;

    public string NameOf(Guid customer) => customers[customer] ?? customer.ToString();

    /// <summary>What a customer's events of a time cost, in units of 1e-12; everybody's and nobody's without a name.</summary>
    public BigInteger CostOf(string? name, NodaTime.Instant from, NodaTime.Instant to) => costs
        .Where(cost => cost.At >= from && cost.At < to && (name is null || NameOf(cost.CustomerId, cost.ExternalCustomerId) == name))
        .Aggregate(BigInteger.Zero, (sum, cost) => sum + cost.Units);

    // Who is known by an external id is called by it, whether a customer has it or not.
    string NameOf(Guid? id, string? externalId) => id is { } customer ? NameOf(customer) : externalId ?? Anonymous;

    // What portals send takes no room of others.
    string EndpointOf(ToldRequest told)
    {
        var endpoint = EndpointKey.Of(told.Method, told.Route, told.Path);
        var day = (told.Portal, told.At.ToUnixTimeTicks() / NodaTime.NodaConstants.TicksPerDay);
        if (!endpointsOfDays.TryGetValue(day, out var known))
            endpointsOfDays.Add(day, known = []);
        return known.Contains(endpoint) || (known.Count < EndpointsOfADay && known.Add(endpoint)) ? endpoint : Other;
    }
}
