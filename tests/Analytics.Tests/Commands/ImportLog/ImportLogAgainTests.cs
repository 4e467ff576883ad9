using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>Imports that are repeated, broken off, killed, or meet a service that is not there: every line counts, and counts once.</summary>
public sealed class ImportLogAgainTests : IAsyncLifetime
{
    readonly LogDirectory directory = new();
    RecordingServer server = null!;

    public async ValueTask InitializeAsync() => server = await RecordingServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        directory.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_second_run_sends_only_what_came_since()
    {
        var lines = LogDirectory.Lines(2_500);
        directory.Write(lines[..1_000]);
        await RunAsync(directory.Log);

        var same = await RunAsync(directory.Log);
        directory.Append(lines[1_000..]);
        var grown = await RunAsync(directory.Log);

        Assert.Contains("0  sent: 0 new", same.Output);
        Assert.Contains("1,500  sent: 1,500 new, 0 there already", grown.Output);
        Assert.Equal(2_500, server.Taken.Count);
    }

    [Fact]
    public async Task A_log_keeps_its_requests_under_another_name_and_compressed()
    {
        directory.Write(LogDirectory.Lines(1_000));
        await RunAsync(directory.Log);

        var rotated = directory.Rotate();
        var renamed = await RunAsync(rotated, "--state", directory.PathOf("other"));
        var packed = await RunAsync(LogDirectory.Compress(rotated));

        Assert.Contains("1,000  sent: 0 new, 1,000 there already", renamed.Output);
        Assert.Contains("1,000  sent: 0 new, 1,000 there already", packed.Output);
    }

    [Fact]
    public async Task A_new_log_of_the_old_name_is_sent_from_its_beginning()
    {
        directory.Write(LogDirectory.Lines(1_000));
        await RunAsync(directory.Log);

        directory.Rotate();
        directory.Write(LogDirectory.Lines(1_200, agent: "another"));
        var run = await RunAsync(directory.Log);

        Assert.Contains("is another log", run.Errors);
        Assert.Contains("1,200  sent: 1,200 new", run.Output);
        Assert.Equal(2_200, server.Taken.Count);
    }

    [Fact]
    public async Task Another_key_is_another_place_to_import_into()
    {
        directory.Write(LogDirectory.Lines(10));
        await File.WriteAllTextAsync(directory.PathOf(".access.log.imported"), "0123456789abcdef0123456789abcdef 100 10 0\n");

        Assert.Contains("10  sent: 10 new", (await RunAsync(directory.Log)).Output);
    }

    [Fact]
    public async Task Two_lines_alike_both_count_whatever_was_imported_before()
    {
        var line = LogDirectory.Lines(1)[0];
        directory.Write(line, line, line);
        await RunAsync(directory.Log);
        directory.Append(line, line);

        await RunAsync(directory.Log, "--state", directory.PathOf("other"));

        Assert.Equal(5, server.Taken.Count);
    }

    [Fact]
    public async Task A_service_that_is_full_or_away_gets_the_batch_again()
    {
        directory.Write(LogDirectory.Lines(25_000));
        server.Before = (context, number) => Task.FromResult(number is 1 or 2 or 4 && Refuse(context, number == 2 ? 429 : 503, "0"));
        server.IsLost = number => Task.FromResult(number == 3);

        var run = await RunAsync(directory.Log);

        Assert.Contains("answered 503; again in 0 s", run.Errors);
        Assert.Contains("answered 429; again in 0 s", run.Errors);
        Assert.Contains("is not there", run.Errors);
        Assert.Contains("25,000  sent: 15,000 new, 10,000 there already", run.Output);
        Assert.Equal(25_000, server.Taken.Count);
    }

