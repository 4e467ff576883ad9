using System.Net.Http.Json;
using System.Text.Json;

namespace Analytics.Tests.Features.Sessions;

/// <summary>
/// A page of the service in a browser: it sends no key, keeps the service's cookie, and says with every request where that comes from.
/// </summary>
public sealed class Browser : ApiClient
{
    const string Site = "Sec-Fetch-Site";

    public Browser(Uri address) : base(address, null) => Http.DefaultRequestHeaders.Add(Site, "same-origin");

    /// <summary>A browser that is signed in with a key.</summary>
    public static async Task<Browser> SignedInAsync(Uri address, string? key)
    {
        var browser = new Browser(address);
        await browser.SignInAsync(new { key });
        return browser;
    }

    /// <summary>The cookie as it was set last, attributes and all; null when there was none.</summary>
    public string? SetCookie { get; private set; }

    /// <summary>The session's text.</summary>
    public string Session => SetCookie!.Split(';')[0].Split('=', 2)[1];

    /// <summary>Signs in with a key or a code.</summary>
    public Task<JsonElement> SignInAsync(object how, int status = 201) => KeepAsync(HttpMethod.Post, JsonContent.Create(how), status);

    /// <summary>Who is signed in; the session begins anew when it is time.</summary>
    public Task<JsonElement> LookAsync(int status = 200) => KeepAsync(HttpMethod.Get, null, status);

    public Task<JsonElement> SignOutAsync() => KeepAsync(HttpMethod.Delete, null, 204);

    /// <summary>Sends another cookie from now on.</summary>
    public void Send(string? cookie)
    {
        Http.DefaultRequestHeaders.Remove("Cookie");
        if (cookie is not null)
            Http.DefaultRequestHeaders.Add("Cookie", cookie);
    }

    /// <summary>The same session, asked for by another page, or by a browser that does not say by which; null leaves a header out.</summary>
    public ApiClient From(string? site, string? origin = null)
    {
        var page = new ApiClient(Http.BaseAddress!, null);
        Add(site, Site);
        Add(origin, "Origin");
        if (Http.DefaultRequestHeaders.TryGetValues("Cookie", out var cookies))
            page.Http.DefaultRequestHeaders.Add("Cookie", cookies);
        return page;

        void Add(string? value, string name)
        {
            if (value is not null)
                page.Http.DefaultRequestHeaders.Add(name, value);
        }
    }

    async Task<JsonElement> KeepAsync(HttpMethod method, HttpContent? body, int status)
    {
        using var answer = await AskAsync(method, "api/session", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{method} answered {(int)answer.StatusCode}, not {status}: {text}");
        if (answer.Headers.TryGetValues("Set-Cookie", out var set))
        {
            SetCookie = Assert.Single(set);
            Send(SetCookie.Split(';')[0]);
        }
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }
}
