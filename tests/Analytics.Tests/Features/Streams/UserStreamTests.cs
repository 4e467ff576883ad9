using System.Text.Json;

namespace Analytics.Tests.Features.Streams;

[Collection<Timed>]
public sealed class UserStreamTests(TimedApi timed)
{
    readonly AnalyticsApi api = timed.Api;

    [Fact]
    public async Task Events_of_all_the_users_workspaces_come_and_no_others()
    {
        var (one, two, strange) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var user = await NewUserAsync(one, two);
        await using var stream = await OpenStream.OpenAsync(user, "/api/stream/user");
        await using var strangers = await OpenStream.OfAsync(strange);

        await strange.IngestAsync(Numbered.Event(-1));
        await one.IngestAsync(Numbered.Events(0, 5));
        await two.IngestAsync(Numbered.Events(100, 5));

        var messages = await stream.TakeAsync(10);
        Assert.Equal([0, 1, 2, 3, 4], In(one, messages));
        Assert.Equal([100, 101, 102, 103, 104], In(two, messages));
        // Whoever is to get an event has it waiting when the first one reads it.
        Assert.Equal(-1, (await strangers.NextAsync()).Number);
        await one.IngestAsync(Numbered.Event(5));
        Assert.Equal(5, (await stream.NextAsync()).Number);
    }

    [Fact]
    public async Task Coming_back_by_id_misses_nothing_in_any_workspace()
    {
        WorkspaceClient[] workspaces = [await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync()];
        var user = await NewUserAsync(workspaces);
        var first = await OpenStream.OpenAsync(user, "/api/stream/user");
        foreach (var workspace in workspaces)
            await workspace.IngestAsync(Numbered.Events(0, 20));
        var seen = await first.TakeAsync(31);
        await first.DisposeAsync();
        foreach (var workspace in workspaces)
            await workspace.IngestAsync(Numbered.Events(20, 300));

        await using var again = await OpenStream.OpenAsync(user, "/api/stream/user", seen[^1].Id);
        foreach (var workspace in workspaces)
            await workspace.IngestAsync(Numbered.Events(320, 10));

        seen.AddRange(await again.TakeAsync((330 * 3) - 31));
        foreach (var workspace in workspaces)
            Assert.Equal(Enumerable.Range(0, 330), In(workspace, seen));
        Assert.All(seen, message => Assert.Null(message.Event));
    }

    [Fact]
    public async Task Memberships_that_come_and_go_are_told_and_followed()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var user = await NewUserAsync(one);
        await using var stream = await OpenStream.OpenAsync(user, "/api/stream/user");
        await using var others = await OpenStream.OfAsync(two);

        await JoinAsync(two, user.Id, "member");
        await two.IngestAsync(Numbered.Event(7));
        timed.Clock.Advance(TimedApi.RightsEnd);
        AssertNotice(await stream.NextAsync(), "membership.added", two, "member");
        Assert.Equal(7, (await stream.NextAsync()).Number);

        await JoinAsync(two, user.Id, "viewer");
        timed.Clock.Advance(TimedApi.RightsEnd);
        AssertNotice(await stream.NextAsync(), "membership.changed", two, "viewer");

