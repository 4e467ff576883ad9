using System.Net;
using Analytics.Tenancy;

namespace Analytics.Tests.Features.Streams;

public sealed class StreamRightsTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_token_opens_the_streams_of_its_key_and_nothing_else()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();
        var made = await workspace.PostAsync("/api/stream/tokens", null, 201);
        var token = made.GetProperty("token").GetString();

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
        await Until.HoldsAsync(
            async () =>
            {
                using var answer = await client.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
                return answer.IsSuccessStatusCode;
            },
            "A closed stream's place is not free again.");

        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_workspace_leaves_a_quarter_of_the_nodes_streams_to_others()
    {
        var (many, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await using var node = await Node.StartAsync(api, ("Analytics:Streams", "8"));
        var path = $"/api/stream/workspaces/{many.Id}";
        var streams = new List<OpenStream>();
        for (var n = 0; n < 6; n++)
            streams.Add(await OpenStream.OpenAsync(node.Of(many), path));

        using (var refused = await node.Of(many).AskAsync(HttpMethod.Get, path))
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        streams.Add(await OpenStream.OpenAsync(node.Of(other), $"/api/stream/workspaces/{other.Id}"));

        foreach (var stream in streams)
            await stream.DisposeAsync();
    }
}
