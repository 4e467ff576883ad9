using Analytics.Contract;
using Analytics.Tenancy;
using Analytics.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Tenancy;

/// <summary>Whatever a route waits for, the request ends within five seconds of its rights, routes to come included.</summary>
public sealed class RightsWatchTests(AnalyticsApi api, RightsWatchTests.Node node) : IClassFixture<RightsWatchTests.Node>
{
    [Theory, InlineData("/probe/lasting/scope"), InlineData("/probe/lasting/admin/{id}"), InlineData("/probe/lasting/admin")]
    public async Task A_request_ends_with_its_key(string route)
    {
        var workspace = await api.NewWorkspaceAsync();

        var refused = await EndsAsync(
            workspace.Key, route.Replace("{id}", workspace.Id.ToString()),
            () => api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{workspace.KeyId}"));

        Assert.Equal(401, refused);
    }

    [Fact]
    public async Task A_users_own_request_ends_with_the_key()
    {
        var (id, user) = await api.NewUserAsync();
        var key = (await api.Root.GetAsync($"/api/users/{id}/keys")).GetProperty("data")[0].GetProperty("id").GetString();

        Assert.Equal(401, await EndsAsync(user.Key, $"/probe/lasting/self/{id}", () => api.Root.DeleteAsync($"/api/users/{id}/keys/{key}")));
    }

    [Fact]
    public async Task A_members_request_ends_with_the_role()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var (role, route) in new[] { ("admin", $"admin/{workspace.Id}"), ("member", "scope") })
        {
            var (id, user) = await api.NewUserAsync((workspace, role));

            Assert.Equal(403, await EndsAsync(
                user.Key, $"/probe/lasting/{route}",
                () => api.Root.PutAsync($"/api/workspaces/{workspace.Id}/members/{id}", new { role = "viewer" })));
        }
    }

    [Fact]
    public async Task A_members_request_ends_with_the_membership()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (id, user) = await api.NewUserAsync((workspace, "member"));

        Assert.Equal(404, await EndsAsync(
            user.Key, "/probe/lasting/scope", () => api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}/members/{id}")));
    }

    [Fact]
    public async Task A_portal_keys_request_ends_with_its_customer()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync();
        var portal = await workspace.BoundToAsync(customer);

        Assert.Equal(401, await EndsAsync(
            portal.Key, "/probe/lasting/scope", () => workspace.DeleteAsync($"/api/customers/{customer}", 202)));
    }

    [Fact]
    public async Task A_request_ends_with_its_workspace()
    {
        var workspace = await api.NewWorkspaceAsync();

        Assert.Equal(401, await EndsAsync(
            workspace.Key, "/probe/lasting/scope", () => api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}")));
    }

    [Fact]
    public async Task An_answer_under_way_breaks_off_with_its_key()
    {
        var workspace = await api.NewWorkspaceAsync();
        using var answer = await node.With(workspace.Key).Http.GetAsync(
            "/probe/lasting/answer", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        await node.HasBegunAsync();

        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{workspace.KeyId}");
        node.Clock.Advance(TimedApi.RightsEnd);

        await Assert.ThrowsAnyAsync<IOException>(async () => await ReadToEndAsync(answer));
    }

    [Fact]
    public async Task A_request_whose_rights_last_goes_on()
    {
        var workspace = await api.NewWorkspaceAsync();
        // Not a read: its answer would have to begin within ten seconds.
        var asking = node.With(workspace.Key).AskAsync(HttpMethod.Post, "/probe/lasting/change");
        await node.HasBegunAsync();
        for (var second = 0; second < 20; second++)
            node.Clock.Advance(TimeSpan.FromSeconds(1));

        node.LetEnd();

        using var answer = await asking;
        Assert.Equal(204, (int)answer.StatusCode);
    }

    [Theory, InlineData("/api/customers"), InlineData("/api/events/ingest")]
    public async Task A_body_that_does_not_come_is_not_waited_for(string route)
    {
        var workspace = await api.NewWorkspaceAsync();
        using var connection = await RawConnection.OpenAsync(node.Address);
        await connection.SendAsync($"""
            POST {route} HTTP/1.1
            Host: localhost
            X-API-Key: {workspace.Key}
            Content-Type: application/json
            Connection: close
            Content-Length: 1000
            Expect: 100-continue


            """.ReplaceLineEndings("\r\n"));
        Assert.StartsWith("HTTP/1.1 100 ", await connection.ReceiveAsync());

        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{workspace.KeyId}");
        node.Clock.Advance(TimedApi.RightsEnd);

        Assert.Equal(401, RawConnection.StatusOf(await connection.ReadAsync()));
    }

    [Theory, InlineData("/api/customers"), InlineData("/api/events/ingest")]
    public async Task A_connection_goes_on_after_a_body_that_was_not_waited_for(string route)
    {
        var workspace = await api.NewWorkspaceAsync();
        using var connection = await RawConnection.OpenAsync(node.Address);
        await connection.SendAsync(Head(10, "Expect: 100-continue"));
        Assert.StartsWith("HTTP/1.1 100 ", await connection.ReceiveAsync());
        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{workspace.KeyId}");
        node.Clock.Advance(TimedApi.RightsEnd);
        Assert.StartsWith("HTTP/1.1 401 ", await connection.ReceiveAsync());

        await connection.SendAsync(new string(' ', 10) + Head(0, "Connection: close"));

        Assert.StartsWith("HTTP/1.1 401 ", await connection.ReadAsync());

        string Head(int length, string more) =>
            $"POST {route} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {workspace.Key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {length}\r\n{more}\r\n\r\n";
    }

    static async Task ReadToEndAsync(HttpResponseMessage answer)
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
        while (await body.ReadAsync(new byte[100], patience.Token) > 0)
        {
        }
    }

    /// <summary>Asks for what lasts, ends the rights on another node, and gives the answer's status.</summary>
    async Task<int> EndsAsync(string? key, string path, Func<Task> endRights)
    {
        var asking = node.With(key).AskAsync(HttpMethod.Get, path);
        await node.HasBegunAsync();
        await endRights();
        node.Clock.Advance(TimedApi.RightsEnd);
        using var answer = await asking.WaitAsync(Until.Patience);
        return (int)answer.StatusCode;
    }

    public sealed class Node(AnalyticsApi api) : ProbeNode(api, typeof(Probe))
    {
        readonly Lasting lasting = new();

        public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

        public Task HasBegunAsync() => lasting.Begun.WaitAsync(Until.Patience);

        public void LetEnd() => lasting.End.Release();

        protected override void Configure(WebApplicationBuilder builder)
        {
            builder.Services.AddSingleton<TimeProvider>(Clock);
            builder.Services.AddSingleton(lasting);
        }
    }

    public sealed class Lasting : IDisposable
    {
        public SemaphoreSlim Begun { get; } = new(0);

        public SemaphoreSlim End { get; } = new(0);

        public async Task AsLongAsItTakesAsync(CancellationToken cancel)
        {
            Begun.Release();
            await End.WaitAsync(cancel);
        }

        public void Dispose()
        {
            Begun.Dispose();
            End.Dispose();
        }
    }

    [ApiController, Route("probe/lasting")]
    public sealed class Probe(Lasting lasting) : ControllerBase
    {
        /// <summary>Lasts.</summary>
        [HttpGet("scope"), RequireScope(Scopes.EventsWrite, OfCustomer = true)]
        public Task Scope(CancellationToken cancel) => LastAsync(cancel);

        /// <summary>Lasts.</summary>
        [HttpPost("change"), RequireScope(Scopes.EventsWrite)]
        public Task Change(CancellationToken cancel) => LastAsync(cancel);

        /// <summary>Lasts.</summary>
        [HttpGet("admin"), RequireAdmin]
        public Task Admin(CancellationToken cancel) => LastAsync(cancel);

        /// <summary>Lasts.</summary>
        [HttpGet("admin/{id}"), RequireAdmin(WorkspaceInPath = "id")]
        public Task AdminOf(CancellationToken cancel) => LastAsync(cancel);

        /// <summary>Lasts.</summary>
        [HttpGet("self/{id}"), RequireSelf]
        public Task Self(CancellationToken cancel) => LastAsync(cancel);

        /// <summary>Lasts while it answers.</summary>
        [HttpGet("answer"), RequireScope(Scopes.EventsRead)]
        public async Task Answer(CancellationToken cancel)
        {
            await Response.Body.WriteAsync("a"u8.ToArray(), cancel);
            await Response.Body.FlushAsync(cancel);
            await lasting.AsLongAsItTakesAsync(cancel);
        }

        async Task LastAsync(CancellationToken cancel)
        {
            await lasting.AsLongAsItTakesAsync(cancel);
            Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}
