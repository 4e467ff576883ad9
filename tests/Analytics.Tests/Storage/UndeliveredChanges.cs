using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Storage.Writing;
using Analytics.Tests.Features.Streams;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage;

/// <summary>Tests with changes that were left undelivered: they share their nodes and run one after the other.</summary>
[CollectionDefinition]
public sealed class Undelivered : ICollectionFixture<UndeliveredChanges>;

/// <summary>
/// Two more nodes: one that delivers nothing, as if it died after each commit or its queue were full, and one that is well. What
/// the first leaves behind, and a look at it.
/// </summary>
public sealed class UndeliveredChanges(AnalyticsApi api) : IAsyncLifetime
{
    Node silent = null!;
    Node other = null!;

    public AnalyticsApi Api => api;

    internal Outbox Here => api.Services.GetRequiredService<Outbox>();

    internal Outbox Elsewhere => other.Services.GetRequiredService<Outbox>();

    /// <summary>The same key, acted on through the node that delivers nothing.</summary>
    public ApiClient SilentOf(ApiClient client) => silent.Of(client);

    /// <summary>Makes a customer and leaves it undelivered.</summary>
    public async Task<Guid> NewCustomerAsync(ApiClient workspace, string? externalId = null)
    {
        var made = await SilentOf(workspace).PostAsync("/api/customers", new { external_id = externalId, name = "Bob Secret" }, 201);
        return made.GetProperty("id").GetGuid();
    }

    internal Task<Workspace> WorkspaceAsync(WorkspaceClient workspace) =>
        InStoreAsync(db => db.Set<Workspace>().AsNoTracking().SingleAsync(w => w.Id == workspace.Id));

    internal async Task<List<OutboxRow>> UndeliveredAsync(Workspace workspace) => await InStoreAsync(
        db => db.Set<OutboxRow>().AsNoTracking().Where(a => a.WorkspaceKey == workspace.Key).OrderBy(a => a.Number).ToListAsync());

    /// <summary>Leaves this to deliver: the first time, or again as a crash right after the event's commit does.</summary>
    internal Task LeaveAsync(OutboxRow undelivered) => InStoreAsync(db =>
    {
        db.Set<OutboxRow>().Add(new OutboxRow
        {
            WorkspaceKey = undelivered.WorkspaceKey,
            Id = undelivered.Id,
            Subject = undelivered.Subject,
            Name = undelivered.Name,
            Timestamp = undelivered.Timestamp,
            Metadata = undelivered.Metadata,
            IsAudit = undelivered.IsAudit,
        });
        return db.SaveChangesAsync();
    });

    /// <summary>Has the background work look now, until nothing of the workspace is left to deliver.</summary>
    internal async Task DeliveredAsync(Workspace workspace)
    {
        Here.Wake();
        await Until.HoldsAsync(
            async () =>
            {
                if ((await UndeliveredAsync(workspace)).Count == 0)
                    return true;
                Here.Wake();
                return false;
            },
            "Something is not delivered.");
    }

    /// <summary>What the service events, by the time it happened.</summary>
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
        (silent, other) = (await Node.StartAsync(api), await Node.StartAsync(api));
        await silent.Services.GetRequiredService<FactWriter>().StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await silent.DisposeAsync();
        await other.DisposeAsync();
    }

    async Task<T> InStoreAsync<T>(Func<AnalyticsDb, Task<T>> work)
    {
        await using var db = await api.Services.GetRequiredService<IDbContextFactory<AnalyticsDb>>().CreateDbContextAsync();
        return await work(db);
    }
}
