using System.Runtime.Versioning;
using Analytics.Tests.Features.Streams;
using Analytics.Tests.Features.Webhooks;

namespace Analytics.Tests.Faults;

[Collection<Faults>, UnsupportedOSPlatform("windows")]
public sealed class KilledWebhooksTests(AnalyticsApi api, ServiceProcess service, ITestOutputHelper output)
{
    const int Clients = 4;

    [Fact]
    public async Task Killing_a_node_leaves_no_record_untold_and_each_is_told_under_one_id()
    {
        var workspace = await service.NewWorkspaceAsync();
        await using var store = await service.StoreAsync();
        await using var receiver = await Receiver.StartAsync();
        var client = workspace.Client(TimeSpan.FromSeconds(30));
        await client.PostAsync(Hook.Route, new { url = $"{receiver.Address}", events = (string[])["customer.created"] }, 201);
        // Another node of the same installation, which nobody kills.
        await using var other = await Node.StartAsync(
            api, ("ConnectionStrings:Postgres", await service.ConnectionStringAsync() + ";Maximum Pool Size=12"),
            ("Analytics:WebhookAllowedNetworks", ServiceProcess.OpenToWebhooks));
        for (var round = 0; round < Faults.Rounds; round++)
        {
            var enough = receiver.All.Count + 20 + Random.Shared.Next(60);
            var clients = Enumerable.Range(0, Clients).Select(_ => ChangeAsync(workspace.Client(TimeSpan.FromSeconds(30)))).ToList();
            await receiver.CountAsync(enough);
            await service.KillAsync();
            await Task.WhenAll(clients);
            output.WriteLine($"killed after {receiver.All.Count} messages");
            await service.StartAsync();
        }

        await Until.HoldsAsync(async () => await CountAsync("outbox") == 0, "Something is not delivered.");
        await Until.HoldsAsync(async () => await CountAsync("webhook_deliveries where state = 'pending'") == 0, "Something is not told.");
        var told = receiver.All.GroupBy(message => message.EventId).ToList();
        output.WriteLine($"{told.Count} records, {receiver.All.Count} messages");
        Assert.Equal(await CountAsync($"customers join workspaces using (workspace_id) where workspaces.id = '{workspace.Id}'"), told.Count);
        Assert.All(told, record => Assert.Single(record.Select(message => message.Id).Distinct()));

        async Task<long> CountAsync(string rows)
        {
            await using var command = store.CreateCommand($"select count(*) from {rows}");
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    /// <summary>Makes customers until the service is gone.</summary>
    static async Task ChangeAsync(ApiClient client)
    {
        try
        {
            while (true)
                await client.PostAsync("/api/customers", new { name = "A" }, 201);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            // It was killed.
        }
    }
}
