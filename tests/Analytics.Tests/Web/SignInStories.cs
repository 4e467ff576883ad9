using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

public sealed class SignInStories(AnalyticsApi api, Chromium chromium) : Story(api, chromium)
{
    // All that a script of the page can reach, and what it shows.
    const string InReach = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state])";

    [Fact]
    public async Task A_link_signs_in_with_one_click_and_leaves_no_code_behind()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var made = await workspace.PostAsync("/api/session/codes", null, 201);
        var (code, url) = (made.GetProperty("code").GetString()!, made.GetProperty("url").GetString()!);
        var visitor = await VisitorAsync();
        await visitor.GoAsync("sign-in");
        await Expect(visitor.Page.GetByLabel("key")).ToBeVisibleAsync();

        await visitor.Page.GotoAsync(url);

        await Expect(Pages(visitor)).ToBeVisibleAsync();
        await Expect(visitor.Page).ToHaveURLAsync(Regex($"/ui/{workspace.Slug}(/|$)"));
        Assert.DoesNotContain(code, await visitor.Page.EvaluateAsync<string>(InReach));
        Assert.DoesNotContain(code, await visitor.Page.ContentAsync());
        await visitor.Page.GoBackAsync();
        Assert.DoesNotContain(code, visitor.Page.Url);

        // A second click where one is signed in just opens the page; elsewhere it is told how to get another link.
        visitor.Foresees("401 POST /api/session");
        await visitor.Page.GotoAsync(url);
        await Expect(Pages(visitor)).ToBeVisibleAsync();
        var other = await VisitorAsync();
        other.Foresees("401 POST /api/session");
        await other.Page.GotoAsync(url);
        await Expect(other.Page.GetByText("./run.sh link")).ToBeVisibleAsync();
        Assert.DoesNotContain(code, other.Page.Url);
    }

    [Fact]
    public async Task A_key_signs_in_and_is_not_kept_where_scripts_reach()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await VisitorAsync();
        await visitor.GoAsync($"{workspace.Slug}/metrics?period=7d");
        var field = visitor.Page.GetByLabel("key");

        visitor.Foresees("401 POST /api/session");
        await field.FillAsync("ak_nobody_has_this_key");
        await field.PressAsync("Enter");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not know this key");
        await Expect(field).ToHaveAttributeAsync("aria-describedby", await visitor.Page.GetByRole(AriaRole.Alert).GetAttributeAsync("id") ?? "");

        await field.FillAsync(workspace.Key!);
        await field.PressAsync("Enter");

        await Expect(Pages(visitor)).ToBeVisibleAsync();
        await Expect(visitor.Page).ToHaveURLAsync(Regex($"/ui/{workspace.Slug}/metrics\\?period=7d$"));
        Assert.DoesNotContain(workspace.Key!, await visitor.Page.EvaluateAsync<string>(InReach));
        Assert.DoesNotContain(workspace.Key!, await visitor.Page.ContentAsync());
        var cookie = Assert.Single(await visitor.Context.CookiesAsync());
        Assert.True(cookie is { Name: "analytics_session", HttpOnly: true, SameSite: SameSiteAttribute.Strict });
        Assert.DoesNotContain(workspace.Key!, cookie.Value);
    }

    [Fact]
    public async Task A_key_that_is_revoked_ends_session_and_stream_and_another_goes_on_at_the_same_address()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var other = await workspace.WithScopesAsync(Analytics.Tenancy.Scopes.All);
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/log?severity=WARN");
        var log = visitor.Page.Log();
        await Expect(log.State).ToHaveTextAsync("Live");
        await workspace.IngestAsync(Warned());
        await Expect(log.Counts).ToHaveAttributeAsync("data-received", "1");

        visitor.Foresees("401 ");
        await Api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{workspace.KeyId}");

        // The reader does nothing: the stream ends, and the page says why.
        var over = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Your session is over" });
        await Expect(over).ToBeVisibleAsync();
        await Expect(log.State).ToHaveTextAsync("Your session is over");
        await other.IngestAsync(Warned());
        await over.GetByLabel("key").FillAsync(other.Key!);
        await over.GetByLabel("key").PressAsync("Enter");
        await Expect(over).Not.ToBeVisibleAsync();
        Assert.EndsWith($"/ui/{workspace.Slug}/log?severity=WARN", visitor.Page.Url);
        // And what came meanwhile is not missing. The service's own record of the revocation passes no filter.
        await Expect(log.Rows).ToHaveCountAsync(2);
        await Expect(log.Counts).ToHaveTextAsync("2 received, 1 caught up");
    }

    static JsonObject Warned() => Some.Event(metadata: new JsonObject { ["_log"] = new JsonObject { ["severity"] = "WARN" } });

    static ILocator Pages(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" });

    static System.Text.RegularExpressions.Regex Regex(string pattern) =>
        new(pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
