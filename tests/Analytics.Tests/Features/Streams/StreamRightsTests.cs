using System.Diagnostics;
using System.Net;
using Analytics.Tenancy;

namespace Analytics.Tests.Features.Streams;

public sealed class StreamRightsTests(AnalyticsApi api)
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_token_opens_the_streams_of_its_key_and_nothing_else()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();
        var made = await workspace.PostAsync("/api/stream/tokens", null, 201);
        var token = made.GetProperty("token").GetString();
        Assert.InRange(made.GetProperty("expires_at").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(61));

        await using var stream = await OpenStream.OpenAsync(api.Anonymous, $"/api/stream/workspaces/{workspace.Id}?access_token={token}");
        await workspace.IngestAsync(Numbered.Event(1));
        Assert.Equal(1, (await stream.NextAsync()).Number);

        await api.Anonymous.GetAsync($"/api/stream/workspaces/{other.Id}?access_token={token}", 404);
        await api.Anonymous.GetAsync($"/api/events?access_token={token}", 401);
        await api.With(token).GetAsync($"/api/stream/workspaces/{workspace.Id}", 401);
        await api.Anonymous.GetAsync($"/api/stream/workspaces/{workspace.Id}?access_token={token![..^2]}AA", 401);
        await api.Anonymous.GetAsync($"/api/stream/workspaces/{workspace.Id}?access_token={new string('!', token.Length)}", 401);
        await api.Anonymous.PostAsync($"/api/stream/tokens?access_token={token}", null, 401);
    }

    [Fact]
    public async Task A_token_of_one_node_opens_streams_of_another()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api);
        var made = await node.Of(workspace).PostAsync("/api/stream/tokens", null, 201);

        await using var stream = await OpenStream.OpenAsync(
            api.Anonymous, $"/api/stream/workspaces/{workspace.Id}?access_token={made.GetProperty("token").GetString()}");

        await workspace.IngestAsync(Numbered.Event(1));
        Assert.Equal(1, (await stream.NextAsync()).Number);
    }

    [Fact]
    public async Task A_log_readers_token_opens_the_log_and_no_other_stream()
    {
        var workspace = await api.NewWorkspaceAsync();
        var reader = await workspace.WithScopesAsync(Scopes.LogsRead);
        var token = (await reader.PostAsync("/api/stream/tokens", null, 201)).GetProperty("token").GetString();

        await using var stream = await OpenStream.OpenAsync(api.Anonymous, $"/api/v1/events/stream?access_token={token}");
        await api.Anonymous.GetAsync($"/api/stream/workspaces/{workspace.Id}?access_token={token}", 403);
        var neither = await workspace.WithScopesAsync(Scopes.EventsRead);
        await neither.PostAsync("/api/stream/tokens", null, 403);
    }

    [Fact]
    public async Task Refusals_come_before_the_stream_starts()
    {
        var workspace = await api.NewWorkspaceAsync();
        await api.Anonymous.GetAsync($"/api/stream/workspaces/{workspace.Id}", 401);
        await workspace.GetAsync($"/api/stream/workspaces/{Guid.NewGuid()}", 404);
        await workspace.GetAsync("/api/stream/user", 403);
        await api.Root.GetAsync("/api/stream/user", 403);
    }

    [Fact]
    public async Task Revoking_the_key_ends_its_streams()
    {
        var workspace = await api.NewWorkspaceAsync();
        var key = await workspace.WithScopesAsync(Scopes.StreamRead, Scopes.LogsRead);
        var token = (await key.PostAsync("/api/stream/tokens", null, 201)).GetProperty("token").GetString();
        await using var byKey = await OpenStream.OfAsync(key);
        await using var byToken = await OpenStream.OpenAsync(api.Anonymous, $"/api/v1/events/stream?access_token={token}");
        await using var others = await OpenStream.OfAsync(workspace);

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{key.KeyId}");

        await byKey.Ended.WaitAsync(Soon);
        await byToken.Ended.WaitAsync(Soon);
        Assert.False(others.Ended.IsCompleted);
        await api.Anonymous.GetAsync($"/api/v1/events/stream?access_token={token}", 401);
    }

    [Fact]
    public async Task A_key_that_expires_takes_its_streams_along()
    {
        var workspace = await api.NewWorkspaceAsync();
        var expires = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var made = await api.Root.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys", new { name = "brief", scopes = Scopes.All, expires_at = expires }, 201);
        await using var stream = await OpenStream.OpenAsync(
            api.With(made.GetProperty("key").GetString()), $"/api/stream/workspaces/{workspace.Id}");

        await stream.Ended.WaitAsync(TimeSpan.FromSeconds(3) + Soon);
        Assert.True(TimeProvider.System.GetUtcNow() >= expires);
    }

    [Fact]
    public async Task Deleting_the_workspace_ends_its_streams()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace);

        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}");

        await stream.Ended.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_workspace_has_so_many_streams_and_no_more()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api, ("Analytics:StreamsPerWorkspace", "3"));
        var client = node.Of(workspace);
        var path = $"/api/stream/workspaces/{workspace.Id}";
        var streams = new List<OpenStream>();
        for (var n = 0; n < 3; n++)
            streams.Add(await OpenStream.OpenAsync(client, path));

        using (var refused = await client.AskAsync(HttpMethod.Get, path))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await streams[0].DisposeAsync();
        streams.RemoveAt(0);
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            using var answer = await client.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            if (answer.IsSuccessStatusCode)
                break;
            Assert.True(clock.Elapsed < Soon, "A closed stream's place is free again.");
        }

        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task Streams_end_at_once_when_the_service_stops()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api);
        var streams = new List<OpenStream>();
        for (var n = 0; n < 50; n++)
            streams.Add(await OpenStream.OpenAsync(node.Of(workspace), $"/api/stream/workspaces/{workspace.Id}"));

        var clock = Stopwatch.StartNew();
        await node.StopAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        foreach (var stream in streams)
        {
            await stream.Ended.WaitAsync(TimeSpan.FromSeconds(1));
            await stream.DisposeAsync();
        }
    }
}