        await api.Root.DeleteAsync($"/api/workspaces/{two.Id}/members/{user.Id}");
        timed.Clock.Advance(TimedApi.RightsEnd);
        AssertNotice(await stream.NextAsync(), "membership.removed", two, null);
        await two.IngestAsync(Numbered.Event(8));
        Assert.Equal([7, 8], (await others.TakeAsync(2)).Select(message => message.Number));
        await one.IngestAsync(Numbered.Event(9));
        Assert.Equal(9, (await stream.NextAsync()).Number);
    }

    [Fact]
    public async Task A_workspace_joined_while_the_client_was_away_comes_from_then_on()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var user = await NewUserAsync(one);
        var stream = await OpenStream.OpenAsync(user, "/api/stream/user");
        await one.IngestAsync(Numbered.Event(1));
        var cursor = (await stream.NextAsync()).Id;
        await stream.DisposeAsync();
        await two.IngestAsync(Numbered.Event(2));
        timed.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await JoinAsync(two, user.Id, "member");
        await two.IngestAsync(Numbered.Event(3));

        await using var again = await OpenStream.OpenAsync(user, "/api/stream/user", cursor);

        AssertNotice(await again.NextAsync(), "membership.added", two, "member");
        Assert.Equal(3, (await again.NextAsync()).Number);
        await two.IngestAsync(Numbered.Event(4));
        Assert.Equal(4, (await again.NextAsync()).Number);
    }

    [Fact]
    public async Task A_users_key_opens_a_workspaces_stream_until_the_membership_ends()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var user = await NewUserAsync(one);
        await user.GetAsync($"/api/stream/workspaces/{two.Id}", 404);
        await using var stream = await OpenStream.OpenAsync(user, $"/api/stream/workspaces/{one.Id}");
        await one.IngestAsync(Numbered.Event(1));
        Assert.Equal(1, (await stream.NextAsync()).Number);

        await api.Root.DeleteAsync($"/api/workspaces/{one.Id}/members/{user.Id}");

        timed.Clock.Advance(TimedApi.RightsEnd);
        await stream.EndsAsync();
    }

    [Fact]
    public async Task A_user_of_several_workspaces_gets_a_token_without_naming_one()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var user = await NewUserAsync(one, two);
        var token = (await user.PostAsync("/api/stream/tokens", null, 201)).GetProperty("token").GetString();
        await using var stream = await OpenStream.OpenAsync(api.Anonymous, $"/api/stream/user?access_token={token}");

        await two.IngestAsync(Numbered.Event(1));

        Assert.Equal(1, (await stream.NextAsync()).Number);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("AAAA")]
    public async Task A_senseless_cursor_is_reset(string cursor)
    {
        var workspace = await api.NewWorkspaceAsync();
        var user = await NewUserAsync(workspace);
        await using var stream = await OpenStream.OpenAsync(user, "/api/stream/user", cursor);
        Assert.Equal("reset", (await stream.NextAsync()).Event);
        await workspace.IngestAsync(Numbered.Event(1));
        Assert.Equal(1, (await stream.NextAsync()).Number);
    }

    static IEnumerable<int> In(WorkspaceClient workspace, IEnumerable<Message> messages) =>
        messages.Where(message => message.Json.GetProperty("workspace_id").GetGuid() == workspace.Id).Select(message => message.Number);

    static void AssertNotice(Message message, string type, WorkspaceClient workspace, string? role)
    {
        Assert.Equal("notice", message.Event);
        Assert.Equal(type, message.Json.GetProperty("type").GetString());
        Assert.Equal(workspace.Id, message.Json.GetProperty("workspace_id").GetGuid());
        Assert.Equal(role, message.Json.GetProperty("role") is { ValueKind: JsonValueKind.String } given ? given.GetString() : null);
        Assert.NotNull(message.Id);
    }

    async Task<UserClient> NewUserAsync(params WorkspaceClient[] workspaces)
    {
        var made = await api.Root.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }, 201);
        var id = made.GetProperty("id").GetGuid();
        foreach (var workspace in workspaces)
            await JoinAsync(workspace, id, "viewer");
        var key = await api.Root.PostAsync($"/api/users/{id}/keys", new { name = "browser" }, 201);
        return new UserClient(api.Address, key.GetProperty("key").GetString()!, id);
    }

    Task<JsonElement> JoinAsync(WorkspaceClient workspace, Guid user, string role) =>
        api.Root.PutAsync($"/api/workspaces/{workspace.Id}/members/{user}", new { role });

    sealed class UserClient(Uri address, string key, Guid id) : ApiClient(address, key)
    {
        public Guid Id => id;
    }
}
