using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>
/// Fourteen months of a workspace that shares files, made up from a seed, told out of order by batches some of which are told again;
/// and people whose ids come late, change and go. What the service is told, the model is told.
/// </summary>
sealed class MetricsLife(WorkspaceClient workspace, int seed)
{
    const int AllShares = 500;
    const int Alone = 300;

    readonly Random random = new(seed);
    readonly Guid?[] customers = new Guid?[EventPlan.People];
    readonly string?[] externalIds = [.. Enumerable.Range(0, EventPlan.People).Select(person => $"person {person}")];
    readonly List<PlannedEvent> waiting = [];

    public World World { get; } = new();

    public Guid[] Customers => [.. customers.OfType<Guid>()];

    /// <summary>Customers that were erased.</summary>
    public List<Guid> Erased { get; } = [];

    public int Waiting => waiting.Count;

    public void Plan()
    {
        var now = Instant.FromUnixTimeTicks(SystemClock.Instance.GetCurrentInstant().ToUnixTimeTicks() / 10 * 10);
        var plan = new EventPlan(random, now);
        var (shares, sales) = (new RandomShares(plan), new RandomSales(plan));
        for (var number = 0; number < AllShares; number++)
        {
            var share = RandomShares.IdOf(number);
            var at = shares.Plan(share);
            for (var sale = 0; plan.Chance(40); sale++)
                sales.Plan($"pay {number}.{sale}", plan.Chance(85) ? share : null, at);
        }

        // No string is no share; these have none, or one that was never created.
        for (var number = 0; number < Alone; number++)
            plan.AddOrdinary(MetricsMoments.One(random, now), random.Next(9) switch { 0 => 7, 1 => true, 2 => "never created", _ => null });
        Mix(plan.Events);
    }

    // Near neighbours change places, and some events come much later or much earlier than others.
    void Mix(List<PlannedEvent> events)
    {
        var keys = events.Select((_, at) => random.Next(3) == 0 ? random.Next(events.Count) : at + random.Next(-150, 150)).ToList();
        waiting.AddRange(events.Zip(keys).OrderBy(pair => pair.Second).Select(pair => pair.First));
    }

    /// <summary>Makes customers of some people, with the external id their events may already name.</summary>
    public async Task MakeCustomersAsync(int first, int count)
    {
        for (var person = first; person < first + count; person++)
            Own(person, await workspace.NewCustomerAsync(externalIds[person], $"Person {person}"));
    }

    /// <summary>External ids are given up and taken over by others.</summary>
    public async Task ChangeExternalIdsAsync()
    {
        await RenameAsync(1, null);
        await RenameAsync(2, "person 1");
        await RenameAsync(3, "person 20");
        await RenameAsync(0, "person 0 anew");
        await RenameAsync(0, "person 0");
    }

    /// <summary>Erases a customer for good; its external id may name somebody else from now on.</summary>
    public async Task EraseAsync(int person)
    {
        var customer = customers[person]!.Value;
        var job = (await workspace.DeleteAsync($"/api/customers/{customer}", 202)).GetProperty("job_id").GetString();
        await Until.HoldsAsync(async () => await StatusAsync(job!) == "done", "The erasure does not end.");
        World.Erase(customer);
        Erased.Add(customer);
        customers[person] = null;
    }

    /// <summary>Tells some of the events, in batches of every size.</summary>
    public async Task TellAsync(int count)
    {
        for (var left = Math.Min(count, waiting.Count); left > 0;)
        {
            var batch = Take(Math.Min(left, random.Next(3) == 0 ? random.Next(1, 4) : random.Next(4, 500)));
            left -= batch.Count;
            await SendAsync(batch, batch.Count);
            if (random.Next(3) > 0)
                continue;

            // The whole batch again with something new, and other words: what was said first counts.
            var again = batch.ConvertAll(e => random.Next(3) == 0 ? e with { At = e.At.AddDays(-40) } : e);
            var fresh = Take(Math.Min(left, random.Next(5)));
            left -= fresh.Count;
            await SendAsync([.. again, .. fresh, .. again.Take(2)], fresh.Count);
        }
    }

    async Task<string?> StatusAsync(string job) => (await workspace.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString();

    List<ToldEvent> Take(int count)
    {
        var taken = waiting.Take(count).Select(Now).ToList();
        waiting.RemoveRange(0, taken.Count);
        return taken;
    }

    async Task SendAsync(List<ToldEvent> batch, int inserted)
    {
        var answer = await workspace.IngestAsync(batch.Select(e => e.ToJson()));
        Assert.Equal((inserted, batch.Count - inserted), (answer.GetProperty("inserted").GetInt32(), answer.GetProperty("duplicates").GetInt32()));
        batch.ForEach(e => World.Tell(e));
    }

    // Whoever has a customer by now is named by either id.
    ToldEvent Now(PlannedEvent planned) => planned.Person switch
    {
        null => planned.Event,
        { } person when customers[person] is { } id && (externalIds[person] is null || random.Next(2) == 0) => planned.Event with { CustomerId = id },
        { } person => planned.Event with { ExternalCustomerId = externalIds[person] ?? $"person {person}" },
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
}
