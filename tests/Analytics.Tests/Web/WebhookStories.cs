using Analytics.Tests.Features.Webhooks;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>An address of the reader's own is told what happens: its secret is seen once, its deliveries always.</summary>
[Collection<Hooked>]
public sealed class WebhookStories(HookedApi hooked, Chromium chromium) : Story(hooked.Api, chromium)
{
    [Fact]
    public async Task A_webhook_is_made_its_secret_shown_once_and_what_it_was_told_is_listed()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.With(503);
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace);
        visitor.Foresees("400 POST /api/v1/webhooks");
        await visitor.GoAsync($"{workspace.Slug}/alerts/webhooks");
        await Expect(await visitor.ShownAsync("webhooks")).ToContainTextAsync("No webhooks yet.");

        var secret = await MakeAsync(visitor, receiver);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = $"{receiver.Address}" }).ClickAsync();
        await Expect(await visitor.ShownAsync("webhook-deliveries")).ToContainTextAsync("Nothing was told yet.");
        await Expect(visitor.Page.Locator("body")).Not.ToContainTextAsync(secret);

        await workspace.NewCustomerAsync("acme", "Acme");
        var message = Assert.Single(await receiver.CountAsync(1));
        Assert.Equal(message.SignedBy(secret), message.Signature);
        await visitor.Page.ReloadAsync();
        var row = (await visitor.ShownAsync("webhook-deliveries")).Locator("tbody tr");
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row).ToContainTextAsync("customer.created");
        await Expect(row).ToContainTextAsync("pending");
        await Expect(row).ToContainTextAsync("503");

        receiver.Answer = Receiver.With(204);
        await Button(visitor, "Try customer.created again").ClickAsync();
        await receiver.CountAsync(2);
        await Until.HoldsAsync(async () => await StateAsync(workspace) == "delivered", "It is not delivered.");
        await visitor.Page.ReloadAsync();
        await Expect(row).ToContainTextAsync("delivered");
        await Expect(row).ToContainTextAsync("the last of 2");
    }

    [Fact]
    public async Task A_webhook_is_turned_off_gets_another_secret_and_is_deleted()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var hook = await Hook.NewAsync(workspace, "https://hooks.example.com/in", "report.ready");
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/alerts/webhooks/{hook.Id}");

        await Button(visitor, "Turn off").ClickAsync();
        await Expect(Button(visitor, "Turn on")).ToBeVisibleAsync();
        Assert.False((await hook.GetAsync()).GetProperty("enabled").GetBoolean());
        await Button(visitor, "New secret").ClickAsync();
        await Button(visitor, "Make a secret").ClickAsync();
        var secret = await visitor.Page.GetByLabel("Secret", new() { Exact = true }).InputValueAsync();
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.NotEqual(hook.Secret, secret);
        await Button(visitor, "Close").ClickAsync();
        await Button(visitor, "Change").ClickAsync();
        await Button(visitor, "Everything").ClickAsync();
        await Button(visitor, "Save").ClickAsync();
        await Expect(visitor.Panel("webhook")).ToContainTextAsync("everything");

        await Button(visitor, "Delete").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(await visitor.ShownAsync("webhooks")).ToContainTextAsync("No webhooks yet.");
    }

    /// <summary>First to an address that no message may go to; gives the secret.</summary>
    static async Task<string> MakeAsync(Visitor visitor, Receiver receiver)
    {
        await Button(visitor, "New webhook").ClickAsync();
        var address = visitor.Page.GetByLabel("Address", new() { Exact = true });
        await address.FillAsync("http://169.254.169.254/latest");
        await visitor.Page.GetByLabel("customer.created").CheckAsync();
        await Button(visitor, "Make the webhook").ClickAsync();
        await Expect(address).ToHaveAttributeAsync("aria-invalid", "true");
        await address.FillAsync($"{receiver.Address}");
        await Button(visitor, "Make the webhook").ClickAsync();
        var secret = await visitor.Page.GetByLabel("Secret", new() { Exact = true }).InputValueAsync();
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        await Button(visitor, "Close").ClickAsync();
        return secret;
    }

    static async Task<string?> StateAsync(WorkspaceClient workspace)
    {
        var hook = (await workspace.GetAsync(Hook.Route)).GetProperty("data")[0].GetProperty("id").GetString();
        var deliveries = await workspace.GetAsync($"{Hook.Route}/{hook}/deliveries");
        return deliveries.GetProperty("data")[0].GetProperty("state").GetString();
    }

    static ILocator Button(Visitor visitor, string name) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
