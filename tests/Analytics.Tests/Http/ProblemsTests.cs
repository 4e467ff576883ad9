using System.Net;
using System.Text;
using System.Text.Json;

namespace Analytics.Tests.Http;

public sealed class ProblemsTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("PUT", "/api/customers", 405)]
    [InlineData("POST", "/health/live", 405)]
    public async Task Unknown_routes_and_methods_answer_problems(string method, string path, int status)
    {
        using var answer = await api.Root.AskAsync(new HttpMethod(method), path);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        foreach (var member in (string[])["type", "title", "detail", "errors", "request_id"])
            Assert.True(problem.TryGetProperty(member, out _), member);
    }

    [Theory, InlineData("/api/customers"), InlineData("/api/events/ingest")]
    public async Task Another_media_type_answers_415(string path)
    {
        var workspace = await api.NewWorkspaceAsync();

        foreach (var type in (string[])["application/x-www-form-urlencoded", "multipart/form-data", "application/xml"])
            await workspace.PostAsync(path, new StringContent("name=Ada", Encoding.UTF8, type), 415);
    }

    [Fact]
    public async Task A_packed_body_answers_415_where_only_plain_ones_are_taken()
    {
        var workspace = await api.NewWorkspaceAsync();
        var packed = new ByteArrayContent([0x1f, 0x8b]);
        packed.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        packed.Headers.ContentEncoding.Add("gzip");

        await workspace.PostAsync("/api/customers", packed, 415);
    }

    [Theory]
    [InlineData("{\"name\":", "")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("\"text\"", "")]
    [InlineData("", "")]
    [InlineData("{\"name\":5}", "/name")]
    [InlineData("{\"name\":\"\\ud800\"}", "/name")]
    [InlineData("{\"name\":\"\\u0000\"}", "/name")]
    [InlineData("{\"metadata\":[1]}", "/metadata")]
    [InlineData("{\"metadata\":{\"a\":\"\\udc00\"}}", "/metadata")]
    [InlineData("{\"metadata\":{\"a\":1e99999}}", "/metadata")]
    [InlineData("{\"name\":1,\"email\":\"no\",\"external_id\":{}}", "/email /external_id /name")]
    [InlineData("{\"name\":1,\"name\":2}", "")]
    [InlineData("{\"workspace_id\":\"\\ud800\",\"name\":\"a\"}", "/workspace_id")]
    public async Task A_bad_body_is_a_400_that_points_at_every_problem(string body, string pointers)
    {
        var workspace = await api.NewWorkspaceAsync();

        var answer = await workspace.PostAsync("/api/customers", body, 400);

        var found = answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString());
        Assert.Equal(pointers, string.Join(' ', found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Deep_and_large_bodies_are_refused()
    {
        var workspace = await api.NewWorkspaceAsync();

        await workspace.PostAsync("/api/customers", new string('[', 10_000), 400);
        await workspace.PostAsync("/api/customers", $$"""{"name":"{{new string('a', 2_000_000)}}"}""", 413);
    }

    [Theory]
    [InlineData("/api/customers?unknown=%00", 200)]
    [InlineData("/api/customers?q=%ED%A0%80", 200)]
    [InlineData("/api/customers?q=%25_%5C", 200)]
    [InlineData("/api/customers/not-an-id", 400)]
    [InlineData("/api/customers?unknown=1", 200)]
    public async Task Odd_parameters_are_never_an_error_of_ours(string path, int status)
    {
        var workspace = await api.NewWorkspaceAsync();

        await workspace.GetAsync(path, status);
    }

    [Theory]
    [InlineData("/api/customers?q=%00", "q")]
    [InlineData("/api/customers?external_id=a&external_id=b%00", "external_id")]
    [InlineData("/api/event-types?q=a%00&source=x", "q source")]
    public async Task A_NUL_in_a_parameter_is_refused_by_name(string path, string pointers)
    {
        var workspace = await api.NewWorkspaceAsync();

        var problem = await workspace.GetAsync(path, 400);

        var found = problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString());
        Assert.Equal(pointers, string.Join(' ', found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_sane_request_id_is_kept_and_any_other_replaced()
    {
        Assert.Equal("abc-123", await RequestIdAsync("abc-123"));
        Assert.NotEqual("evil id", await RequestIdAsync("evil id"));
        Assert.NotEqual(await RequestIdAsync(null), await RequestIdAsync(null));
    }

    [Fact]
    public async Task A_trailing_slash_changes_nothing()
    {
        var workspace = await api.NewWorkspaceAsync();

        var without = await workspace.GetAsync($"/api/workspaces/{workspace.Id}");
        var with = await workspace.GetAsync($"/api/workspaces/{workspace.Id}/");

        Assert.Equal(without.GetRawText(), with.GetRawText());
    }

    [Fact]
    public async Task The_service_does_not_say_what_it_is_made_of()
    {
        using var answer = await api.Anonymous.AskAsync(HttpMethod.Get, "/health/live");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Server"));
    }

    async Task<string> RequestIdAsync(string? sent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/customers");
        if (sent is not null)
            request.Headers.TryAddWithoutValidation("X-Request-Id", sent);
        using var answer = await api.Anonymous.Http.SendAsync(request);
        var id = Assert.Single(answer.Headers.GetValues("X-Request-Id"));
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(id, problem.GetProperty("request_id").GetString());
        return id;
    }

    [Fact]
    public async Task A_body_full_of_problems_is_not_answered_with_all_of_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        var many = string.Join(',', Enumerable.Repeat("\"\"", 300_000));

        using var answer = await workspace.AskAsync(HttpMethod.Post, $"/api/workspaces/{workspace.Id}/keys", $"{{\"name\":\"k\",\"scopes\":[{many}]}}");

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.InRange((await answer.Content.ReadAsStringAsync()).Length, 1, 1_000);
    }
}
