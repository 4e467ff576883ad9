using System.Diagnostics;
using System.Text.Json;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Tests.Http;

/// <summary>Routes with refusals of their own shape: whoever refuses, and however early, it looks like that.</summary>
public sealed class RefusalTests(AnalyticsApi api, RefusalTests.Node node) : IClassFixture<RefusalTests.Node>
{
    const string Route = "/probe/refusals";

    [Fact]
    public async Task Every_refusal_has_the_routes_own_shape()
    {
        var workspace = await api.NewWorkspaceAsync();
        var reader = node.With(workspace.Key);
        var stranger = node.With((await workspace.WithScopesAsync(Scopes.LogsRead)).Key);

        await AssertAsync(node.With(null), HttpMethod.Get, Route, 401);
        await AssertAsync(stranger, HttpMethod.Get, Route, 403);
        await AssertAsync(reader, HttpMethod.Get, $"{Route}?workspace_id={Guid.NewGuid()}", 404);
        await AssertAsync(reader, HttpMethod.Get, $"{Route}?limit=0", 400);
        await AssertAsync(reader, HttpMethod.Get, $"{Route}?status=500", 500);
        await AssertAsync(reader, HttpMethod.Get, $"{Route}?status=503", 503);
        await AssertAsync(reader, HttpMethod.Post, Route, 415, new StringContent("a", new System.Net.Http.Headers.MediaTypeHeaderValue("text/csv")));
        await AssertAsync(reader, HttpMethod.Post, Route, 413, new string(' ', 2 << 20));
    }

    [Fact]
    public async Task So_has_the_one_while_the_service_starts()
    {
        await using var starting = AnalyticsApp.Build([], builder =>
        {
            builder.Configuration["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=1";
            builder.Configuration["Analytics:RootKey"] = api.RootKey;
            builder.Configuration["Serilog:MinimumLevel:Default"] = "Fatal";
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            ProbeNode.AddProbes(builder, typeof(Probe));
        });
        await starting.StartAsync();

        await AssertAsync(new ApiClient(new Uri(starting.Urls.Single()), null), HttpMethod.Get, Route, 503);
        await starting.StopAsync();
    }

    [Fact]
    public async Task Who_asks_too_much_is_told_so_after_half_a_second()
    {
        var reader = node.With((await api.NewWorkspaceAsync()).Key);
        var asked = Stopwatch.GetTimestamp();
        await AssertAsync(reader, HttpMethod.Get, $"{Route}?status=429", 429);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.FromSeconds(0.45), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Its_headers_are_those_of_every_refusal()
    {
        using var unknown = await node.With(null).AskAsync(HttpMethod.Get, Route);
        using var busy = await node.With((await api.NewWorkspaceAsync()).Key).AskAsync(HttpMethod.Get, $"{Route}?status=503");

        Assert.Equal("Bearer", Assert.Single(unknown.Headers.WwwAuthenticate).Scheme);
        Assert.NotNull(busy.Headers.RetryAfter);
        Assert.True(busy.Headers.CacheControl!.NoStore);
        Assert.True(busy.Headers.Contains("X-Request-Id"));
    }

    [Fact]
    public async Task Another_route_of_the_node_answers_problems()
    {
        var problem = await node.With(null).GetAsync("/api/customers", 401);

        Assert.True(problem.TryGetProperty("request_id", out _));
    }

    static async Task AssertAsync(ApiClient client, HttpMethod method, string path, int status, object? body = null)
    {
        using var answer = await client.AskAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal((path, status), (path, (int)answer.StatusCode));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["error", "status"], JsonElement.Parse(text).EnumerateObject().Select(member => member.Name));
    }

    public sealed class Node(AnalyticsApi api) : ProbeNode(api, typeof(Probe));

    public sealed record Ko(string Error, string Status);

    internal sealed class KoAttribute : RefusalAttribute
    {
        public override Type Body => typeof(Ko);

        public override Task WriteAsync(HttpContext http, ProblemException problem) =>
            http.Response.WriteAsJsonAsync(new { error = problem.Message, status = "KO" });
    }

    [ApiController, RequireScope(Scopes.StatsRead), Ko]
    public sealed class Probe : ControllerBase
    {
        /// <summary>Fails as asked.</summary>
        [HttpGet(Route), Paged("id", "id")]
        public ActionResult<string> Get(int status) => status switch
        {
            500 => throw new InvalidOperationException("Broken."),
            429 => throw new ProblemException(429, "Too much."),
            503 => throw new ProblemException(503, "Busy."),
            _ => Ok("fine"),
        };

        /// <summary>Takes a body.</summary>
        [HttpPost(Route)]
        public ActionResult<string> Post(Dictionary<string, string> body) => Ok($"{body.Count}");
    }
}
