using System.Text;
using Analytics.Tenancy;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>What the routes of statistics refuse, to the byte, and which of several things that are wrong is told.</summary>
public sealed class RandomStatisticsRefusalsTests(AnalyticsApi api)
{
    const string Key = "Invalid API key", Unknown = "App/Organization not found", Rights = "Insufficient permissions to access statistics",
        Dates = "Invalid date format. Use YYYY-MM-DD", Range = "Date range cannot exceed 90 days";
    const string Right = "from=2026-01-01&to=2026-04-01";

    static readonly (string Query, string? Wrong)[] Queries =
    [
        (Right, null), ("from=2026-01-01&to=2026-04-02", Range), ("from=0001-01-01&to=9999-12-31", Range),
        ("from=2026-01-02&to=2026-01-01", Dates),
        ("from=2026-02-29&to=2026-03-01", Dates), ("", Dates), ("from=2026-01-01", Dates), ("to=2026-01-01", Dates), ("from=&to=", Dates),
        ("from=2026-1-1&to=2026-01-02", Dates), ("from=26-01-01&to=2026-01-02", Dates), ("from=2026-01-01T00:00:00Z&to=2026-01-02", Dates),
        ("from=%202026-01-01&to=2026-01-02", Dates), ("from=2026-01-01%20&to=2026-01-02", Dates),
        ("from=2026-01-01%00&to=2026-01-02", Dates),
        ("from=2026/01/01&to=2026/01/02", Dates), ("from=20260101&to=20260102", Dates), ("from=2026-13-01&to=2027-01-01", Dates),
        ("from=2026-04-31&to=2026-05-01", Dates), ("from=2026-00-10&to=2026-05-01", Dates), ("from=2026-01-01&to=2026-01-32", Dates),
        ("from=0000-01-01&to=0000-01-02", Dates), ("from=10000-01-01&to=10000-01-02", Dates), ("from=-0001-01-01&to=0001-01-02", Dates),
        ("from=+2026-01-01&to=2026-01-02", Dates), ("from=today&to=tomorrow", Dates), ("from=1767225600&to=1767312000", Dates),
        ("from=%D9%A2%D9%A0%D9%A2%D9%A6-%D9%A0%D9%A1-%D9%A0%D9%A1&to=2026-01-02", Dates), ("from=2026-01-01'--&to=2026-01-02", Dates),
        ("from=2026-01-01&to=garbage", Dates), ("from=garbage&to=2026-01-01", Dates), ("from=2026-06-01&to=2026-01-01", Dates),
    ];

    [Fact]
    public async Task The_first_of_credential_name_right_dates_and_range_that_is_wrong_is_told()
    {
        var (workspace, foreign) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var app = await workspace.NewAppAsync("o:app");
        var hidden = await foreign.NewAppAsync("o:hidden");
        (ApiClient Client, string? Wrong)[] clients =
        [
            (api.Anonymous, Key), (api.With("ak_00000000_" + new string('x', 43)), Key), (api.With("garbage"), Key),
            (await workspace.WithScopesAsync([.. Scopes.All.Where(scope => scope is not (Scopes.StatsRead or Scopes.Admin))]), Rights),
            (await workspace.WithScopesAsync(Scopes.StatsRead), null),
        ];
        (string Path, string? Wrong)[] places =
        [
            ($"app/{app}", null), ("app/o:app", null), ("app/o%3Aapp", null),
            ($"org/{workspace.Id}", null), ($"org/{workspace.Slug}", null), ("user", null),
            ($"app/{hidden}", Unknown), ("app/o:hidden", Unknown), ($"app/{Guid.NewGuid()}", Unknown), ("app/o:never", Unknown),
            ($"org/{foreign.Id}", Unknown), ($"org/{foreign.Slug}", Unknown), ($"org/{Guid.NewGuid()}", Unknown), ("org/never", Unknown),
            ($"org/{app}", Unknown), ($"app/{workspace.Id}", Unknown), ("org/o:app", Unknown),
        ];
        foreach (var (client, badKey) in clients)
            foreach (var (place, unknown) in places)
                foreach (var (query, badQuery) in Queries.Where((_, at) => place is "user" || unknown is null || at % 5 == 0))
                    await AssertAsync(client, $"/statistics/{place}/?{query}", badKey == Key ? Key : unknown ?? badKey ?? badQuery);
    }

