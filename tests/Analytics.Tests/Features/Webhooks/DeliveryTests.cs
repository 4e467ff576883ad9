using Analytics.Tests.Features.Erasure;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>What webhooks are told: the log's records, signed, in their order, once each while all is well.</summary>
[Collection<Hooked>]
public sealed class DeliveryTests(HookedApi hooked)
{
    [Fact]
    public async Task A_message_is_the_logs_record_signed_with_the_secret()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(await hooked.Api.NewWorkspaceAsync(), $"{receiver.Address}some/path?a=1", "customer.created");

        await hook.Workspace.NewCustomerAsync("acme", "Ada Secret");

        var message = Assert.Single(await receiver.CountAsync(1));
        var record = Assert.Single(await Hook.LogAsync(hook.Workspace, "customer.created"));
        Assert.Equal(["type", "timestamp", "data"], message.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("customer.created", message.Type);
        Assert.Equal(record.GetProperty("createdAt").GetString(), message.Json.GetProperty("timestamp").GetString());
        Assert.Equal(record.GetRawText(), message.Data.GetRawText());
        Assert.Equal("/some/path", message.Path);
        Assert.Equal(hooked.Now.ToUnixTimeSeconds(), message.SentAt.ToUnixTimeSeconds());
        Assert.Equal(message.SignedBy(hook.Secret), message.Signature);
        var delivery = await hook.TriedAsync(1);
        Assert.Equal(message.Id, delivery.GetProperty("id").GetString());
        Assert.Equal(message.EventId, delivery.GetProperty("eventId").GetString());
        Assert.Equal("customer.created", delivery.GetProperty("type").GetString());
        Assert.Equal("delivered", Hook.StateOf(delivery));
        Assert.Null(Hook.NextOf(delivery));
        Assert.Equal([204], Hook.StatusesOf(delivery));
        Assert.Equal([null], Hook.ErrorsOf(delivery));
    }

    [Fact]
    public async Task Messages_come_in_the_order_in_which_they_were_told()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created", "customer.updated", "api_key.created");
        var expected = new List<string>();
        for (var n = 0; n < 12; n++)
        {
            var customer = await hook.Workspace.NewCustomerAsync();
            await hook.Workspace.PatchAsync($"/api/customers/{customer}", new { name = $"{n}" });
            await hook.Workspace.WithScopesAsync("events:read");
            expected.AddRange(["customer.created", "customer.updated", "api_key.created"]);
        }

        var messages = await receiver.CountAsync(expected.Count);
        await hook.AllAsync("delivered", expected.Count);

