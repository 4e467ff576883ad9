using System.Text.Json;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>What becomes of messages that do not arrive.</summary>
[Collection<Hooked>]
public sealed class TryTests(HookedApi hooked)
{
    static readonly TimeSpan[] Plan =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(8), TimeSpan.FromHours(24),
    ];

    [Fact]
    public async Task What_fails_is_tried_by_the_plan_with_the_same_id_and_then_failed()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.With(503);
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        await hook.Workspace.NewCustomerAsync();

        var first = hooked.Now;
        for (var tries = 1; tries <= Plan.Length; tries++)
        {
            var pending = await hook.TriedAsync(tries);
            Assert.Equal("pending", Hook.StateOf(pending));
            Assert.Equal(first + Plan[tries - 1], Hook.NextOf(pending));
            hooked.Pass(first + Plan[tries - 1] - hooked.Now - TimeSpan.FromMilliseconds(1));
            await OthersAreToldAsync();
            Assert.Equal(tries, receiver.All.Count);
            hooked.Pass(TimeSpan.FromMilliseconds(1));
        }

        var failed = await hook.TriedAsync(Plan.Length + 1);
        Assert.Equal("failed", Hook.StateOf(failed));
        Assert.Null(Hook.NextOf(failed));
        Assert.Equal(Enumerable.Repeat<int?>(503, Plan.Length + 1), Hook.StatusesOf(failed));
        Assert.Equal(
            Plan.Prepend(TimeSpan.Zero).Select(after => first + after),
            failed.GetProperty("tries").EnumerateArray().Select(one => one.GetProperty("at").GetDateTimeOffset()));
        Assert.Single(receiver.All.Select(message => message.Id).Distinct());
        Assert.Single(receiver.All.Select(message => message.Json.GetRawText()).Distinct());
        Assert.All(receiver.All, message => Assert.Equal(message.SignedBy(hook.Secret), message.Signature));
        Assert.Equal(Plan.Prepend(TimeSpan.Zero), receiver.All.Select(message => message.SentAt - Seconds(first)));
    }

    [Fact]
    public async Task What_was_told_while_a_receiver_was_down_arrives_at_its_next_try_with_the_id_of_the_others()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.With(502);
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        for (var minute = 0; minute < 60; minute += 4)
        {
            await hook.Workspace.NewCustomerAsync();
            await NothingIsDueAsync(hook);
            hooked.Pass(TimeSpan.FromMinutes(4));
        }

        await NothingIsDueAsync(hook);
        var down = receiver.All;
        receiver.Answer = Receiver.With(200);
        for (var due = (await hook.DeliveriesAsync()).Select(Hook.NextOf).Min(); due is not null;)
        {
            hooked.Pass(due.Value - hooked.Now);
            await NothingIsDueAsync(hook);
            due = (await hook.DeliveriesAsync()).Select(Hook.NextOf).Min();
        }

        var up = receiver.All.Skip(down.Count).ToList();
        Assert.Equal(15, up.Count);
        Assert.Equal(down.Select(message => message.Id).Distinct().Order(), up.Select(message => message.Id).Order());
        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal("delivered", Hook.StateOf(delivery)));
        Assert.All(await hook.DeliveriesAsync(), delivery => Assert.Equal(200, Hook.StatusesOf(delivery).Last()));
        // Each where its plan has it: no later than the next of its tries after the hour.
        Assert.All(up, message => Assert.Contains(message.SentAt - FirstOf(down, message.Id), Plan));
    }

    [Fact]
    public async Task After_five_days_of_nothing_but_failures_a_webhook_is_disabled_until_it_begins_anew()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var watcher = await Receiver.StartAsync();
        receiver.Answer = Receiver.With(500);
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        await Hook.NewAsync(hook.Workspace, watcher, "webhook.disabled");
        await hook.Workspace.NewCustomerAsync();
        await hook.TriedAsync(1);
        var since = hooked.Now;
        Assert.Equal(since, (await hook.GetAsync()).GetProperty("failingSince").GetDateTimeOffset());

        hooked.Pass(TimeSpan.FromDays(5) - TimeSpan.FromSeconds(1));
        await NothingIsDueAsync(hook);
        await hook.Workspace.NewCustomerAsync();
        await receiver.CountAsync(3);
        await NothingIsDueAsync(hook);
        Assert.True((await hook.GetAsync()).GetProperty("enabled").GetBoolean());
        hooked.Pass(TimeSpan.FromSeconds(5));
        var told = Assert.Single(await watcher.CountAsync(1));

        Assert.False((await hook.GetAsync()).GetProperty("enabled").GetBoolean());
        Assert.Equal(hook.Id, told.Data.GetProperty("targetId").GetString());
        Assert.Equal("webhook", told.Data.GetProperty("targetType").GetString());
        Assert.Equal("failing", told.Data.GetProperty("payload").GetProperty("reason").GetString());
        Assert.Equal(receiver.Address.Host, told.Data.GetProperty("payload").GetProperty("host").GetString());
        Assert.Equal(since, told.Data.GetProperty("payload").GetProperty("failingSince").GetDateTimeOffset());
        await AnewAsync(hook, receiver);
        Assert.Single(watcher.All);
    }

    /// <summary>Disabled: nothing is tried and nothing new is told. Enabled: what is pending arrives, what came meanwhile does not.</summary>
    async Task AnewAsync(Hook hook, Receiver receiver)
    {
        var before = receiver.All.Count;
        receiver.Answer = Receiver.With(200);
        Assert.Null(Hook.NextOf((await hook.DeliveriesAsync())[0]));
        hooked.Pass(TimeSpan.FromMinutes(2));
        await hook.Workspace.NewCustomerAsync();
        await OthersAreToldAsync();
        Assert.Equal(before, receiver.All.Count);

        var changed = await hook.ChangeAsync(new { enabled = true });
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("failingSince").ValueKind);
        var pending = (await hook.DeliveriesAsync())[0].GetProperty("id").GetString();
        Assert.Equal(pending, (await receiver.CountAsync(before + 1))[^1].Id);
        await hook.Workspace.NewCustomerAsync();
        await receiver.CountAsync(before + 2);
        await NothingIsDueAsync(hook);
        Assert.Equal(before + 2, receiver.All.Count);
    }

    [Fact]
    public async Task A_receiver_that_says_it_is_gone_is_told_nothing_more()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.With(410);
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");

        await hook.Workspace.NewCustomerAsync();
        await Until.HoldsAsync(async () => !(await hook.GetAsync()).GetProperty("enabled").GetBoolean(), "It is still enabled.");

        await Until.HoldsAsync(async () => await Hook.LogAsync(hook.Workspace, "webhook.disabled") is not [], "It is not told.");
        var disabled = Assert.Single(await Hook.LogAsync(hook.Workspace, "webhook.disabled"));
        Assert.Equal("gone", disabled.GetProperty("payload").GetProperty("reason").GetString());
        Assert.Equal([410], Hook.StatusesOf(await hook.TriedAsync(1)));
        await AnewAsync(hook, receiver);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_holds_up_nobody_elses_and_is_left_after_ten_seconds()
    {
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        var answered = new TaskCompletionSource();
        slow.Answer = _ => answered.Task;
        var hook = await Hook.NewAsync(hooked.Api, slow, "customer.created");
        var other = await Hook.NewAsync(hook.Workspace, quick, "customer.created");

        for (var n = 0; n < 5; n++)
            await hook.Workspace.NewCustomerAsync();
        await slow.CountAsync(1);
        await quick.CountAsync(5);
        await other.AllAsync("delivered", 5);
        Assert.Single(slow.All);

        hooked.Clock.Advance(TimeSpan.FromSeconds(10));
        await slow.CountAsync(2);
        var first = (await hook.DeliveriesAsync())[^1];
        Assert.Equal(["timeout"], Hook.ErrorsOf(first));
        Assert.Equal([null], Hook.StatusesOf(first));
        Assert.Equal(10_000, first.GetProperty("tries")[0].GetProperty("durationMs").GetInt64());
        answered.SetResult();
        slow.Answer = Receiver.With(200);
        await Until.HoldsAsync(
            async () =>
            {
                hooked.Pass(TimeSpan.FromSeconds(30));
                return (await hook.DeliveriesAsync()).All(one => Hook.StateOf(one) == "delivered");
            },
            "Not all are delivered.");
    }

    [Fact]
    public async Task A_delivery_is_tried_once_more_when_somebody_asks()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        await hook.Workspace.NewCustomerAsync();
        var delivered = await hook.TriedAsync(1);

        await hook.RetryAsync(delivered);
        Assert.Equal("delivered", Hook.StateOf(await hook.TriedAsync(2)));
        receiver.Answer = Receiver.With(404);
        await hook.RetryAsync(delivered);
        var failed = await hook.TriedAsync(3);
        Assert.Equal(("failed", null), (Hook.StateOf(failed), Hook.NextOf(failed)));
        Assert.Equal([204, 204, 404], Hook.StatusesOf(failed));

        await hook.ChangeAsync(new { enabled = false });
        receiver.Answer = Receiver.With(200);
        await hook.RetryAsync(failed);
        Assert.Equal("delivered", Hook.StateOf(await hook.TriedAsync(4)));
        Assert.Single(receiver.All.Select(message => message.Id).Distinct());
        await hook.Workspace.PostAsync($"{hook.Path}/deliveries/{Guid.NewGuid()}/retry", null, 404);
    }

    [Fact]
    public async Task A_try_that_was_asked_for_leaves_the_plan_as_it_is()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.With(500);
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        await hook.Workspace.NewCustomerAsync();
        var first = hooked.Now;
        await hook.TriedAsync(1);
        hooked.Pass(TimeSpan.FromSeconds(6));
        await hook.TriedAsync(2);

        await hook.RetryAsync(await hook.TriedAsync(2));

        var pending = await hook.TriedAsync(3);
        Assert.Equal(("pending", first + TimeSpan.FromSeconds(30)), (Hook.StateOf(pending), Hook.NextOf(pending)));
    }

    // What is sent behind it has been looked at after it: so nothing is under way that was due before.
    async Task OthersAreToldAsync()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        await hook.Workspace.NewCustomerAsync();
        await hook.AllAsync("delivered", 1);
    }

    async Task NothingIsDueAsync(Hook hook) => await Until.HoldsAsync(
        async () => (await hook.DeliveriesAsync()).All(one => Hook.StateOf(one) != "pending" || !(Hook.NextOf(one) <= hooked.Now)),
        "Something is due.");

    static DateTimeOffset FirstOf(IEnumerable<Arrived> messages, string id) => messages.First(message => message.Id == id).SentAt;

    static DateTimeOffset Seconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
