using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Analytics.PrivatePostgres;
using Npgsql;

namespace Analytics.Tests.Faults;

/// <summary>The service as it is deployed: a process of its own with a Postgres of its own, which can be hurt and started again.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ServiceProcess : IAsyncLifetime
{
    /// <summary>A service that is told to end has ended by then. In real time: whoever told it, an orchestrator, kills it by the same clock.</summary>
    public static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    /// <summary>Where its webhooks may go besides the internet: to receivers of tests.</summary>
    public const string OpenToWebhooks = "127.0.0.2/32";

    const string Directories = "analytics-faults-";
    readonly PrivateServerOptions options = new(
        Path.Combine(Path.GetTempPath(), $"{Directories}{Environment.ProcessId}-{Guid.NewGuid():n}"));
    // Below the ports of outgoing connections, which could take it while the service is down.
    readonly int port = ClusterConfiguration.FreePort();
    readonly string rootKey = $"root_{RandomNumberGenerator.GetHexString(48)}";
    Process? process;

    /// <summary>How many files the service may have open; what the system allows when null.</summary>
    public int? Files { get; init; }

    /// <summary>How many connections it is told to keep from its next start on; what the files allow when null.</summary>
    public int? Connections { get; set; }

    public ServiceProcess() => Postgres = new PostgresProcesses(options.ClusterDirectory);

    public Uri Address => new($"http://127.0.0.1:{port}");

    public PostgresProcesses Postgres { get; }

    /// <summary>Acts with the root key.</summary>
    public ApiClient Root => new(Address, rootKey, hasOwnConnections: true);

    /// <summary>The most memory this process of the service ever had resident.</summary>
    public double PeakMegabytes
    {
        get
        {
            process!.Refresh();
            return process.PeakWorkingSet64 / (1024.0 * 1024);
        }
    }

    /// <summary>From now on the peak is that of what comes.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{process!.Id}/clear_refs", "5");

    /// <summary>What the service has logged so far.</summary>
    public IEnumerable<string> LogLines() => File.ReadLines(Log);

    string Log => Path.Combine(options.DataDirectory, "service.log");

    public async ValueTask InitializeAsync()
    {
        foreach (var left in Directory.GetDirectories(Path.GetTempPath(), Directories + "*"))
            if (ProcessMark.Of(int.Parse(Path.GetFileName(left)[Directories.Length..].Split('-')[0], CultureInfo.InvariantCulture)) is null)
                await RemoveAsync(left);
        Directory.CreateDirectory(options.DataDirectory);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await RemoveAsync(options.DataDirectory);
    }

    /// <summary>A new workspace of the running service, which is started when an earlier test left it ended.</summary>
    public async Task<FaultyWorkspace> NewWorkspaceAsync()
    {
        await StartAsync();
        var slug = $"faults-{Guid.NewGuid():n}";
        var made = await Root.PostAsync("/api/workspaces", new { name = slug, slug, timezone = "Asia/Kathmandu" }, 201);
        var id = made.GetProperty("id").GetGuid();
        var key = await Root.PostAsync($"/api/workspaces/{id}/keys", new { name = "test", scopes = Analytics.Tenancy.Scopes.All }, 201);
        return new FaultyWorkspace(this, id, key.GetProperty("key").GetString()!);
    }

    /// <summary>Starts the service unless it runs; how long it took to be ready.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        var clock = Stopwatch.StartNew();
        if (process is not { HasExited: false })
            process = Launch();
        await ReadyAsync();
        return clock.Elapsed;
    }

    /// <summary>kill -9: nothing of the service runs one more instruction. Its Postgres lives on.</summary>
    public async Task KillAsync()
    {
        if (process is null)
            return;
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>What an orchestrator does; the exit code and how long the service took to end.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        var clock = Stopwatch.StartNew();
        await new Command("/bin/sh", "-c", "kill -s TERM \"$0\"", $"{process!.Id}").RunAsync(CancellationToken.None);
        await process.WaitForExitAsync();
        return (process.ExitCode, clock.Elapsed);
    }

    public async Task<NpgsqlDataSource> StoreAsync() => NpgsqlDataSource.Create($"{await ConnectionStringAsync()};Maximum Pool Size=4;Timeout=60");

    /// <summary>The connection string of its store, while that runs.</summary>
    public Task<string> ConnectionStringAsync() => PostgresCluster.RunningAsync(options, CancellationToken.None);

    Process Launch()
    {
        // The shell sends the log to a file and becomes the service: the process id stays.
        var service = Path.Combine(AppContext.BaseDirectory, "Analytics.Api.dll");
        var limit = Files is { } files ? $"ulimit -n {files}; " : "";
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{limit}echo $$ > \"$2\"; exec dotnet \"$0\" >> \"$1\" 2>&1", service, Log, PidFile(options.DataDirectory)])
        {
            WorkingDirectory = options.DataDirectory,
        };
        foreach (var name in (string[])["ConnectionStrings__Postgres", "PORT", "HTTP_PORTS", "ASPNETCORE_HTTP_PORTS", "Analytics__ManagementPort"])
            start.Environment.Remove(name);
        start.Environment["ANALYTICS_DATA_DIR"] = options.DataDirectory;
        start.Environment["Analytics__RootKey"] = rootKey;
        start.Environment["ANALYTICS_DEMO"] = "0";
        start.Environment["Analytics__WebhookAllowedNetworks"] = OpenToWebhooks;
        if (Connections is { } connections)
            start.Environment["Analytics__Connections"] = $"{connections}";
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        // As in the tests' own process: most code runs a few times only.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // What spares the tests collections would be memory of the service that they measure.
        start.Environment.Remove("DOTNET_GCgen0size");
        return Process.Start(start)!;
    }

    async Task ReadyAsync()
    {
        var http = new ApiClient(Address, null, hasOwnConnections: true).Http;
        await Until.HoldsAsync(
            async () =>
            {
                if (process!.HasExited)
                    Assert.Fail($"The service has ended. {LogsEnd()}");
                try
                {
                    using var answer = await http.GetAsync("/health/ready");
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false; // not listening yet
                }
            },
            () => $"The service did not become ready. {LogsEnd()}");

        string LogsEnd() => File.Exists(Log) ? $"The end of its log:\n{string.Join('\n', File.ReadLines(Log).TakeLast(30))}" : "It has no log.";
    }

    static string PidFile(string directory) => Path.Combine(directory, "service.pid");

    /// <summary>Ends whatever still runs of a data directory, and deletes it.</summary>
    static async Task RemoveAsync(string directory)
    {
        const string KillService = "tr '\\0' '\\n' < \"/proc/$0/environ\" | grep -qxF \"ANALYTICS_DATA_DIR=$1\" && kill -9 \"$0\"";
        if (File.Exists(PidFile(directory)))
            await new Command("/bin/sh", "-c", KillService, (await File.ReadAllTextAsync(PidFile(directory))).Trim(), directory)
                .RunAsync(CancellationToken.None);
        await new PostgresProcesses(Path.Combine(directory, "postgres")).KillAsync();
        Directory.Delete(directory, recursive: true);
    }
}
