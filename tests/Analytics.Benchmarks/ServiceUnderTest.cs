using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Analytics.Benchmarks;

/// <summary>A workspace of the service, and a key that may do everything in it.</summary>
public sealed record TestWorkspace(Guid Id, string Key, Profile Profile, Tally Tally);

/// <summary>The service as a process of its own on a database of its own, so that its memory and processor time are its own too.</summary>
public sealed class ServiceUnderTest : IAsyncDisposable
{
    const string RootKey = "benchmark-root-key-4f0c2b7e91d84a35";

    static readonly string[] Scopes =
    [
        "events:write", "events:read", "metrics:read", "stats:read", "logs:read", "stream:read", "apps:write", "customers:write", "reports:write", "admin",
    ];

    readonly PostgresUnderTest postgres;
    readonly Process process;
    readonly string log;
    readonly HttpClient http;
    bool ownsDatabase;

    ServiceUnderTest(PostgresUnderTest postgres, string database, int port, string log, Process process)
    {
        (this.postgres, Database, Port, this.log, this.process) = (postgres, database, port, log, process);
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) };
    }

    public string Database { get; }
    public int Port { get; }
    public int ProcessId => process.Id;

    public CpuSeconds Cpu => ProcessFigures.Cpu(process.Id, postgres.Postmaster);

    public static async Task<ServiceUnderTest> StartAsync(
        PostgresUnderTest postgres, Options options, string database, CancellationToken cancel, Dictionary<string, string>? settings = null)
    {
        await postgres.CreateDatabaseAsync(database, cancel);
        return await StartAsync(postgres, options, database, settings ?? [], ownsDatabase: true, cancel);
    }

    /// <summary>Another node on the same database.</summary>
    public Task<ServiceUnderTest> StartAnotherAsync(Options options, Dictionary<string, string> settings, CancellationToken cancel) =>
        StartAsync(postgres, options, Database, settings, ownsDatabase: false, cancel);

    static async Task<ServiceUnderTest> StartAsync(
        PostgresUnderTest postgres, Options options, string database, Dictionary<string, string> settings, bool ownsDatabase,
        CancellationToken cancel)
    {
        var port = FreePort();
        var logFile = Path.Combine(Path.GetTempPath(), $"analytics-benchmark-{Environment.ProcessId}-{database}-{port}.log");
        var launched = Launch(ProgramOf(options), logFile, port, postgres.PooledConnectionTo(database), settings);
        var service = new ServiceUnderTest(postgres, database, port, logFile, launched) { ownsDatabase = ownsDatabase };
        try
        {
            await service.WaitUntilReadyAsync(cancel);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new workspace whose rollups know the profile's numeric fields, as after somebody asked about them.</summary>
    public async Task<TestWorkspace> CreateWorkspaceAsync(Profile profile, string slug, bool registerFields, CancellationToken cancel)
    {
        var made = await PostAsync("/api/workspaces", new { name = slug, slug, timezone = "Europe/Paris" }, cancel);
        var id = made.GetProperty("id").GetGuid();
        var key = await PostAsync($"/api/workspaces/{id}/keys", new { name = "benchmark", scopes = Scopes }, cancel);
        var workspace = new TestWorkspace(id, key.GetProperty("key").GetString()!, profile, new());
        if (registerFields)
            await RegisterFieldsAsync(workspace, cancel);
        return workspace;
    }

    /// <summary>What the service says it counted: the occurrences of all its event types.</summary>
    public async Task<long> OccurrencesAsync(TestWorkspace workspace, CancellationToken cancel)
    {
        var answer = await GetAsync(workspace, "/api/event-types?limit=1000", cancel);
        return answer.GetProperty("data").EnumerateArray().Sum(type => type.GetProperty("occurrences").GetInt64());
    }

    /// <summary>Fills the workspace <c>demo</c> with its 90 days, as the service's own command does it; answers a key of it.</summary>
    public async Task<string> LoadDemoAsync(Options options, CancellationToken cancel)
    {
        const string Key = "A key of it: ";
        var start = new ProcessStartInfo("dotnet", [ProgramOf(options), "demo", $"http://127.0.0.1:{Port}"])
        {
            WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["Analytics__RootKey"] = RootKey;
        using var demo = Process.Start(start)!;
        var said = (await demo.StandardOutput.ReadToEndAsync(cancel)).Split('\n', StringSplitOptions.TrimEntries);
        await demo.WaitForExitAsync(cancel);
        Report.Say($"  {said[0]}");
        return Array.Find(said, line => line.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..]
            ?? throw new InvalidOperationException($"The demo was not loaded: {string.Join(' ', said)}");
    }

    /// <summary>The key of a new user who is a member of these workspaces.</summary>
    public async Task<string> CreateUserAsync(TestWorkspace[] workspaces, CancellationToken cancel)
    {
        var made = await PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }, cancel);
        var user = made.GetProperty("id").GetGuid();
        foreach (var workspace in workspaces)
            await SendAsync(HttpMethod.Put, $"/api/workspaces/{workspace.Id}/members/{user}", new { role = "member" }, RootKey, cancel);
        var key = await PostAsync($"/api/users/{user}/keys", new { name = "benchmark" }, cancel);
        return key.GetProperty("key").GetString()!;
    }

    public Task<JsonElement> GetAsync(TestWorkspace workspace, string path, CancellationToken cancel) =>
        GetAsync(path, workspace.Key, cancel);

    public Task<JsonElement> GetAsync(string path, string key, CancellationToken cancel) =>
        SendAsync(HttpMethod.Get, path, null, key, cancel);

    public Task<JsonElement> PostAsync(TestWorkspace workspace, string path, object body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, path, body, workspace.Key, cancel);

    /// <summary>Copies an answer of any length as it comes.</summary>
    public async Task CopyAsync(TestWorkspace workspace, string path, Stream to, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", workspace.Key);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        await (await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancel)).CopyToAsync(to, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        if (ownsDatabase)
            await postgres.DropDatabaseAsync(Database);
        File.Delete(log);
    }

    /// <summary>What the measured build was made of.</summary>
    public static string CommitOf(Options options) =>
        FileVersionInfo.GetVersionInfo(ProgramOf(options)).ProductVersion?.Split('+') is [_, { Length: > 7 } commit]
            ? commit[..7]
            : "unknown";

    /// <summary>Where the measured build lies.</summary>
    public static string FolderOf(Options options) => Path.GetDirectoryName(Path.GetFullPath(ProgramOf(options)))!;

    static string ProgramOf(Options options) => options.Service ?? Path.Combine(AppContext.BaseDirectory, "Analytics.Api.dll");

    static Process Launch(string service, string log, int port, string connectionString, Dictionary<string, string> settings)
    {
        // The shell sends the log to a file and becomes the service: the process id stays.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$0\" > \"$1\" 2>&1", service, log])
        {
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["ConnectionStrings__Postgres"] = connectionString;
        start.Environment["Analytics__RootKey"] = RootKey;
        start.Environment["ANALYTICS_DEMO"] = "0";
        start.Environment["PORT"] = $"{port}";
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    async Task WaitUntilReadyAsync(CancellationToken cancel)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(50, cancel))
        {
            if (process.HasExited)
                break;
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancel);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        var end = string.Join('\n', File.ReadLines(log).TakeLast(30));
        throw new InvalidOperationException($"The service did not become ready. The end of {log}:\n{end}");
    }

    async Task RegisterFieldsAsync(TestWorkspace workspace, CancellationToken cancel)
    {
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd");
        foreach (var field in workspace.Profile.NumericFields)
            await GetAsync(
                workspace,
                $"/api/events/statistics/timeseries?start_date={today}&end_date={today}&interval=day&aggregate_fields={field}",
                cancel);
    }

    Task<JsonElement> PostAsync(string path, object body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, path, body, RootKey, cancel);

    async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, string key, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await http.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
