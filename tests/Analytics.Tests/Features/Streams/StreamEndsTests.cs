using Analytics.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Features.Streams;

/// <summary>What ends a stream that somebody reads.</summary>
[Collection<Timed>]
public sealed class StreamEndsTests(TimedApi timed)
{
    readonly AnalyticsApi api = timed.Api;

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
        timed.Clock.Advance(TimedApi.RightsEnd);

        await byKey.EndsAsync();
        await byToken.EndsAsync();
        await workspace.IngestAsync(Numbered.Event(1));
        Assert.Equal(1, (await others.NextAsync()).Number);
        await api.Anonymous.GetAsync($"/api/v1/events/stream?access_token={token}", 401);
    }

    [Fact]
    public async Task A_key_that_expires_takes_its_streams_along()
    {
        var workspace = await api.NewWorkspaceAsync();
        var made = await api.Root.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys", new { name = "brief", scopes = Scopes.All, expires_at = timed.Now.AddHours(1) }, 201);
        await using var stream = await OpenStream.OpenAsync(
            api.With(made.GetProperty("key").GetString()), $"/api/stream/workspaces/{workspace.Id}");

        timed.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await workspace.IngestAsync(Numbered.Event(1));
        Assert.Equal(1, (await stream.NextAsync()).Number);

        timed.Clock.Advance(TimedApi.RightsEnd);
        await stream.EndsAsync();
    }

    [Fact]
    public async Task Deleting_the_workspace_ends_its_streams()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var stream = await OpenStream.OfAsync(workspace);

        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}");
        timed.Clock.Advance(TimedApi.RightsEnd);

        await stream.EndsAsync();
    }

    [Fact]
    public async Task Streams_end_at_once_and_in_good_order_when_the_service_stops()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api, builder => builder.Services
            .AddSingleton<TimeProvider>(new FakeTimeProvider(timed.Now))
            .PostConfigure<HostOptions>(host => host.ShutdownTimeout = Until.Patience));
        var streams = new List<OpenStream>();
        for (var n = 0; n < 50; n++)
            streams.Add(await OpenStream.OpenAsync(node.Of(workspace), $"/api/stream/workspaces/{workspace.Id}"));

        // Its clock stands still, so that none is cut off for not having ended by then.
        await node.StopAsync();

        foreach (var stream in streams)
        {
            await stream.EndsAsync();
            Assert.False(stream.WasCutOff);
            await stream.DisposeAsync();
        }
    }
}
