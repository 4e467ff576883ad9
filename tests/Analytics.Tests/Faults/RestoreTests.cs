using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Commands;
using Analytics.PrivatePostgres;
using Analytics.Tests.Architecture;
using Analytics.Tests.Features.Apps;
using Analytics.Tests.Features.Requests;
using Analytics.Tests.Features.Streams;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Analytics.Tests.Faults;

/// <summary>A backup made and brought back by the very commands of docs/operations.md.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RestoreTests : IAsyncLifetime
{
    const string Totals = "/api/events/statistics/timeseries?start_date=2026-03-01&end_date=2026-03-31&interval=day";

    readonly string directory = Directory.CreateTempSubdirectory("analytics-restore-").FullName;
    readonly AnalyticsApi api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task What_was_dumped_lives_on_another_server_as_it_was()
    {
        var (workspace, app, link) = await LivedAsync();
        var before = await workspace.GetAsync(Totals);
        await RunAsync("Backup", api.ConnectionString);
        // After the backup: what of it the clients send again is new.
        await workspace.IngestAsync(Some.Event("late", Some.Day, "late"));

        await using var server = new PrivateServer(new(Path.Combine(directory, "other")) { SharedBuffersMegabytes = 64 });
        var restored = await server.StartAsync();
        await RunAsync("Restore", restored);
        await using var node = await Node.StartAsync(api, ("ConnectionStrings:Postgres", restored));
        var moved = node.Of(workspace);

        Assert.Equal(before.GetRawText(), (await moved.GetAsync(Totals)).GetRawText());
        await IsVerifiedAsync(restored);
        await SentAgainAsync(moved);
        await node.Of(api.Root).GetAsync($"/api/workspaces/{workspace.Id}");
        using var opened = await node.Of(api.Anonymous).AskAsync(HttpMethod.Get, link);
        Assert.True(opened.IsSuccessStatusCode);
        await AppLivesOnAsync(moved, app, server);
        await IsVerifiedAsync(restored);
    }

    [Fact]
    public async Task A_copy_of_the_whole_server_starts_as_it_is()
    {
        var (workspace, app, _) = await LivedAsync();
        var data = Path.GetDirectoryName(new NpgsqlConnectionStringBuilder(api.ConnectionString).Host)!;
        await File.WriteAllTextAsync(Path.Combine(data, "root-key"), api.RootKey);
        await RunAsync("Backup", api.ConnectionString, block: 1, data);

        await using var server = new PrivateServer(new(Path.Combine(directory, "whole")) { SharedBuffersMegabytes = 64 });
        var restored = await server.StartAsync();
        await using var node = await Node.StartAsync(api, ("ConnectionStrings:Postgres", restored));

        await IsVerifiedAsync(restored);
        await SentAgainAsync(node.Of(workspace));
        await AppLivesOnAsync(node.Of(workspace), app, server);
    }

    /// <summary>A workspace with facts of several kinds, an app with a table, and a link to a report.</summary>
    async Task<(WorkspaceClient Workspace, AppSchema App, string Link)> LivedAsync()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Events());
        await workspace.TellAsync(Requests());
        var app = await AppSchema.OfAsync(workspace, "create table menu (id int primary key, dish text)", "insert into menu values (1, 'soup')");
        await workspace.PostAsync($"{app.Path}/views", """{"views":[{"viewerId":"ada","timestamp":"2026-03-11T00:00:00Z","externalId":"v"}]}""");
        var link = await workspace.PostAsync("/api/requests/customers/acme/report/links", null, 201);
        return (workspace, app, new Uri(link.GetProperty("url").GetString()!).AbsolutePath);
    }

    static IEnumerable<JsonNode> Events() =>
        Enumerable.Range(0, 50).Select(at => Some.Event("told", Some.Day.AddMinutes(at), $"e-{at}", cost: at, parent: at % 3 == 1 ? $"e-{at - 1}" : null));

    static IEnumerable<JsonObject> Requests() => Enumerable.Range(0, 50).Select(at => Told.Request(Some.Day.AddMinutes(at), id: $"r-{at}"));

    static async Task SentAgainAsync(ApiClient moved)
    {
        var events = await moved.PostAsync(
            "/api/events/ingest",
            new JsonObject { ["events"] = new JsonArray([.. Events(), Some.Event("late", Some.Day, "late")]) });
        Assert.Equal((50, 1), (Count(events, "duplicates"), Count(events, "inserted")));
        var requests = await moved.PostAsync(
            "/api/requests/ingest", new JsonObject { ["requests"] = new JsonArray([.. Requests()]) });
        Assert.Equal((50, 0), (Count(requests, "duplicates"), Count(requests, "inserted")));
    }

    /// <summary>Its login is what it was but for the server's port, may what it might, and its tables are shown.</summary>
    static async Task AppLivesOnAsync(ApiClient moved, AppSchema app, PrivateServer server)
    {
        var login = AppSchema.Settings(app.ConnectionString);
        login.Port = server.Port!.Value;
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync();
        await using var add = new NpgsqlCommand("insert into menu values (2, 'cake'); create table more (id int)", connection);
        await add.ExecuteNonQueryAsync();
        var shown = await moved.PostAsync($"{app.Path}/stats/tables/menu/preview");
        Assert.Equal(["soup", "cake"], shown.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("dish").GetString()));
        await moved.PostAsync($"{app.Path}/stats/tables/more/preview");
        Assert.Equal(JsonValueKind.Null, (await moved.PostAsync($"{app.Path}/workspace")).GetProperty("connection_string").ValueKind);

        login.Database = "analytics";
        await using var foreign = new NpgsqlConnection(login.ConnectionString);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => foreign.OpenAsync())).SqlState);
    }

    static async Task IsVerifiedAsync(string store)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Postgres"] = store }).Build();
        await using var output = new StringWriter();
        Assert.True(await VerifyCommand.RunAsync([], configuration, output, TextWriter.Null) == 0, output.ToString());
    }

    /// <summary>Runs a shell block of a section of the page, against a server; <c>.data</c> is what it says.</summary>
    async Task RunAsync(string section, string store, int block = 0, string data = ".data")
    {
        var page = await File.ReadAllTextAsync(Path.Combine(SourceFiles.Root, "../../docs/operations.md"));
        var text = page.Split($"\n## {section}\n")[1].Split("\n## ")[0].Split("```sh\n")[1 + block].Split("```")[0].Replace(".data/", $"{data}/");
        var settings = new NpgsqlConnectionStringBuilder(store);
        var start = new ProcessStartInfo("/bin/sh", ["-e", "-c", text])
        {
            WorkingDirectory = directory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in new[]
            {
                ("PGHOST", settings.Host), ("PGPORT", settings.Port.ToString(CultureInfo.InvariantCulture)), ("PGUSER", settings.Username),
                ("PGPASSWORD", settings.Password),
            })
            start.Environment[name] = value;
        using var shell = Process.Start(start)!;
        var (said, complaint) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{section} ended with {shell.ExitCode}: {await said} {await complaint}");
    }

    static int Count(JsonElement answer, string member) => answer.GetProperty(member).GetInt32();
}
