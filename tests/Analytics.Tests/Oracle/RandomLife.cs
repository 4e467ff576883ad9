namespace Analytics.Tests.Oracle;

/// <summary>
/// A year of a workspace, made up from a seed: events in traces of every shape, told in an order of their own, by batches some of
/// which are told again; and people known by either id, whose ids change. What the service is told, the model is told.
/// </summary>
sealed class RandomLife(WorkspaceClient workspace, int seed)
{
    public const int Events = 1500;
    public const int People = 30;
    public const string Login = "login.done";
    public const string Share = "file_share.created";
    public static readonly string[] Names = ["agent.run", "agent.step", "chat.message", "file.scanned", "search", "übung 7", Login, Share];

    readonly Random random = new(seed);
    readonly Guid?[] customers = new Guid?[People];
    readonly string?[] externalIds = [.. Enumerable.Range(0, People).Select(person => $"person {person}")];
    readonly List<Planned> waiting = [];
    readonly List<ToldEvent> told = [];

    sealed record Planned(ToldEvent Event, int? Person);

    public World World { get; } = new();

    public Guid[] Customers => [.. customers.OfType<Guid>()];

    /// <summary>Plans the events, parents first, then mixes up the order in which they will be told.</summary>
    public void Plan()
    {
        for (var at = 0; at < Events; at++)
        {
            var name = random.Next(20) switch { 0 => Login, 1 => Share, _ => Names[Math.Min(random.Next(6), random.Next(6))] };
            var needsNobody = name is Login or Share && random.Next(2) == 0;
            var planned = new ToldEvent($"e{at}", name, RandomMoments.One(random))
            {
                Parent = random.Next(100) < 35 ? ParentOf(at) : null,
                IsSystem = name == Share,
                Metadata = RandomMetadata.One(random, name == Share ? $"\"share_id\":\"s{at}\"," : ""),
            };
            waiting.Add(new(planned, needsNobody ? null : Math.Min(random.Next(People), random.Next(People))));
        }

        // Near neighbours change places, and some events come much later or much earlier than others.
        var keys = Enumerable.Range(0, Events).Select(at => random.Next(4) == 0 ? random.Next(Events) : at + random.Next(-40, 40)).ToArray();
        var mixed = waiting.Zip(keys).OrderBy(pair => pair.Second).Select(pair => pair.First).ToList();
        waiting.Clear();
        waiting.AddRange(mixed);
    }

    // Chains, stars and anything between. A few parents never come.
    string? ParentOf(int at) => random.Next(20) switch
    {
        0 => $"ghost {random.Next(5)}",
        < 8 when at > 0 => $"e{at - 1}",
        < 14 when at > 10 => $"e{at / 100 * 100}" is var hub && hub != $"e{at}" ? hub : $"e{at - 1}",
        _ when at > 0 => $"e{random.Next(at)}",
        _ => null,
    };

    /// <summary>Makes customers of some people, with the external id their events may already name.</summary>
    public async Task MakeCustomersAsync(int first, int count)
    {
        for (var person = first; person < first + count; person++)
            Own(person, await workspace.NewCustomerAsync(externalIds[person], $"Person {person}"));
    }

    /// <summary>Some external ids are changed, given up, and taken over by others.</summary>
    public async Task ChangeExternalIdsAsync()
    {
        await RenameAsync(0, "person 0 anew");
        await RenameAsync(1, null);
        await RenameAsync(2, "person 1");
        await RenameAsync(3, "person 29");
        await RenameAsync(0, "person 0");
        await RenameAsync(4, "nobody yet");
    }

    /// <summary>Tells a share of the events, in batches of every size.</summary>
    public async Task TellAsync(int count)
    {
        for (var end = told.Count + count; told.Count < end && waiting.Count > 0;)
        {
            var size = Math.Min(Math.Min(random.Next(3) == 0 ? 1 : random.Next(2, 120), waiting.Count), end - told.Count);
            var batch = waiting.Take(size).Select(Now).ToList();
            waiting.RemoveRange(0, size);
            await SendAsync(batch, size);
            if (random.Next(4) == 0)
                await RetryAsync(batch);
        }
    }

    // The whole batch again, or half of it with something new: first write wins, whatever a retry says.
    async Task RetryAsync(List<ToldEvent> batch)
    {
        var again = batch.ConvertAll(e => random.Next(3) == 0 ? e with { At = e.At.AddDays(-40), Metadata = RandomMetadata.One(random, "\"share_id\":\"other\",") } : e);
        again.AddRange(again.Take(3).ToList());
        var fresh = waiting.Take(random.Next(3)).Select(Now).ToList();
        waiting.RemoveRange(0, fresh.Count);
        await SendAsync([.. again, .. fresh], fresh.Count);
    }

    async Task SendAsync(List<ToldEvent> batch, int inserted)
    {
        var ids = random.Next(4) == 0 ? await IdsAsync() : [];
        var answer = await workspace.IngestAsync(batch.Select(e => e.ToJson(e.Parent is { } parent ? ids.GetValueOrDefault(parent) : null)));
        Assert.Equal((inserted, batch.Count - inserted), (answer.GetProperty("inserted").GetInt32(), answer.GetProperty("duplicates").GetInt32()));
        foreach (var e in batch)
            if (World.Tell(e))
                told.Add(e);
    }

    async Task<Dictionary<string, string>> IdsAsync()
    {
        var newest = await workspace.GetAsync("/api/events?limit=1000");
        return newest.GetProperty("data").EnumerateArray()
            .Where(e => e.GetProperty("external_id").GetString() is not null)
            .ToDictionary(e => e.GetProperty("external_id").GetString()!, e => e.GetProperty("id").GetString()!);
    }

    // Whoever has a customer by now is named by either id.
    ToldEvent Now(Planned planned) => planned.Person switch
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
