using System.Text;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Storage.Traces;
using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Analytics.Tests.Oracle;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage.Traces;

/// <summary>A row of <c>trace_nodes</c>; of one that points to another the rest says nothing.</summary>
sealed record Node(Guid Id, Guid? Up, Guid? Root, bool IsRoot, int? Person, bool IsMixed, int Members, string Cost);

/// <summary>A workspace that is written to without HTTP, and what is stored of its traces.</summary>
sealed class TracedWorkspace
{
    readonly AnalyticsApi api;

    TracedWorkspace(AnalyticsApi api, WorkspaceClient client, Workspace workspace) => (this.api, Client, Workspace) = (api, client, workspace);

    public WorkspaceClient Client { get; }
    public Workspace Workspace { get; }

    public static async Task<TracedWorkspace> NewAsync(AnalyticsApi api)
    {
        var client = await api.NewWorkspaceAsync();
        var key = (await Upkeep.OfAsync(client)).Workspace;
        return new TracedWorkspace(api, client, (await api.Services.GetRequiredService<TenantDirectory>().WorkspaceAsync(key))!);
    }

    public static IncomingEvent Event(string id, int cost = 1, string parent = "", string person = "", int index = 0) => new()
    {
        Index = index,
        Name = "task.done",
        Timestamp = Some.Day.ToUnixTimeMilliseconds() * 1000,
        ExternalId = Encoding.UTF8.GetBytes(id),
        ExternalCustomerId = Encoding.UTF8.GetBytes(person),
        ParentId = Encoding.UTF8.GetBytes(parent),
        Metadata = Encoding.UTF8.GetBytes($$"""{"_cost":{"amount":{{cost}},"currency":"usd"},"size":{{cost}} }"""),
        Fields = new FieldValues(cost * DecimalUnits.One, null, null, null, null),
    };

    public Task<WriteResult> WriteAsync(params IReadOnlyList<IncomingEvent> events) =>
        api.Services.GetRequiredService<FactWriter>().WriteAsync(Workspace, events, partial: false, default);

    /// <summary>The hash that an event's children call it while it is pending.</summary>
    public Guid HashOf(string externalId) => KeyHash.Of(Workspace.HashKey, KeyKind.Event, null, Encoding.UTF8.GetBytes(externalId)).ToUuid();

    public Task<List<Node>> NodesAsync() => api.Store.QueryAsync("""
        select id, up, root, type is not null, person, mixed, members, sums
        from trace_nodes
        where workspace_id = $1
        """, [Workspace.Key], row => new Node(
            row.GetGuid(0), row.GetFieldValue<Guid?>(1), row.GetFieldValue<Guid?>(2), row.GetBoolean(3), row.GetFieldValue<int?>(4),
            row.GetBoolean(5), row.GetInt32(6),
            DecimalUnits.Format(NodeSums.Read(row.GetFieldValue<byte[]>(7)).GetValueOrDefault(FieldCatalogue.Cost))), default);

    public Task<List<Guid>> PendingAsync() => api.Store.QueryAsync(
        "select id from pending_parents where workspace_id = $1", [Workspace.Key], row => row.GetGuid(0), default);

    /// <summary>The stored events by external id: their ids, persons and the nodes they joined.</summary>
    public async Task<Dictionary<string, (Guid Id, int Person, Guid? Trace)>> EventsAsync() => (await api.Store.QueryAsync(
        "select external_id, id, coalesce(person, 0), trace from events where workspace_id = $1", [Workspace.Key],
        row => (Text: row.GetString(0), Event: (row.GetGuid(1), row.GetInt32(2), row.GetFieldValue<Guid?>(3))), default))
        .ToDictionary(row => row.Text, row => row.Event);
}