    [Fact]
    public async Task No_days_are_an_empty_list_and_for_an_app_no_dates()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync("o:app");
        foreach (var day in (string[])["2026-01-01", "0001-01-01", "9999-12-31"])
        {
            await AssertAsync(workspace, $"/statistics/app/o:app/?from={day}&to={day}", Dates);
            foreach (var place in (string[])[$"org/{workspace.Slug}", "user"])
                Assert.Equal("""{"data":[]}""", (await workspace.GetAsync($"/statistics/{place}/?from={day}&to={day}")).GetRawText());
        }
    }

    [Fact]
    public async Task A_portal_key_and_the_root_key_read_no_statistics()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync("o:app");
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync());
        foreach (var place in (string[])["app/o:app", $"org/{workspace.Slug}", "user"])
            await AssertAsync(portal, $"/statistics/{place}/?{Right}", Rights);
        await AssertAsync(api.Root, $"/statistics/user/?{Right}", Rights);
    }

    [Fact]
    public async Task An_app_that_was_deleted_is_not_found()
    {
        var workspace = await api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync("o:app");
        await workspace.GetAsync($"/statistics/app/{app}/?{Right}");

        await workspace.DeleteAsync("/api/apps/o:app");

        await AssertAsync(workspace, $"/statistics/app/{app}/?{Right}", Unknown);
        await AssertAsync(workspace, $"/statistics/app/o:app/?{Right}", Unknown);
        var again = await workspace.NewAppAsync("o:app");
        Assert.NotEqual(app, again);
        await workspace.GetAsync($"/statistics/app/o:app/?{Right}");
    }

    [Fact]
    public async Task A_revoked_and_an_expired_key_are_no_keys_and_a_user_sees_what_is_theirs()
    {
        var (one, two, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        foreach (var workspace in (WorkspaceClient[])[one, two, other])
            await workspace.NewAppAsync("o:app");
        await other.NewAppAsync("o:other");
        var (user, client) = await api.NewUserAsync((one, "viewer"), (two, "viewer"));

        await AssertAsync(client, $"/statistics/org/{other.Slug}/?{Right}", Unknown);
        await AssertAsync(client, $"/statistics/app/o:other/?{Right}", Unknown);
        using var twice = await client.AskAsync(HttpMethod.Get, $"/statistics/app/o:app/?{Right}");
        Assert.Equal(400, (int)twice.StatusCode);
        Assert.Matches("""^\{"error":"[^"]+","status":"KO"\}$""", await twice.Content.ReadAsStringAsync());
        await client.GetAsync($"/statistics/app/o:app/?{Right}&workspace_id={two.Id}");
        await client.GetAsync($"/statistics/app/o:app/?{Right}&tenantId={two.Id}");

        await api.Root.DeleteAsync($"/api/workspaces/{two.Id}/members/{user}");
        await client.GetAsync($"/statistics/app/o:app/?{Right}");
        await AssertAsync(client, $"/statistics/org/{two.Slug}/?{Right}", Unknown);
        var key = client.Key!.Split('_')[1];
        await api.Root.DeleteAsync($"/api/users/{user}/keys/{key}");
        foreach (var place in (string[])["app/o:app", $"org/{one.Slug}", "user"])
            await AssertAsync(client, $"/statistics/{place}/?{Right}", Key);
    }

    /// <summary>The refusal to the byte, or an answer when nothing is wrong.</summary>
    static async Task AssertAsync(ApiClient client, string path, string? wrong)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var status = wrong switch { null => 200, Key => 401, Unknown => 404, Rights => 403, _ => 400 };
        var text = Encoding.UTF8.GetString(body);
        Assert.True((int)answer.StatusCode == status, $"{path} answered {(int)answer.StatusCode}, not {status}: {text}");
        Assert.Equal(status == 401, answer.Headers.WwwAuthenticate.Count > 0);
        if (wrong is not null)
            Assert.Equal($$"""{"error":"{{wrong}}","status":"KO"}""", text);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.Contains("X-Request-Id"));
    }
}
