using Analytics.Tests.Features.Sessions;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Tenancy;

/// <summary>A dead key that is still used is noticed, once in a minute, and costs nobody anything.</summary>
[Collection<Timed>]
public sealed class RefusedKeysTests(TimedApi timed)
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_revoked_key_used_10_000_times_on_two_nodes_is_told_once_a_minute()
    {
        var (workspace, dead) = await RevokedAsync();
        await using var node = await Node.StartAsync(timed.Api, timed.Clock);
        var nodes = new[] { dead, node.Of(dead) };
        var start = timed.Now;

        foreach (var minute in (int[])[0, 1])
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), async (n, stop) => await UseAsync(nodes[n % 2], stop));
            await Until.HoldsAsync(async () => (await ToldAsync(workspace)).Count == minute + 1, "Nobody tells of it.");
            timed.Clock.Advance(Minute - TimeSpan.FromMilliseconds(1));
            foreach (var each in nodes)
                await UseAsync(each, default);
            timed.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        // Whoever still had something to tell would by now.
        await timed.Clock.RunAsync(workspace.IngestAsync(Some.Events(1, at: timed.Now)));
        Assert.Equal([start + Minute, start], await ToldAsync(workspace));
    }

    [Fact]
    public async Task It_says_which_key_and_why()
    {
        var (workspace, dead) = await RevokedAsync();
        await using var log = await Telling.LogAsync(workspace);

        await UseAsync(dead, default);

        var told = (await log.NextAsync()).Json;
        Assert.Equal(
            ["login.failed", "AUTH", "system", "ERROR", "api_key", dead.KeyId, "api_key", dead.KeyId],
            ((string[])["eventType", "category", "source", "severity", "actorType", "actorId", "targetType", "targetId"])
                .Select(member => told.GetProperty(member).GetString()));
        Assert.Equal("""{"reason":"revoked","userId":null}""", told.GetProperty("payload").GetRawText());
        Assert.DoesNotContain(dead.Key![12..], told.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_key_is_told_too_and_again_after_a_minute()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var made = await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys", new { name = "a", scopes = (string[])["events:read"], expires_at = timed.Now.AddHours(1) }, 201);
        var brief = timed.Api.With(made.GetProperty("key").GetString());
        await using var log = await Telling.LogAsync(workspace);
        timed.Clock.Advance(TimeSpan.FromHours(1));

        for (var n = 0; n < 3; n++)
        {
            await UseAsync(brief, default);
            var told = (await log.NextAsync()).Json;
            Assert.Equal("expired", told.GetProperty("payload").GetProperty("reason").GetString());
            Assert.Equal(timed.Now, told.GetProperty("createdAt").GetDateTimeOffset());
            timed.Clock.Advance(Minute);
        }
    }

    [Fact]
    public async Task A_users_dead_key_is_told_in_every_workspace_of_the_user()
    {
        var (first, second, other) = (
            await timed.Api.NewWorkspaceAsync(), await timed.Api.NewWorkspaceAsync(), await timed.Api.NewWorkspaceAsync());
        var (id, user) = await timed.Api.NewUserAsync((first, "viewer"), (second, "admin"));
        var key = await user.PostAsync($"/api/users/{id}/keys", new { name = "lost" }, 201);
        await user.DeleteAsync($"/api/users/{id}/keys/{key.GetProperty("id").GetString()}");
        await using var firsts = await Telling.LogAsync(first);
        await using var seconds = await Telling.LogAsync(second);
        await using var others = await Telling.LogAsync(other);

        await UseAsync(timed.Api.With(key.GetProperty("key").GetString()), default);

        foreach (var log in new[] { firsts, seconds })
            Assert.Equal($$"""{"reason":"revoked","userId":"{{id}}"}""", (await log.NextAsync()).Json.GetProperty("payload").GetRawText());
        await timed.Clock.RunAsync(other.IngestAsync(Some.Event("end", at: timed.Now)));
        Assert.Equal("end", NameOf(await others.NextAsync()));
    }

    [Fact]
    public async Task Signing_in_with_a_dead_key_is_a_use_of_it()
    {
        var (workspace, dead) = await RevokedAsync();
        await using var log = await Telling.LogAsync(workspace);

        await new Browser(timed.Api.Address).SignInAsync(new { key = dead.Key }, 401);

        Assert.Equal("login.failed", NameOf(await log.NextAsync()));
    }

    [Fact]
    public async Task Who_guesses_is_nobody_the_workspace_hears_of()
    {
        var (workspace, dead) = await RevokedAsync();
        await using var log = await Telling.LogAsync(workspace);

        foreach (var guess in (string[])[$"{dead.Key}x", dead.Key![..^1] + "_", $"{workspace.Key}x", "ak_zzzzzzzz_" + dead.Key[12..], "garbage", ""])
            await UseAsync(timed.Api.With(guess), default);
        await UseAsync(dead, default);
        Assert.Equal("login.failed", NameOf(await log.NextAsync()));

        await timed.Clock.RunAsync(workspace.IngestAsync(Some.Event("end", at: timed.Now)));
        Assert.Equal("end", NameOf(await log.NextAsync()));
    }

    [Fact]
    public async Task Nobody_waits_for_a_workspace_that_is_held()
    {
        var (workspace, dead) = await RevokedAsync();
        var (other, othersDead) = await RevokedAsync();
        await using var log = await Telling.LogAsync(workspace);
        await using var others = await Telling.LogAsync(other);
        await using (var held = await HeldWorkspace.OfAsync(workspace))
        {
            await UseAsync(dead, default);
            await UseAsync(othersDead, default);
            Assert.Equal("login.failed", NameOf(await NextAsync(others)));
            Assert.Empty(log.TakeAll());
            await held.LetGoAsync();
        }

        Assert.Equal("login.failed", NameOf(await NextAsync(log)));
    }

    // Who finds a lock taken waits by the service's clock.
    async Task<Message> NextAsync(OpenStream log)
    {
        var next = log.NextAsync();
        await timed.Clock.RunAsync(next);
        return await next;
    }

    static async Task<List<DateTimeOffset>> ToldAsync(WorkspaceClient workspace) =>
        [.. (await workspace.GetAsync("/api/v1/events?type=login.failed")).GetProperty("data").EnumerateArray()
            .Select(told => told.GetProperty("createdAt").GetDateTimeOffset())];

    async Task<(WorkspaceClient Workspace, WorkspaceClient Dead)> RevokedAsync()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var dead = await workspace.WithScopesAsync("events:read");
        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{dead.KeyId}");
        return (workspace, dead);
    }

    static async Task UseAsync(ApiClient key, CancellationToken stop)
    {
        using var answer = await key.Http.GetAsync("/api/customers", stop);
        Assert.Equal(401, (int)answer.StatusCode);
    }

    static string? NameOf(Message message) => message.Json.GetProperty("eventType").GetString();
}
