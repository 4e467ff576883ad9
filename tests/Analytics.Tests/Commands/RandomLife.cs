using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;

namespace Analytics.Tests.Commands;

/// <summary>
/// What a product may do to a workspace, at random but the same for every seed: children before their parents and without
/// them, retries, late events, people known late, costs of every shape.
/// </summary>
public sealed class RandomLife(WorkspaceClient workspace, int seed)
{
    static readonly string[] Names = ["task.done", "llm.called", "storefront.viewed", "payment.completed", "report.made"];

    // A switch to daylight saving time on either side of the Atlantic.
    static readonly DateTimeOffset Start = new(2026, 2, 25, 0, 0, 0, TimeSpan.Zero);
    const int Minutes = 40 * 24 * 60;

    readonly Random random = new(seed);
    readonly List<Guid> customers = [];

    public async Task<int> LiveAsync(int events)
    {
        var all = Shuffled([.. Enumerable.Range(0, events).Select(Event)]);
        for (var at = 0; at < all.Length;)
        {
            var batch = all[at..Math.Min(all.Length, at + random.Next(1, 1 + (events / 4)))];
            at += batch.Length;
            await SendAsync(batch);
            if (random.Next(3) == 0)
                await SendAsync([.. batch.Where(e => e["external_id"] is not null)]);
            if (random.Next(2) == 0 && customers.Count < 5)
                customers.Add(await workspace.NewCustomerAsync($"person-{customers.Count}"));
        }

        await AttachByIdAsync();
        return await CountAsync();
    }

    /// <summary>The workspace's small number in the store.</summary>
    public static async Task<int> KeyOfAsync(WorkspaceClient workspace)
    {
        await using var command = workspace.Api.Store.CreateCommand("select workspace_id from workspaces where id = $1");
        command.Parameters.Add(new() { Value = workspace.Id });
        return (int)(await command.ExecuteScalarAsync())!;
    }

    async Task SendAsync(JsonObject[] batch) => await workspace.IngestAsync(batch.Select(e => e.DeepClone()));

    JsonObject Event(int number)
    {
        var name = Names[random.Next(Names.Length)];
        var made = Some.Event(name, Start.AddMinutes(random.Next(Minutes)).AddTicks(10 * random.Next(60_000_000)), customer: null);
        if (random.Next(10) < 9)
            made["external_id"] = $"e-{number}";
        // Among the earlier ones, so that nothing goes in circles; some of those have no external id, so nobody ever comes.
        if (number > 0 && random.Next(5) < 2)
            made["parent_id"] = random.Next(20) == 0 ? $"never-{random.Next(3)}" : $"e-{random.Next(Math.Max(0, number - 50), number)}";
        if (customers.Count > 0 && random.Next(3) == 0)
            made["customer_id"] = customers[random.Next(customers.Count)].ToString();
        else if (name is not ("storefront.viewed" or "payment.completed") || random.Next(2) == 0)
            made["external_customer_id"] = $"person-{random.Next(8)}";
        if (Metadata(name) is { Count: > 0 } metadata)
            made["metadata"] = metadata;
        return made;
    }

    JsonObject Metadata(string name)
    {
        var made = new JsonObject();
        if (random.Next(3) > 0)
            made["_cost"] = new JsonObject { ["amount"] = Amount(), ["currency"] = "usd" };
        if (name == "llm.called")
            made["_llm"] = Llm();
        if (name == "payment.completed")
        {
            made["payment_id"] = $"p-{random.Next(1000)}";
            made["amount_cents"] = random.Next(10_000);
        }

        return made;
    }

    JsonNode Amount() => random.Next(6) switch
    {
        0 => JsonNode.Parse("0")!,
        1 => (random.Next(1000) / 1000m).ToString(CultureInfo.InvariantCulture),
        2 => JsonNode.Parse($"{random.Next(1, 99)}e-{random.Next(1, 9)}")!,
        3 => -random.Next(100),
        4 => JsonNode.Parse($"{random.Next(1, 1000)}.{random.NextInt64(1_000_000_000_000):d12}")!,
        _ => random.Next(1, 20),
    };

    JsonObject Llm()
    {
        var made = new JsonObject
        {
            ["vendor"] = "some", ["model"] = "one", ["input_tokens"] = random.Next(1000), ["output_tokens"] = random.Next(100),
        };
        if (random.Next(2) == 0)
            made["total_tokens"] = random.Next(2000);
        if (random.Next(2) == 0)
            made["cached_input_tokens"] = random.Next(10);
        return made;
    }

    /// <summary>Children that name their parents by the ids they were given.</summary>
    async Task AttachByIdAsync()
    {
        var ids = new List<Guid>();
        await using (var command = workspace.Api.Store.CreateCommand("select id from events where workspace_id = $1 order by id limit 5"))
        {
            command.Parameters.Add(new() { Value = await KeyOfAsync(workspace) });
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
                ids.Add(row.GetGuid(0));
        }

        await workspace.IngestAsync(ids.Select(id => Some.Event("child.made", Start, parent: $"{id}", cost: 1.5m)));
    }

    async Task<int> CountAsync()
    {
        await using var command = workspace.Api.Store.CreateCommand("select count(*)::int from events where workspace_id = $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = await KeyOfAsync(workspace) });
        return (int)(await command.ExecuteScalarAsync())!;
    }

    JsonObject[] Shuffled(JsonObject[] events)
    {
        // Mostly in order, with many a child before its parent.
        for (var at = 0; at < events.Length; at++)
            if (random.Next(3) == 0)
            {
                var other = random.Next(events.Length);
                (events[at], events[other]) = (events[other], events[at]);
            }

        return events;
    }
}
