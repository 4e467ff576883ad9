using System.Text.Json;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Sessions;

/// <summary>How long sessions and codes live, by a clock that moves only when the test says so.</summary>
[Collection<Timed>]
public sealed class SessionLifeTests
{
    readonly TimedApi timed;

    public SessionLifeTests(TimedApi timed)
    {
        this.timed = timed;
        timed.BeginSecond();
    }

    [Fact]
    public async Task A_session_lasts_twelve_hours()
    {
        var browser = await SignedInAsync();

        timed.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromMilliseconds(1));
        await browser.GetAsync("/api/customers");
        timed.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await browser.GetAsync("/api/customers", 401);
    }

    [Fact]
    public async Task A_session_begins_anew_when_it_is_looked_at_past_its_half()
    {
        var browser = await SignedInAsync();
        var first = browser.SetCookie;

        timed.Clock.Advance(TimeSpan.FromHours(6));
        await browser.LookAsync();
        Assert.Equal(first, browser.SetCookie);
        timed.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.GetAsync("/api/customers");
        Assert.Equal(first, browser.SetCookie);
        var renewed = await browser.LookAsync();

        Assert.NotEqual(first, browser.SetCookie);
        Assert.Contains("max-age=43200", browser.SetCookie);
        Assert.Equal(timed.Now.AddHours(12), EndOf(renewed));
        timed.Clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal(timed.Now.AddHours(12), EndOf(await browser.LookAsync()));
    }

    [Fact]
    public async Task A_session_never_outlives_its_key()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var end = timed.Now.AddHours(7);
        var made = await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys", new { name = "brief", scopes = new[] { Scopes.EventsRead }, expires_at = end }, 201);
        var browser = new Browser(timed.Api.Address);

        Assert.Equal(end, EndOf(await browser.SignInAsync(new { key = made.GetProperty("key").GetString() })));
        Assert.Contains("max-age=25200", browser.SetCookie);
        timed.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(end, EndOf(await browser.LookAsync()));
        timed.Clock.Advance(TimeSpan.FromHours(1));

        await browser.LookAsync(401);
    }

    [Fact]
    public async Task A_session_whose_key_is_revoked_elsewhere_dies_within_five_seconds_and_its_stream_too()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var browser = await Browser.SignedInAsync(timed.Api.Address, workspace.Key);
        await using var stream = await OpenStream.OpenAsync(browser, $"/api/stream/workspaces/{workspace.Id}");
        await using (var command = timed.Api.Store.CreateCommand("update api_keys set revoked_at = now() where id = $1"))
        {
            command.Parameters.Add(new() { Value = workspace.KeyId });
            await command.ExecuteNonQueryAsync();
        }

        timed.Clock.Advance(TimedApi.RightsEnd);

        await browser.LookAsync(401);
        await stream.EndsAsync();
    }

    [Fact]
    public async Task A_code_is_good_for_as_long_as_it_says()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var made = await workspace.PostAsync("/api/session/codes", null, 201);
        var other = await workspace.PostAsync("/api/session/codes", new { expires_in = 901 }, 201);
        Assert.Equal(timed.Now.AddMinutes(15), EndOf(made));

        timed.Clock.Advance(TimeSpan.FromMinutes(15));

        await new Browser(timed.Api.Address).SignInAsync(new { code = made.GetProperty("code").GetString() }, 401);
        await new Browser(timed.Api.Address).SignInAsync(new { code = other.GetProperty("code").GetString() });
    }

    [Fact]
    public async Task A_code_ends_with_its_key()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var end = timed.Now.AddMinutes(1);
        var brief = await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys", new { name = "brief", scopes = new[] { Scopes.EventsRead }, expires_at = end }, 201);
        var made = await timed.Api.With(brief.GetProperty("key").GetString()).PostAsync("/api/session/codes", new { expires_in = 3600 }, 201);

        Assert.Equal(end, EndOf(made));
    }

    [Fact]
    public async Task An_invitation_is_good_for_a_week_and_swept_when_it_is_over()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var path = $"/api/workspaces/{workspace.Id}/invitations";
        var made = await workspace.PostAsync(path, new { email = "late@example.com", name = "Late", role = "viewer" }, 201);
        Assert.Equal(timed.Now.AddDays(7), EndOf(made));

        timed.Clock.Advance(TimeSpan.FromDays(7));

        await new Browser(timed.Api.Address).SignInAsync(new { code = made.GetProperty("url").GetString()!.Split('#')[1] }, 401);
        Assert.Equal(0, (await workspace.GetAsync(path)).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Codes_and_invitations_that_are_over_are_swept()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await workspace.PostAsync("/api/session/codes", null, 201);
        await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/invitations", new { email = "a@example.com", name = "A", role = "viewer", expires_in = 900 }, 201);
        await using var left = timed.Api.Store.CreateCommand("select (select count(*) from sign_in_codes) + (select count(*) from invitations)");
        Assert.True((long)(await left.ExecuteScalarAsync())! > 0);

        timed.Clock.Advance(TimeSpan.FromDays(8));

        await Until.HoldsAsync(async () => (long)(await left.ExecuteScalarAsync())! == 0, "What is over stays.");
    }

    async Task<Browser> SignedInAsync() =>
        await Browser.SignedInAsync(timed.Api.Address, (await timed.Api.NewWorkspaceAsync()).Key);

    static DateTimeOffset EndOf(JsonElement answer) => answer.GetProperty("expires_at").GetDateTimeOffset();
}
