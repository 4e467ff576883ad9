using System.Diagnostics;
using System.Runtime.Versioning;
using Analytics.PrivatePostgres;
using Npgsql;

namespace Analytics.Tests.Storage;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateServerTests : IDisposable
{
    readonly PrivateServerOptions options = new(Path.Combine(Path.GetTempPath(), $"analytics-store-{Guid.NewGuid():n}"))
    {
        SharedBuffersMegabytes = 128,
    };

    public void Dispose() => Directory.Delete(options.DataDirectory, recursive: true);

    [Fact]
    public async Task It_starts_durable_keeps_its_data_and_stops()
    {
        int stopped;
        await using (var postgres = new PrivateServer(options))
        {
            var store = await postgres.StartAsync();
            Assert.Equal("on on on on 128MB UTC", await AskAsync(store, """
                select concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'),
                    current_setting('data_checksums'), current_setting('shared_buffers'), current_setting('timezone'))
                """));
            await AskAsync(store, "create table kept as select 'here' as it");
            stopped = postgres.PostmasterId!.Value;
        }
        Assert.Null(ProcessMark.Of(stopped));

        await using var again = new PrivateServer(options);
        Assert.Equal("here", await AskAsync(await again.StartAsync(), "select it from kept"));
    }

    [Fact]
    public async Task A_killed_Postgres_is_back_by_itself_with_everything_committed()
    {
        await using var postgres = new PrivateServer(options);
        var store = await postgres.StartAsync();
        await AskAsync(store, "create table kept (it text)");
        await using var busy = new NpgsqlConnection(store);
        await busy.OpenAsync();
        // An orphan that is busy does not notice that its postmaster is gone, and keeps Postgres from starting.
        var orphan = new NpgsqlCommand("select count(*) from generate_series(1, 10000000000)", busy).ExecuteScalarAsync();
        await AskAsync(store, "insert into kept values ('here')");

        Process.GetProcessById(postgres.PostmasterId!.Value).Kill();
        var clock = Stopwatch.StartNew();

        Assert.Equal("here", await AnswerAsync(store, "select it from kept"));
        // In real time, for a process is what comes back, and it has no other clock.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"it took {clock.Elapsed}");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => orphan);
    }

    [Fact]
    public async Task A_Postgres_left_by_a_killed_service_is_taken_over()
    {
        var killed = new PrivateServer(options);
        var store = await killed.StartAsync();
        var left = killed.PostmasterId;
        killed.Abandon();

        await using var next = new PrivateServer(options);
        Assert.Equal(store, await next.StartAsync());
        Assert.Equal(left, next.PostmasterId);
    }

    [Fact]
    public async Task A_Postgres_left_by_a_killed_service_is_restarted_when_its_settings_changed()
    {
        var killed = new PrivateServer(options);
        await killed.StartAsync();
        var left = killed.PostmasterId!.Value;
        killed.Abandon();

        await using var next = new PrivateServer(options with { SharedBuffersMegabytes = 64 });
        Assert.Equal("64MB", await AskAsync(await next.StartAsync(), "select current_setting('shared_buffers')"));
        Assert.Null(ProcessMark.Of(left));
    }

    [Fact]
    public async Task Stale_pid_files_with_the_number_of_a_stranger_harm_nobody()
    {
        int? port;
        await using (var first = new PrivateServer(options))
        {
            await first.StartAsync();
            port = first.Port;
        }
        using var stranger = Process.Start("sleep", "60");
        foreach (var stale in new[] { "postmaster.pid", $".s.PGSQL.{port}.lock" })
            await File.WriteAllTextAsync(Path.Combine(options.ClusterDirectory, stale), $"{stranger.Id}\n");

        await using (var second = new PrivateServer(options))
            Assert.Equal("1", await AskAsync(await second.StartAsync(), "select '1'"));

        Assert.False(stranger.HasExited);
        stranger.Kill();
    }

    [Fact]
    public async Task A_second_service_is_refused_and_a_command_may_join()
    {
        await using var first = new PrivateServer(options);
        var store = await first.StartAsync();

        await using var second = new PrivateServer(options);
        var refusal = await Assert.ThrowsAsync<DataDirectoryHeldException>(() => second.StartAsync());
        Assert.Contains($"in use by process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);

        await using (var command = new PrivateServer(options))
            Assert.Equal(store, await command.AttachOrStartAsync());
        Assert.Equal("1", await AskAsync(store, "select '1'"));
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_and_closed_to_others_works()
    {
        const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var closed = Directory.CreateDirectory(Path.Combine(options.DataDirectory, new string('p', 60), "with spaces"), OnlyOwner);
        await using var postgres = new PrivateServer(new PrivateServerOptions(closed.FullName) { SharedBuffersMegabytes = 64 });
        Assert.Equal("1", await AskAsync(await postgres.StartAsync(), "select '1'"));
    }

    static async Task<string?> AnswerAsync(string store, string sql)
    {
        string? answer = null;
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    answer = await AskAsync(store, sql);
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false; // not back yet
                }
            },
            "Postgres is not back.");
        return answer;
    }

    static async Task<string?> AskAsync(string store, string sql)
    {
        await using var connection = new NpgsqlConnection(store + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (string?)await command.ExecuteScalarAsync();
    }
}
