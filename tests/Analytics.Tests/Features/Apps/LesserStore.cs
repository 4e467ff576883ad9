using System.Text.Json;
using Analytics.Tests.Features.Streams;
using Npgsql;

namespace Analytics.Tests.Features.Apps;

/// <summary>Another service on a store of its own on the tests' server, whose login has these rights and no others; with a workspace.</summary>
public sealed class LesserStore : IAsyncDisposable
{
    readonly AnalyticsApi api;
    readonly Node node;

    LesserStore(AnalyticsApi api, string role, Node node)
    {
        (this.api, Role, this.node) = (api, role, node);
        (Root, Workspace) = (new(node.Address, api.RootKey), new(node.Address, null));
    }

    /// <summary>Of the store's login, and of its database.</summary>
    public string Role { get; }

    public ApiClient Root { get; }

    public ApiClient Workspace { get; private set; }

    public string WorkspacePath { get; private set; } = "";

    public static async Task<LesserStore> StartAsync(AnalyticsApi api, string rights)
    {
        var role = $"lesser_{Guid.NewGuid():n}"[..20];
        await ExecuteAsync(api, $"create role {role} login password 'lesser' {rights}");
        await ExecuteAsync(api, $"create database {role} owner {role}");
        var settings = new NpgsqlConnectionStringBuilder(api.ConnectionString)
        {
            Username = role,
            Password = "lesser",
            Database = role,
            MaxPoolSize = 8,
        };
        var store = new LesserStore(api, role, await Node.StartAsync(api, ("ConnectionStrings:Postgres", settings.ConnectionString)));
        var made = await store.Root.PostAsync("/api/workspaces", new { name = "Lesser", slug = "lesser" }, 201);
        store.WorkspacePath = $"/api/workspaces/{made.GetProperty("id")}";
        var key = await store.Root.PostAsync(
            $"{store.WorkspacePath}/keys", new { name = "test", scopes = (string[])["apps:write", "stats:read"] }, 201);
        store.Workspace = new(store.node.Address, key.GetProperty("key").GetString());
        return store;
    }

    /// <summary>The path of a new app.</summary>
    public async Task<string> NewAppAsync()
    {
        var made = await Workspace.PostAsync("/api/apps", new { natural_id = $"a:{Guid.NewGuid():n}", name = "App" }, 201);
        return $"/api/apps/{made.GetProperty("id")}";
    }

    public static NpgsqlDataSource LoginOf(JsonElement made) =>
        NpgsqlDataSource.Create(AppSchema.Settings(made.GetProperty("connection_string").GetString()!));

    /// <summary>Whether the server has a role or a database of the name.</summary>
    public async Task<bool> IsThereAsync(string name)
    {
        await using var command = api.Store.CreateCommand(
            "select exists (select from pg_roles where rolname = $1) or exists (select from pg_database where datname = $1)");
        command.Parameters.Add(new() { Value = name });
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Whether the workspace waits for being removed.</summary>
    public async Task<bool> IsBeingPurgedAsync()
    {
        await using var store = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(api.ConnectionString) { Database = Role, Pooling = false }.ConnectionString);
        await using var command = store.CreateCommand("select exists (select from workspace_purges)");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>As whoever runs the server.</summary>
    public async Task AsSuperuserAsync(string statements)
    {
        foreach (var statement in statements.Split(';'))
            await ExecuteAsync(api, statement);
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    static async Task ExecuteAsync(AnalyticsApi api, string statement)
    {
        await using var command = api.Store.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
