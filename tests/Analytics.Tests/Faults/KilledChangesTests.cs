using System.Runtime.Versioning;

namespace Analytics.Tests.Faults;

[Collection<Faults>, UnsupportedOSPlatform("windows")]
public sealed class KilledChangesTests(ServiceProcess service, ITestOutputHelper output)
{
    const int Clients = 8;
    const string Changed = "customers where updated_at > created_at";

    [Fact]
    public async Task Killing_the_service_leaves_no_change_of_a_customer_untold_and_none_delivered_twice()
    {
        var workspace = await service.NewWorkspaceAsync();
        for (var round = 0; round < Faults.Rounds; round++)
        {
            var clients = Enumerable.Range(0, Clients).Select(_ => ChangeAsync(workspace.Client(TimeSpan.FromSeconds(30)))).ToList();
            var enough = await CountAsync(Changed) + 20 + Random.Shared.Next(40);
            await Until.HoldsAsync(async () => await CountAsync(Changed) >= enough, "The customers are not changed.");
            await service.KillAsync();
            await Task.WhenAll(clients);
            output.WriteLine($"left undelivered: {await CountAsync("outbox")}");
            await service.StartAsync();
        }

        await Until.HoldsAsync(async () => await CountAsync("outbox") == 0, "Something is not delivered.");
        var made = await CountAsync("customers");
        var changed = await CountAsync(Changed);
        output.WriteLine($"{made} customers, {changed} of them changed");
        Assert.Equal(made, await CountAsync(
            "customers join delivered_events on event_name = 'customer.created' and at = created_at and customer_id = id"));
        Assert.Equal(changed, await CountAsync(
            "customers join delivered_events on event_name = 'customer.updated' and at = updated_at and customer_id = id"));
        Assert.Equal(made + changed, await CountAsync("delivered_events"));
    }

    /// <summary>Makes customers and changes each of them once, until the service is gone.</summary>
    static async Task ChangeAsync(ApiClient client)
    {
        try
        {
            while (true)
            {
                var made = await client.PostAsync("/api/customers", new { name = "A" }, 201);
                await client.PatchAsync($"/api/customers/{made.GetProperty("id").GetGuid()}", new { name = "B" });
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            // It was killed.
        }
    }

    /// <summary>Counts rows; of the customers' events once more under the name <c>delivered_events</c>.</summary>
    async Task<long> CountAsync(string rows)
    {
        await using var store = await service.StoreAsync();
        await using var command = store.CreateCommand($"""
            with delivered_events as (
                select events.timestamp as at, event_types.name as event_name, people.customer_id
                from events
                join event_types using (workspace_id, type)
                left join people using (workspace_id, person)
                where event_types.name like 'customer.%')
            select count(*)
            from {rows}
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