    [Fact]
    public async Task As_long_as_the_service_asks_for_it_is_left_alone()
    {
        directory.Write(LogDirectory.Lines(1));
        var clock = Stopwatch.StartNew();
        var times = new List<TimeSpan>();
        server.Before = (context, number) =>
        {
            times.Add(clock.Elapsed);
            return Task.FromResult(number == 1 && Refuse(context, 429, "1"));
        };

        await RunAsync(directory.Log);

        Assert.InRange(times[1] - times[0], TimeSpan.FromSeconds(0.95), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_refusal_ends_it_and_begun_again_it_sends_the_rest()
    {
        directory.Write(LogDirectory.Lines(25_000));
        server.Before = async (context, number) =>
        {
            if (number != 2)
                return false;
            context.Response.StatusCode = 403;
            await context.Response.WriteAsJsonAsync(new { detail = "The key lacks events:write." });
            return true;
        };

        var refused = await RunAsync(directory.Log, exit: 1);
        var again = await RunAsync(directory.Log);

        Assert.Contains("403: The key lacks events:write.", refused.Errors);
        Assert.Contains("10,000  imported before", again.Output);
        Assert.Contains("15,000  sent: 15,000 new, 0 there already", again.Output);
        Assert.Equal([10_000, 10_000, 5_000], server.Batches);
    }

    [Fact]
    public async Task An_archive_that_is_cut_off_is_sent_up_to_there()
    {
        directory.Write(LogDirectory.Lines(30_000));
        var packed = LogDirectory.Compress(directory.Log);
        await using (var file = File.OpenWrite(packed))
            file.SetLength(file.Length / 2);

        // How strictly archives are read is settled once a process.
        using var process = ImportRun.Start(new Uri(server.Address, "base"), "secret", packed);
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("damaged", said);
        Assert.InRange(server.Taken.Count, 10_000, 20_000);
    }

    [Fact]
    public async Task A_run_that_was_killed_is_begun_again()
    {
        directory.Write(LogDirectory.Lines(45_000));
        var third = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        server.IsLost = async number =>
        {
            if (number == 3)
            {
                third.SetResult();
                await ended.Task;
            }

            return false;
        };
        using var process = ImportRun.Start(new Uri(server.Address, "base"), "secret", directory.Log);
        await third.Task.WaitAsync(Until.Patience);

        process.Kill();
        await process.WaitForExitAsync();
        ended.SetResult();
        var run = await RunAsync(directory.Log);

        Assert.Contains("20,000  imported before", run.Output);
        Assert.Contains("25,000  sent: 15,000 new, 10,000 there already", run.Output);
        Assert.Equal(45_000, server.Taken.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Standard_input_is_read_to_its_end(bool isPacked)
    {
        directory.Write(LogDirectory.Lines(12_000));
        var file = isPacked ? LogDirectory.Compress(directory.Log) : directory.Log;
        using var process = ImportRun.Start(new Uri(server.Address, "base"), "secret", "-");
        await using (var log = File.OpenRead(file))
            await log.CopyToAsync(process.StandardInput.BaseStream);
        process.StandardInput.Close();

        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.Contains("12,000  sent: 12,000 new", output);
        Assert.Equal(12_000, server.Taken.Count);
    }

    [Fact]
    public async Task Lines_that_come_slowly_are_sent_before_there_are_many()
    {
        using var process = ImportRun.Start(new Uri(server.Address, "base"), "secret", "-");
        await process.StandardInput.WriteAsync(LogDirectory.Lines(1)[0] + "\n");
        await process.StandardInput.FlushAsync();

        await Until.HoldsAsync(() => server.Taken.Count == 1, "The line was not sent.");

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    static bool Refuse(HttpContext context, int status, string after)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = after;
        return true;
    }

    Task<ImportRun> RunAsync(string file, params string[] options) => RunAsync(file, 0, options);

    async Task<ImportRun> RunAsync(string file, int exit, params string[] options)
    {
        var run = await ImportRun.OfAsync(new Uri(server.Address, "base"), "secret", [file, .. options]);
        Assert.True(run.Exit == exit, run.ToString());
        return run;
    }
}
