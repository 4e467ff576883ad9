using System.Globalization;
using System.Net;
using System.Text.Json;
using Analytics.AppDatabases;
using Npgsql;

namespace Analytics.Tests.Features.Apps;

/// <summary>An app with a Postgres workspace, and what the app itself does there with its login.</summary>
public sealed class AppSchema : IAsyncDisposable
{
    readonly NpgsqlDataSource login;

    AppSchema(WorkspaceClient workspace, Guid id, string name, string connectionString)
    {
        (Workspace, Id, Name, ConnectionString) = (workspace, id, name, connectionString);
        login = NpgsqlDataSource.Create(Settings(connectionString));
    }

    public WorkspaceClient Workspace { get; }

    public Guid Id { get; }

    /// <summary>The schema's.</summary>
    public string Name { get; }

    /// <summary>The <c>postgresql://</c> URI as it was answered.</summary>
    public string ConnectionString { get; }

    public string Database => Settings(ConnectionString).Database!;

    public string Login => Settings(ConnectionString).Username!;

    internal AppPlace Place => new(Database, int.Parse(Name.Split('_')[1], CultureInfo.InvariantCulture));

    public string Path => $"/api/apps/{Id}";

    /// <summary>Of a new app.</summary>
    public static async Task<AppSchema> OfAsync(WorkspaceClient workspace, params string[] migrations) =>
        await OfAsync(workspace, await workspace.NewAppAsync($"test:{Guid.NewGuid():n}"), migrations);

    public static async Task<AppSchema> OfAsync(WorkspaceClient workspace, Guid id, params string[] migrations)
    {
        var made = await workspace.PostAsync($"/api/apps/{id}/workspace", status: 201);
        var schema = new AppSchema(
            workspace, id, made.GetProperty("schema_name").GetString()!, made.GetProperty("connection_string").GetString()!);
        foreach (var migration in migrations)
            await schema.ExecuteAsync(migration);
        return schema;
    }

    /// <summary>A URI as Npgsql takes it.</summary>
    public static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var uri = new Uri(connectionString);
        var user = uri.UserInfo.Split(':');
        return new()
        {
            Host = uri.Host,
            Port = uri.Port,
            Username = Uri.UnescapeDataString(user[0]),
            Password = Uri.UnescapeDataString(user[1]),
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            Pooling = false,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = login.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = login.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A connection of the app's own.</summary>
    public async Task<NpgsqlConnection> OpenAsync() => await login.OpenConnectionAsync();

    public Task<JsonElement> TablesAsync() => Workspace.GetAsync($"{Path}/stats/tables");

    /// <summary>Of a schema that nobody measured before the service waits two seconds only.</summary>
    public async Task<JsonElement> StatsAsync()
    {
        JsonElement stats = default;
        await Until.HoldsAsync(
            async () =>
            {
                using var answer = await Workspace.AskAsync(HttpMethod.Get, $"{Path}/stats");
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                    return false;
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                stats = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
                return true;
            },
            "The schema is not measured.");
        return stats;
    }

    public Task<JsonElement> PreviewAsync(string table, object? body = null, int status = 200) =>
        Workspace.PostAsync($"{Path}/stats/tables/{Uri.EscapeDataString(table)}/preview", body, status);

    public ValueTask DisposeAsync() => login.DisposeAsync();
}