        Assert.Equal(expected, receiver.All.Select(message => message.Type));
        Assert.Equal(messages.Count, messages.Select(message => message.Id).Distinct().Count());
        Assert.Equal(messages.Count, messages.Select(message => message.EventId).Distinct().Count());
    }

    [Fact]
    public async Task A_webhook_is_told_what_it_asked_for_and_nothing_that_others_send()
    {
        await using var some = await Receiver.StartAsync();
        await using var all = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(hooked.Api, some, "customer.deleted", "login.failed");
        var other = await Hook.NewAsync(hook.Workspace, all);

        await hook.Workspace.IngestAsync(Some.Event("login.failed"), Some.Event());
        var customer = await hook.Workspace.NewCustomerAsync();
        await hook.Workspace.DeleteAsync($"/api/customers/{customer}", 202);
        await all.CountAsync(4);
        await some.CountAsync(1);
        await other.AllAsync("delivered", 4);

        Assert.Equal(["customer.deleted"], some.All.Select(message => message.Type));
        Assert.Equal(["webhook.changed", "customer.created", "customer.deleted", "customer.erased"], all.All.Select(message => message.Type));
    }

    [Fact]
    public async Task Former_secrets_sign_along_for_a_day()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        var second = (await hook.Workspace.PostAsync($"{hook.Path}/secrets", null, 201)).GetProperty("secret").GetString()!;
        hooked.Pass(TimeSpan.FromHours(1));
        var third = (await hook.Workspace.PostAsync($"{hook.Path}/secrets", null, 201)).GetProperty("secret").GetString()!;

        async Task SignedByAsync(params string[] secrets)
        {
            var before = receiver.All.Count;
            await hook.Workspace.NewCustomerAsync();
            var message = (await receiver.CountAsync(before + 1))[^1];
            Assert.Equal(secrets.Select(message.SignedBy).Order(), message.Signature.Split(' ').Order());
        }

        await SignedByAsync(third, second, hook.Secret);
        hooked.Pass(TimeSpan.FromHours(23) - TimeSpan.FromSeconds(1));
        await SignedByAsync(third, second, hook.Secret);
        hooked.Pass(TimeSpan.FromSeconds(1));
        await SignedByAsync(third, second);
        hooked.Pass(TimeSpan.FromHours(1));
        await SignedByAsync(third);
    }

    [Fact]
    public async Task The_last_hundred_deliveries_are_kept()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        for (var n = 0; n < 104; n++)
            await hook.Workspace.NewCustomerAsync();
        await receiver.CountAsync(104);

        await hook.AllAsync("delivered", 100);
        Assert.Equal(
            receiver.All.Reverse().Take(100).Select(message => message.Id),
            (await hook.DeliveriesAsync()).Select(delivery => delivery.GetProperty("id").GetString()));
        await Until.HoldsAsync(async () => await RowsAsync(hook.Workspace, "webhook_deliveries") == 100, "Old deliveries are kept.");
    }

    [Fact]
    public async Task Of_a_customer_that_was_erased_since_nothing_is_told_that_names_it()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.With(500);
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created", "customer.updated");
        var customer = await hook.Workspace.NewCustomerAsync("ada-42", "Ada Secret");
        await hook.Workspace.PatchAsync($"/api/customers/{customer}", new { name = "Ada Secrets" });
        var before = await receiver.CountAsync(2);
        Assert.Contains($"{customer}", before[0].Data.GetRawText());

        await hook.Workspace.EraseAsync(customer);
        receiver.Answer = Receiver.With(200);
        await Until.HoldsAsync(
            async () => (await hook.DeliveriesAsync()).All(one => Hook.NextOf(one) is not null), "A try is under way.");
        hooked.Pass(TimeSpan.FromSeconds(10));
        var after = (await receiver.CountAsync(4)).Skip(2).ToList();

        Assert.Equal(before.Select(message => message.Id).Order(), after.Select(message => message.Id).Order());
        Assert.All(after, message => Assert.DoesNotContain($"{customer}", message.Json.GetRawText()));
        // Ids are hexadecimal: "ada" alone may be in one.
        Assert.All(after, message => Assert.DoesNotMatch("(?i)ada-42|ada secret", message.Json.GetRawText()));
        Assert.DoesNotContain(
            await hook.Workspace.TablesWithAsync([$"{customer}", "ada-42", "Ada Secret"]), table => table.StartsWith("webhook", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_workspace_its_webhooks_go_and_are_told_nothing_more()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.With(500);
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        await hook.Workspace.NewCustomerAsync();
        await hook.TriedAsync(1);
        var number = await hook.Workspace.NumberAsync();

        await hooked.Api.Root.DeleteAsync($"/api/workspaces/{hook.Workspace.Id}");
        hooked.Pass(TimeSpan.FromSeconds(10));

        foreach (var table in (string[])["webhooks", "webhook_secrets", "webhook_deliveries"])
            await Until.HoldsAsync(async () => await RowsAsync(number, table) == 0, $"There are rows in {table}.");
        Assert.Single(receiver.All);
    }

    async Task<long> RowsAsync(WorkspaceClient workspace, string table) => await RowsAsync(await workspace.NumberAsync(), table);

    async Task<long> RowsAsync(int workspace, string table)
    {
        await using var rows = hooked.Api.Store.CreateCommand($"select count(*) from {table} where workspace_id = $1");
        rows.Parameters.Add(new() { Value = workspace });
        return (long)(await rows.ExecuteScalarAsync())!;
    }
}
