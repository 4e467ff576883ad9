using System.Net;
using System.Text.Json;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>However the three routes refuse, and whoever does: a sentence and KO.</summary>
public sealed class StatisticsRefusalTests(AnalyticsApi api)
{
    const string January = "from=2024-01-01&to=2024-02-01";
    const string BadDates = "Invalid date format. Use YYYY-MM-DD";
    const string TooLong = "Date range cannot exceed 90 days";
    const string NotFound = "App/Organization not found";
    const string Forbidden = "Insufficient permissions to access statistics";
    const string BadKey = "Invalid API key";

    static readonly string[] Paths = ["/statistics/app/acme:shop/", "/statistics/user/", "/statistics/org/{0}/"];

    [Theory]
    [InlineData(""), InlineData("from=2024-01-01"), InlineData("to=2024-01-01"), InlineData("from=&to="), InlineData("from=2024-01-01&to=2024-1-2")]
    [InlineData("from=2024-01-01T00:00:00Z&to=2024-01-02"), InlineData("from=2023-02-29&to=2023-03-02"), InlineData("from=2024-04-30&to=2024-04-31")]
    [InlineData("from=0000-01-01&to=0000-01-02"), InlineData("from=2024-01-02&to=2024-01-01"), InlineData("from=2024-01-01%20&to=2024-01-02")]
    [InlineData("from=2024-01-01&to=2024-01-02%00"), InlineData("from=01/01/2024&to=2024-01-02"), InlineData("from=today&to=2024-01-02")]
    [InlineData("from=%D9%A2024-01-01&to=2024-01-02"), InlineData("from=12024-01-01&to=2024-01-02"), InlineData("from=2024-01-01&to=-024-01-02")]
    [InlineData("from=2024-13-01&to=2024-01-02&breakdown=x"), InlineData("from=2024-12-01&to=2024-01-02&ratios=x")]
    public async Task A_date_that_is_none_is_told_as_such(string query) => await EverywhereAsync(query, 400, BadDates);

    [Theory, InlineData("from=2024-01-01&to=2024-04-01"), InlineData("from=0001-01-01&to=9999-12-31"), InlineData("from=2024-01-01&to=2025-01-01&compare=x")]
    public async Task More_than_90_days_are_too_many(string query) => await EverywhereAsync(query, 400, TooLong);

    [Theory, InlineData($"{January}&compare=x", "compare must be previous_period or previous_year."), InlineData($"{January}&ratios=2", "'2' is not valid here.")]
    public async Task Other_words_are_refused_in_the_same_way(string query, string sentence) => await EverywhereAsync(query, 400, sentence);

    [Fact]
    public async Task What_comes_first_is_told_first()
    {
        var (workspace, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await workspace.NewAppAsync("acme:shop");
        var writer = await workspace.WithScopesAsync("apps:write");
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync());
        foreach (var path in Paths.Select(path => string.Format(path, workspace.Slug)))
        {
            await AssertAsync(api.Anonymous, path, 401, BadKey);
            await AssertAsync(api.With("ak_zzzzzzzz_0123456789012345678901234567890123456789"), path, 401, BadKey);
            await AssertAsync(api.Root, path, 403, Forbidden);
            await AssertAsync(writer, path, 403, Forbidden);
            await AssertAsync(portal, path, 403, Forbidden);
            await AssertAsync(workspace, $"{path}?workspace_id={other.Id}", 404, NotFound);
        }

        foreach (var unknown in (string[])["/statistics/app/acme:none", $"/statistics/app/{Guid.NewGuid()}", $"/statistics/org/{other.Id}", $"/statistics/org/{other.Slug}/"])
        {
            await AssertAsync(api.Anonymous, unknown, 401, BadKey);
            await AssertAsync(workspace, unknown, 404, NotFound);
            await AssertAsync(writer, unknown, 404, NotFound);
        }
    }

    [Fact]
    public async Task The_breakdown_is_by_app_or_not_at_all()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync("acme:shop");

        foreach (var path in (string[])[$"/statistics/org/{workspace.Id}", "/statistics/user"])
            await AssertAsync(workspace, $"{path}?{January}&breakdown=day", 400, "breakdown must be app.");
        // An app's statistics know no breakdown: the parameter is nothing to them.
        await workspace.GetAsync($"/statistics/app/acme:shop?{January}&breakdown=day&accumulate=x");
    }

    [Theory, InlineData("POST"), InlineData("PUT"), InlineData("DELETE"), InlineData("PATCH"), InlineData("OPTIONS")]
    public async Task Another_method_is_refused_in_the_same_way(string method)
    {
        foreach (var path in Paths)
        {
            using var answer = await api.Anonymous.AskAsync(new HttpMethod(method), string.Format(path, "acme"));

            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            AssertKo("The route does not take this method.", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_user_who_sees_a_natural_id_twice_is_told_so_in_the_same_way()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await one.NewAppAsync("acme:shop");
        await two.NewAppAsync("acme:shop");
        var (_, user) = await api.NewUserAsync((one, "viewer"), (two, "viewer"));

        await AssertAsync(user, $"/statistics/app/acme:shop?{January}", 400, "Name the workspace: several of yours have an app of that name.");
        await user.GetAsync($"/statistics/app/acme:shop?{January}&workspace_id={one.Id}");
    }

    [Fact]
    public async Task A_user_who_sees_a_natural_id_twice_names_the_workspace_with_the_facts_too()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await one.NewAppAsync("acme:shop");
        var app = await two.NewAppAsync("acme:shop");
        var (_, user) = await api.NewUserAsync((one, "member"), (two, "member"));

        await user.PostAsync("/api/apps/acme:shop/devices", new { workspace_id = two.Id, devices = new[] { new { deviceId = "a" } } });
        await user.PostAsync("/api/apps/acme:shop/devices", new { devices = new[] { new { deviceId = "a" } } }, 400);
        await user.PostAsync("/api/apps/acme:shop/devices", new { workspace_id = Guid.NewGuid(), devices = new[] { new { deviceId = "a" } } }, 404);
        await user.PostAsync($"/api/apps/{app}/devices", new { workspace_id = one.Id, devices = new[] { new { deviceId = "a" } } }, 404);

        var today = TimeProvider.System.GetUtcNow();
        Assert.Equal(1, await UsersAsync(two));
        Assert.Equal(0, await UsersAsync(one));

        async Task<int> UsersAsync(WorkspaceClient workspace) =>
            (await workspace.GetAsync($"/statistics/app/acme:shop?from={today:yyyy-MM-dd}&to={today.AddDays(2):yyyy-MM-dd}"))
                .GetProperty("data").GetProperty("mau").GetInt32();
    }

    async Task EverywhereAsync(string query, int status, string sentence)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync("acme:shop");
        foreach (var path in Paths)
            await AssertAsync(workspace, $"{string.Format(path, workspace.Slug)}?{query}", status, sentence);
    }

    static async Task AssertAsync(ApiClient client, string path, int status, string sentence)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal((path, status, text), (path, (int)answer.StatusCode, text));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status == 401, answer.Headers.WwwAuthenticate.Count > 0);
        AssertKo(sentence, text);
    }

    static void AssertKo(string sentence, string text) =>
        Assert.Equal([("error", sentence), ("status", "KO")], JsonElement.Parse(text).EnumerateObject().Select(member => (member.Name, member.Value.GetString()!)));
}
