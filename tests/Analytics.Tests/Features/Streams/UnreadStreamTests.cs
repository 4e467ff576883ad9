using System.Text.Json;

namespace Analytics.Tests.Features.Streams;

[Collection<Timed>]
public sealed class UnreadStreamTests(TimedApi timed)
{
    readonly AnalyticsApi api = timed.Api;

    // Far more than the buffers between the service and a client hold.
    const int Many = 4_000;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_membership_ends_what_was_still_to_be_sent(bool isReplay)
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (user, id) = await NewUserAsync(one, two);
        var cursor = await CursorAsync(user, one, two);
        if (isReplay)
            await IngestManyAsync(one, Many);
        using var stream = await UnreadStream.OpenAsync(user, "/api/stream/user", cursor);
        await using var witness = await OpenStream.OpenAsync(user, "/api/stream/user", cursor);
        var sent = isReplay ? Many : 900;
        if (!isReplay)
            await IngestManyAsync(one, sent);
        await timed.Clock.RunAsync(witness.TakeAsync(sent), isFast: false);

        await api.Root.DeleteAsync($"/api/workspaces/{one.Id}/members/{id}");
        timed.Clock.Advance(TimedApi.RightsEnd);
        Assert.Equal("notice", (await witness.NextAsync()).Event);
        await two.IngestAsync(Numbered.Event(7));

        var before = 0;
        while (WorkspaceOf(await stream.NextAsync()) is (var workspace, null) && workspace == one.Id)
            before++;
        Assert.InRange(before, 0, sent - 1);
        // The line that ended the loop was the notice.
        Assert.Equal((two.Id, (string?)null), WorkspaceOf(await stream.NextAsync()));
    }

    [Fact]
    public async Task What_is_live_in_one_workspace_waits_for_the_others_replays()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (user, _) = await NewUserAsync(one, two);
        var cursor = await CursorAsync(user, one, two);
        await IngestManyAsync(two, Many);
        using var stream = await UnreadStream.OpenAsync(user, "/api/stream/user", cursor);
        // It is in the middle of the replay when its first line is here.
        Assert.NotNull(await stream.NextAsync());
        await using var witness = await OpenStream.OfAsync(one);

        // More than a stream may leave unread.
        await IngestManyAsync(one, Many);
        await timed.Clock.RunAsync(witness.TakeAsync(Many), isFast: false);

        for (var n = 1; n < 2 * Many; n++)
            Assert.NotNull(await stream.NextAsync());
    }

    [Fact]
    public async Task A_client_that_reads_nothing_of_what_it_missed_is_cut_off()
    {
        var workspace = await api.NewWorkspaceAsync();
        string? cursor;
        await using (var first = await OpenStream.OfAsync(workspace))
        {
            await workspace.IngestAsync(Numbered.Event(0));
            cursor = (await first.NextAsync()).Id;
        }

        await IngestManyAsync(workspace, Many);
        using var stream = await UnreadStream.OpenAsync(workspace, $"/api/stream/workspaces/{workspace.Id}", cursor);

        // Its time begins when the buffers on the way are full, which is soon but not seen from here.
        timed.Clock.Advance(Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(stream.IsCutOff);
        await Until.HoldsAsync(
            () =>
            {
                timed.Clock.Advance(Patience);
                return stream.IsCutOff;
            },
            "It is not cut off.");

        var read = 0;
        while (await stream.NextAsync() is not null)
            read++;
        Assert.InRange(read, 0, Many - 1);
    }

    static (Guid Workspace, string? Type) WorkspaceOf(string? data)
    {
        Assert.NotNull(data);
        var json = JsonElement.Parse(data);
        return (json.GetProperty("workspace_id").GetGuid(), json.TryGetProperty("type", out var type) ? type.GetString() : null);
    }

    static async Task IngestManyAsync(WorkspaceClient workspace, int count)
    {
        for (var n = 0; n < count; n += 500)
            await workspace.IngestAsync(Numbered.Events(n, Math.Min(500, count - n)));
    }

    static async Task<string?> CursorAsync(ApiClient user, params WorkspaceClient[] workspaces)
    {
        await using var stream = await OpenStream.OpenAsync(user, "/api/stream/user");
        foreach (var workspace in workspaces)
            await workspace.IngestAsync(Numbered.Event(0));
        return (await stream.TakeAsync(workspaces.Length))[^1].Id;
    }

    async Task<(ApiClient User, Guid Id)> NewUserAsync(params WorkspaceClient[] workspaces)
    {
        var made = await api.Root.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }, 201);
        var id = made.GetProperty("id").GetGuid();
        foreach (var workspace in workspaces)
            await api.Root.PutAsync($"/api/workspaces/{workspace.Id}/members/{id}", new { role = "viewer" });
        var key = await api.Root.PostAsync($"/api/users/{id}/keys", new { name = "browser" }, 201);
        return (new ApiClient(api.Address, key.GetProperty("key").GetString()!), id);
    }
}
