using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage;

namespace Analytics.Tests;

/// <summary>A workspace and one of its keys.</summary>
public sealed class WorkspaceClient : ApiClient
{
    WorkspaceClient(AnalyticsApi api, Guid id, string slug, string keyId, string key) : base(api.Address, key) =>
        (Api, Id, Slug, KeyId) = (api, id, slug, keyId);

    public AnalyticsApi Api { get; }
    public Guid Id { get; }
    public string Slug { get; }
    public string KeyId { get; }

    /// <summary>Another key of the same workspace.</summary>
    public Task<WorkspaceClient> WithScopesAsync(params string[] scopes) => OfAsync(Api, Id, Slug, scopes);

    /// <summary>A portal key, which sees one customer only.</summary>
    public Task<WorkspaceClient> BoundToAsync(Guid customer, params string[] scopes) =>
        OfAsync(Api, Id, Slug, scopes.Length > 0 ? scopes : Analytics.Tenancy.Scopes.All, customer);

    /// <summary>
    /// Returns when the log tells of all that was changed: who changes something waits two seconds for that, which may be too short.
    /// </summary>
    public Task ToldAsync() => Until.HoldsAsync(
        () => Api.Store.ScalarAsync<bool>(
            "select not exists (select from outbox join workspaces using (workspace_id) where workspaces.id = $1)", [Id], default),
        "What was done is not told.");

    /// <summary>Ingests events (see <see cref="Some.Event"/>) and answers <c>{"inserted", "duplicates"}</c>.</summary>
    public Task<JsonElement> IngestAsync(params IEnumerable<JsonNode> events) =>
        PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray([.. events]) });

    /// <summary>Makes a customer and answers its id.</summary>
    public async Task<Guid> NewCustomerAsync(string? externalId = null, string? name = null)
    {
        var made = await PostAsync("/api/customers", new { external_id = externalId, name = name ?? "Customer" }, 201);
        return made.GetProperty("id").GetGuid();
    }

    /// <summary>Makes an app and answers its id.</summary>
    public async Task<Guid> NewAppAsync(string naturalId = "acme:shop", string name = "Shop")
    {
        var made = await PostAsync("/api/apps", new { natural_id = naturalId, name }, 201);
        return made.GetProperty("id").GetGuid();
    }

    internal static async Task<WorkspaceClient> OfAsync(
        AnalyticsApi api, Guid workspace, string slug, IEnumerable<string> scopes, Guid? customer = null)
    {
        var made = await api.Root.PostAsync(
            $"/api/workspaces/{workspace}/keys", new { name = "test", scopes, customer_id = customer }, 201);
        return new WorkspaceClient(api, workspace, slug, made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
    }
}
