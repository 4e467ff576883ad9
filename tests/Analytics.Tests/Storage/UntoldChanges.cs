using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Model;
using Analytics.Tests.Features.Streams;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage;

/// <summary>Tests with changes that were left untold: they share their nodes and run one after the other.</summary>
[CollectionDefinition]
public sealed class Untold : ICollectionFixture<UntoldChanges>;

/// <summary>
/// Two more nodes: one that tells nothing, as if it died after each commit or its queue were full, and one that is well. What
/// the first leaves behind, and a look at it.
/// </summary>
public sealed class UntoldChanges(AnalyticsApi api) : IAsyncLifetime
{
    Node mute = null!;
    Node other = null!;

    public AnalyticsApi Api => api;

    public Announcements Here => api.Services.GetRequiredService<Announcements>();

    public Announcements Elsewhere => other.Services.GetRequiredService<Announcements>();

    /// <summary>The same key, acted on through the node that tells nothing.</summary>
    public ApiClient MuteOf(ApiClient client) => mute.Of(client);

    /// <summary>Makes a customer and leaves it untold.</summary>
    public async Task<Guid> NewCustomerAsync(ApiClient workspace, string? externalId = null)
    {
        var made = await MuteOf(workspace).PostAsync("/api/customers", new { external_id = externalId, name = "Bob Secret" }, 201);
        return made.GetProperty("id").GetGuid();
    }

    public Task<Workspace> WorkspaceAsync(WorkspaceClient workspace) =>
        InStoreAsync(db => db.Workspaces.AsNoTracking().SingleAsync(w => w.Id == workspace.Id));

    public async Task<List<Announcement>> UntoldAsync(Workspace workspace) => await InStoreAsync(
        db => db.Announcements.AsNoTracking().Where(a => a.WorkspaceKey == workspace.Key).OrderBy(a => a.Number).ToListAsync());

    /// <summary>Leaves this to tell: the first time, or again as a crash right after the event's commit does.</summary>
    public Task LeaveAsync(Announcement untold) => InStoreAsync(db =>
    {
        db.Announcements.Add(new Announcement
        {
            WorkspaceKey = untold.WorkspaceKey,
            Id = untold.Id,
            Subject = untold.Subject,
            Name = untold.Name,
            Timestamp = untold.Timestamp,
            Metadata = untold.Metadata,
        });
        return db.SaveChangesAsync();
    });

    /// <summary>Has the background work look now, until nothing is left to tell of the workspace.</summary>
    public async Task ToldAsync(Workspace workspace)
    {
        Here.Wake();
        await Until.HoldsAsync(
            async () =>
            {
                if ((await UntoldAsync(workspace)).Count == 0)
                    return true;
                Here.Wake();
                return false;
            },
            "Something is not told.");
    }

    /// <summary>What the service told, by the time it happened.</summary>
    public static async Task<List<JsonElement>> EventsAsync(WorkspaceClient workspace) =>
        [.. (await workspace.GetAsync("/api/events?source=system&sort=timestamp&limit=1000")).GetProperty("data").EnumerateArray()];

    public static IEnumerable<string?> Names(IEnumerable<JsonElement> events) => events.Select(e => e.GetProperty("name").GetString());

    /// <summary>The names of all its events in the order in which they were committed.</summary>
    public async Task<List<string?>> NamesAsStoredAsync(WorkspaceClient workspace)
    {
        await using var command = api.Store.CreateCommand("""
            select event_types.name
            from events
            join event_types using (workspace_id, type)
            join workspaces using (workspace_id)
            where workspaces.id = $1
            order by seq
            """);
        command.Parameters.Add(new() { Value = workspace.Id });
        await using var row = await command.ExecuteReaderAsync();
        var names = new List<string?>();
        while (await row.ReadAsync())
            names.Add(row.GetString(0));
        return names;
    }

    public async ValueTask InitializeAsync()
    {
        (mute, other) = (await Node.StartAsync(api), await Node.StartAsync(api));
        await mute.Services.GetRequiredService<EventWriter>().StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await mute.DisposeAsync();
        await other.DisposeAsync();
    }

    async Task<T> InStoreAsync<T>(Func<AnalyticsDb, Task<T>> work)
    {
        await using var db = await api.Services.GetRequiredService<IDbContextFactory<AnalyticsDb>>().CreateDbContextAsync();
        return await work(db);
    }
}
