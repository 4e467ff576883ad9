using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>Several nodes send to webhooks as one would.</summary>
[Collection<Hooked>]
public sealed class NodesTests(HookedApi hooked)
{
    [Fact]
    public async Task However_many_nodes_there_are_each_message_is_sent_once_and_in_order()
    {
        await using var other = await StartAsync();
        await using var third = await StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        ApiClient[] clients = [hook.Workspace, other.Of(hook.Workspace), third.Of(hook.Workspace)];
        for (var n = 0; n < 30; n++)
            await clients[n % 3].PostAsync("/api/customers", new { name = $"{n}" }, 201);

        await hook.AllAsync("delivered", 30);

        var told = await Hook.LogAsync(hook.Workspace, "customer.created");
        Assert.Equal(told.Select(record => record.GetProperty("eventId").GetString()).Order(), receiver.All.Select(message => message.EventId).Order());
        Assert.Equal((await hook.DeliveriesAsync()).Select(one => one.GetProperty("eventId").GetString()).Reverse(), receiver.All.Select(message => message.EventId));
        Assert.All(await hook.DeliveriesAsync(), one => Assert.Equal(1, one.GetProperty("tries").GetArrayLength()));
    }

    [Fact]
    public async Task What_a_node_was_sending_when_it_died_another_sends_when_its_try_would_be_over()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        // As a node leaves it that is killed right after it took the webhook.
        await using (var take = hooked.Api.Store.CreateCommand("update webhooks set taken_until = $2 where id = $1"))
        {
            take.Parameters.Add(new() { Value = Guid.Parse(hook.Id) });
            take.Parameters.Add(new() { Value = hooked.Now.AddSeconds(15).UtcDateTime });
            await take.ExecuteNonQueryAsync();
        }

        await hook.Workspace.NewCustomerAsync();
        hooked.Pass(TimeSpan.FromSeconds(14));
        await using var free = await Receiver.StartAsync();
        var other = await Hook.NewAsync(hooked.Api, free, "customer.created");
        await other.Workspace.NewCustomerAsync();
        await other.AllAsync("delivered", 1);
        Assert.Empty(receiver.All);

        hooked.Pass(TimeSpan.FromSeconds(1));
        await hook.AllAsync("delivered", 1);
        Assert.Single(receiver.All);
    }

    Task<Node> StartAsync() => Node.StartAsync(
        hooked.Api, hooked.Clock, ("Analytics:WebhookAllowedNetworks", HookedApi.Open));
}
