using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>
/// Somebody with a browser. What goes wrong there is noted as a line each: errors on the console, violations of the policy among them,
/// exceptions and rejections that nobody handled, requests to other hosts, and refusals of the service that the story did not foresee.
/// </summary>
public sealed class Visitor : IAsyncDisposable
{
    // The refusal itself is noted, with its address.
    const string ConsoleOnRefusal = "Failed to load resource: the server responded with a status of";

    readonly Uri service;
    readonly ConcurrentQueue<string> faults = new();
    // Who comes without a session asks whether there is one.
    readonly List<string> foreseen = ["401 GET /api/session"];

    Visitor(IBrowserContext context, IPage page, Uri service) => (Context, Page, this.service) = (context, page, service);

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>What went wrong and was not foreseen.</summary>
    public IEnumerable<string> Faults => faults.Where(fault => !foreseen.Exists(start => fault.StartsWith(start, StringComparison.Ordinal)));

    internal static async Task<Visitor> OfAsync(IBrowserContext context, Uri service)
    {
        context.SetDefaultTimeout(60_000);
        var visitor = new Visitor(context, await context.NewPageAsync(), service);
        visitor.Watch();
        return visitor;
    }

    /// <summary>Signs in behind the page's back: the browser has the cookie as if it had been there before.</summary>
    public async Task SignInAsync(string? key)
    {
        var answer = await Context.APIRequest.PostAsync(
            "api/session", new() { DataObject = new { key }, Headers = new Dictionary<string, string> { ["Sec-Fetch-Site"] = "same-origin" } });
        Assert.True(answer.Status == 201, $"Signing in answered {answer.Status}: {await answer.TextAsync()}");
    }

    /// <summary>Opens an address below <c>/ui/</c>.</summary>
    public Task GoAsync(string address) => Page.GotoAsync(new Uri(service, "ui/" + address).ToString());

    /// <summary>Waits until the page is there with all that its panels asked for.</summary>
    public async Task SeesThePageAsync()
    {
        await Expect(Page.Locator("main :is(section, form, table, h2)").First).ToBeVisibleAsync();
        await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
    }

    /// <summary>Lets the story go on when this goes wrong: the beginning of a line of <see cref="Faults"/>.</summary>
    public void Foresees(string fault) => foreseen.Add(fault);

    public ValueTask DisposeAsync() => Context.DisposeAsync();

    void Watch()
    {
        Context.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith(ConsoleOnRefusal, StringComparison.Ordinal))
                faults.Enqueue($"console: {message.Text}");
        };
        Context.WebError += (_, error) => faults.Enqueue($"not handled: {error.Error}");
        Context.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" or "ws" or "wss" } asked && asked.Authority != service.Authority)
                faults.Enqueue($"asked elsewhere: {request.Url}");
        };
        Context.Response += (_, response) =>
        {
            if (response.Status >= 400)
                faults.Enqueue($"{response.Status} {response.Request.Method} {new Uri(response.Url).PathAndQuery}");
        };
    }
}
