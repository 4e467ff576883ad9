using System.Text.Json.Nodes;
using Analytics.Tests.Features.Erasure;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>
/// A workspace whose API is used, made up from a seed: told out of order by batches some of which are told again, by its backend and its
/// customers' portals; and customers who get their ids late and change them. What the service is told, the model is told.
/// </summary>
sealed class RequestsLife(WorkspaceClient workspace, int seed)
{
    const int Costs = 600;
    const string OfNobody = "service.ran";
    static readonly int[] WithPortals = [0, 5];

    readonly Random random = new(seed);
    readonly Guid?[] customers = new Guid?[RequestsPlan.People];
    readonly string?[] externalIds = [.. Enumerable.Range(0, RequestsPlan.People).Select(NameOf)];
    readonly Dictionary<Guid, WorkspaceClient> portals = [];
    readonly List<PlannedRequest> waiting = [];

    public RequestWorld World { get; } = new();

    public Instant Now => Instant.FromDateTimeOffset(workspace.Api.Clock.GetUtcNow());

    public Guid[] Customers => [.. customers.OfType<Guid>()];

    public int Waiting => waiting.Count;

    /// <summary>What somebody is called, until that is changed; texts that routes and CSV have to be careful with are among them.</summary>
    public static string NameOf(int person) => person switch
    {
        0 => "=1+1",
        1 => "a/b c?d",
        2 => "zoë & söhne",
        3 => "a%2Fb",
        _ => $"customer {person}",
    };

    public void Plan(int count)
    {
        var plan = new RequestsPlan(random, Now);
        new RequestsStories(plan).Plan();
        while (plan.Requests.Count < count)
            plan.AddOne(RequestsMoments.One(random, Now));

        // Near neighbours change places, and some requests come much later or much earlier than others.
        var keys = plan.Requests.Select((_, at) => random.Next(3) == 0 ? random.Next(count) : at + random.Next(-150, 150)).ToList();
        waiting.AddRange(plan.Requests.Zip(keys).OrderBy(pair => pair.Second).Select(pair => pair.First));
    }

    /// <summary>Makes customers of some people, with the external id their requests may already name.</summary>
    public async Task MakeCustomersAsync(int first, int count)
    {
        for (var person = first; person < first + count; person++)
            Own(person, await workspace.NewCustomerAsync(externalIds[person], $"Person {person}"));
    }

    /// <summary>External ids are given up and taken over by others.</summary>
    public async Task ChangeExternalIdsAsync()
    {
        await RenameAsync(5, null);
        await RenameAsync(6, NameOf(5));
        await RenameAsync(7, NameOf(RequestsPlan.People - 1));
        await RenameAsync(4, "customer 4 anew");
    }

    /// <summary>Erases a customer for good. What it is called instead only the service knows.</summary>
    public async Task EraseAsync(int person, FakeTimeProvider clock)
    {
        var customer = customers[person]!.Value;
        var known = World.Requests.Select(request => request.Customer).ToHashSet();
        await clock.RunAsync(workspace.EraseAsync(customer));
        var rows = (await workspace.GetAsync("/api/requests/customers?limit=1000&from=2025-01-01&to=2027-01-01")).GetProperty("data");
        var names = rows.EnumerateArray().Select(row => row.GetProperty("customerId").GetString()!);
        World.Erase(customer, Assert.Single(names, name => !known.Contains(name)));
        customers[person] = null;
    }

    /// <summary>Tells of events that cost somebody or nobody, whenever requests happened too.</summary>
    public async Task TellCostsAsync()
    {
        var batch = new List<JsonObject>();
        for (var number = 0; number < Costs; number++)
        {
            var at = RequestsMoments.One(random, Now);
            var amount = RandomMetadata.Amount(random, 4).TrimStart('-');
            int? person = random.Next(5) == 0 ? null : random.Next(RequestsPlan.People);
            var (id, external) = Names(person);
            var told = Some.Event(person is null ? OfNobody : "llm.called", null, $"cost {number}", external, id);
            told["timestamp"] = RequestsRange.Text(at);
            told["metadata"] = new JsonObject { ["_cost"] = new JsonObject { ["amount"] = amount, ["currency"] = "usd" } };
            batch.Add(told);
            World.Tell(new ToldCost(at, Units.OfNumber(amount)!.Value, id, external));
        }

        await workspace.IngestAsync(batch);
    }

    /// <summary>Tells some of the requests, in batches of every size.</summary>
    public async Task TellAsync(int count)
    {
        for (var left = Math.Min(count, waiting.Count); left > 0;)
        {
            var portal = random.Next(6) == 0 ? customers[WithPortals[random.Next(WithPortals.Length)]] : null;
            var batch = Take(Math.Min(left, random.Next(3) == 0 ? random.Next(1, 4) : random.Next(4, 900)), portal);
            left -= batch.Count;
            await SendAsync(batch);
            if (random.Next(3) > 0)
                continue;

            // The whole batch again with something new, and other words: what was said first counts.
            var again = batch.FindAll(one => one.Id is not null)
                .ConvertAll(one => one with { At = one.At - Duration.FromDays(2), Latency = 5_000_000 });
            var fresh = Take(Math.Min(left, random.Next(5)), portal);
            left -= fresh.Count;
            await SendAsync([.. again, .. fresh, .. again.Take(2)]);
        }
    }

    List<ToldRequest> Take(int count, Guid? portal)
    {
        var taken = waiting.Take(count).Select(planned => Said(planned, portal)).ToList();
        waiting.RemoveRange(0, taken.Count);
        return taken;
    }

    async Task SendAsync(List<ToldRequest> batch)
    {
        if (batch is [])
            return;
        var client = batch[0].Portal is { } customer ? await PortalAsync(customer) : workspace;
        var answer = await client.PostAsync(
            "/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray([.. batch.Select(one => one.ToJson())]) });
        var inserted = batch.Count(World.Tell);
        Assert.Equal(
            (inserted, batch.Count - inserted), (answer.GetProperty("inserted").GetInt32(), answer.GetProperty("duplicates").GetInt32()));
    }

    // Whoever has no external id has no name that a request could be told with; a portal's requests are its customer's.
    ToldRequest Said(PlannedRequest planned, Guid? portal) => planned.Request with
    {
        Portal = portal,
        Customer = portal is not null ? null : planned.Person is { } person ? externalIds[person] ?? NameOf(person) : Nobody(),
    };

    string? Nobody() => random.Next(2) == 0 ? null : RequestWorld.Anonymous;

    (Guid? Id, string? External) Names(int? person) => person switch
    {
        null => (null, null),
        { } one when customers[one] is { } id && (externalIds[one] is null || random.Next(2) == 0) => (id, null),
        { } one => (null, externalIds[one] ?? NameOf(one)),
    };

    async Task RenameAsync(int person, string? externalId)
    {
        await workspace.PatchAsync($"/api/customers/{customers[person]}", new { external_id = externalId });
        externalIds[person] = externalId;
        Own(person, customers[person]!.Value);
    }

    void Own(int person, Guid id)
    {
        customers[person] = id;
        World.Customer(id, externalIds[person]);
    }

    async Task<WorkspaceClient> PortalAsync(Guid customer)
    {
        if (!portals.TryGetValue(customer, out var portal))
            portals.Add(customer, portal = await workspace.BoundToAsync(customer, Analytics.Tenancy.Scopes.EventsWrite));
        return portal;
    }
}
