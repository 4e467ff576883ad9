using System.Security.Cryptography;
using Analytics.PrivatePostgres;
using Analytics.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testcontainers.PostgreSql;

[assembly: AssemblyFixture(typeof(AnalyticsApi))]

namespace Analytics.Tests;

/// <summary>
/// The real service on a real port, on a Postgres of its own: one for the whole run. Tests take it as a constructor parameter and make
/// a workspace each, so they run side by side. <c>ANALYTICS_TEST_STORE=container</c> takes a Postgres in a container (Testcontainers, needs
/// an engine); a connection string puts the service on that store, a Citus cluster say.
/// </summary>
public sealed class AnalyticsApi : IAsyncLifetime
{
    const string Directories = "analytics-tests-";
    readonly PrivateServerOptions options = OptionsFor(
        Path.Combine(Path.GetTempPath(), $"{Directories}{Environment.ProcessId}-{Guid.NewGuid():n}"));
    PrivateServer? postgres;
    PostgreSqlContainer? container;
    WebApplication? app;

    /// <summary>What the service takes the time from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Settings besides those that every run has.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Where the service listens, on 127.0.0.1.</summary>
    public Uri Address { get; private set; } = null!;

    public string RootKey { get; } = $"root_{RandomNumberGenerator.GetHexString(48)}";

    /// <summary>Acts with the root key.</summary>
    public ApiClient Root { get; private set; } = null!;

    /// <summary>Sends no credential.</summary>
    public ApiClient Anonymous { get; private set; } = null!;

    /// <summary>The store itself, for looking behind the service.</summary>
    public NpgsqlDataSource Store { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    public IServiceProvider Services => app!.Services;

    /// <summary>Acts with any credential.</summary>
    public ApiClient With(string? key) => new(Address, key);

    /// <summary>A new workspace, acted on with a key that has every scope.</summary>
    public async Task<WorkspaceClient> NewWorkspaceAsync(
        string timezone = "UTC", string currency = "usd", int retentionDays = 365, params string[] scopes)
    {
        var slug = $"test-{Guid.NewGuid():n}";
        var made = await Root.PostAsync(
            "/api/workspaces", new { name = slug, slug, timezone, currency, retention_days = retentionDays }, 201);
        var id = made.GetProperty("id").GetGuid();
        var workspace = await WorkspaceClient.OfAsync(this, id, slug, scopes.Length > 0 ? scopes : Analytics.Tenancy.Scopes.All);
        await workspace.ToldAsync();
        return workspace;
    }

    /// <summary>The connection string of an empty database beside the store.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"empty_{Guid.NewGuid():n}";
        await using var command = Store.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>A new user with these roles, acted for with a key of theirs.</summary>
    public async Task<(Guid Id, ApiClient Client)> NewUserAsync(params (WorkspaceClient Workspace, string Role)[] memberships)
    {
        var made = await Root.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }, 201);
        var id = made.GetProperty("id").GetGuid();
        foreach (var (workspace, role) in memberships)
            await Root.PutAsync($"/api/workspaces/{workspace.Id}/members/{id}", new { role });
        var key = await Root.PostAsync($"/api/users/{id}/keys", new { name = "test" }, 201);
        foreach (var (workspace, _) in memberships)
            await workspace.ToldAsync();
        return (id, With(key.GetProperty("key").GetString()));
    }

    public async ValueTask InitializeAsync()
    {
        ConnectionString = Environment.GetEnvironmentVariable("ANALYTICS_TEST_STORE") switch
        {
            null or "" => await StartPrivateAsync(),
            "container" => await StartContainerAsync(),
            var address => address,
        };
        Store = NpgsqlDataSource.Create(ConnectionString + ";Maximum Pool Size=10;Command Timeout=120");
        app = AnalyticsApp.Build([], Configure);
        await app.StartAsync();
        Address = new Uri(app.Urls.Single());
        Root = With(RootKey);
        Anonymous = With(null);
        await Anonymous.ReadyAsync();
    }

    async Task<string> StartPrivateAsync()
    {
        await SweepAsync();
        postgres = new PrivateServer(options);
        return await postgres.StartAsync();
    }

    async Task<string> StartContainerAsync()
    {
        container = new PostgreSqlBuilder("postgres:17").WithCommand("-c", "max_locks_per_transaction=256").Build();
        await container.StartAsync();
        return container.GetConnectionString();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        if (Store is not null)
            await Store.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        if (container is not null)
            await container.DisposeAsync();
        if (Directory.Exists(options.DataDirectory))
            Directory.Delete(options.DataDirectory, recursive: true);
    }

    void Configure(WebApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = ConnectionString,
            ["Analytics:RootKey"] = RootKey,
            ["ANALYTICS_DATA_DIR"] = options.DataDirectory,
            ["ANALYTICS_DEMO"] = "0",
            ["Analytics:VerifyAt"] = "never",
            ["PORT"] = "",
            ["Serilog:MinimumLevel:Default"] = "Warning",
        });
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Services.AddSingleton(Clock);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
    }

    // A run that was killed leaves its Postgres behind, without anybody who holds its directory.
    static async Task SweepAsync()
    {
        foreach (var directory in Directory.GetDirectories(Path.GetTempPath(), Directories + "*").Where(IsLeft))
            try
            {
                await using (var left = new PrivateServer(OptionsFor(directory)))
                    await left.StartAsync();
                Directory.Delete(directory, recursive: true);
            }
            catch (PrivateServerException)
            {
                // Another account's run left it.
            }
    }

    static bool IsLeft(string directory) =>
        !int.TryParse(Path.GetFileName(directory)[Directories.Length..].Split('-')[0], out var process) || ProcessMark.Of(process) is null;

    // Many nodes and apps' logins share it, where a service has it for itself.
    static PrivateServerOptions OptionsFor(string directory) => new(directory) { SharedBuffersMegabytes = 256, MaxConnections = 600 };
}
