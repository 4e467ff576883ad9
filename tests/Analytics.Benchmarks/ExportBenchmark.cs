using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;

namespace Analytics.Benchmarks;

/// <summary>
/// How fast does an export leave, while events come in, and does it take memory? Ids are ascending, so that each event is there once; how
/// many there are is known from what was acknowledged before it began.
/// </summary>
public static class ExportBenchmark
{
    const string Part = "Export, typical";
    const long Day = 86_400_000_000;
    const int DaysOfData = 60;
    const int Writers = 2;
    const int Trickle = 2_000;
    const double Wanted = 50_000;

    static readonly TimeSpan Ingesting = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        var events = run.Size.Events[0];
        run.Start($"{Part}: {events:#,0} events over {DaysOfData} days");
        await using var service = await run.StartServiceAsync("export", cancel);
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, "export", registerFields: false, cancel);
        var now = Clock.Microseconds();
        await SteadyLoad.LoadAsync(
            service, workspace, run.Lanes(Profile.Typical, 4, stream: 14), events, now - DaysOfData * Day, now - Day, cancel);
        await Settling.WaitAsync(service, cancel);

        await ExportAsync(run, service, workspace, "alone", goal: null, cancel);
        await ExportBesideAsync(
            run, service, workspace, $"while {Trickle:#,0} events/s come in",
            enough => TrickleAsync(service, workspace, run.Lanes(Profile.Typical, 1, stream: 16)[0], enough), cancel);
        await ExportBesideAsync(
            run, service, workspace, $"while {Writers} connections ingest all they can",
            enough => SteadyLoad.RunAsync(service, workspace, run.Lanes(Profile.Typical, Writers, stream: 15), Ingesting, enough), cancel);
    }

    static async Task ExportBesideAsync(
        Run run, ServiceUnderTest service, TestWorkspace workspace, string when, Func<CancellationToken, Task> write, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var writing = write(enough.Token);
        await Task.Delay(TimeSpan.FromSeconds(3), cancel);
        await ExportAsync(run, service, workspace, when, new Goal(Wanted), cancel);
        await enough.CancelAsync();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ten batches a second, whatever else there is to do.</summary>
    static async Task TrickleAsync(ServiceUnderTest service, TestWorkspace workspace, Lane lane, CancellationToken cancel)
    {
        var writer = new IngestRequest(lane, workspace.Key);
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await clock.WaitForNextTickAsync(cancel))
        {
            var now = Clock.Microseconds();
            workspace.Tally.Acknowledge(await connection.SendAsync(writer.Batch(Trickle / 10, now - 100_000, now).Bytes, cancel));
        }
    }

    static async Task ExportAsync(
        Run run, ServiceUnderTest service, TestWorkspace workspace, string when, Goal? goal, CancellationToken cancel)
    {
        var (memory, before, first) = (new MemoryWatch(service.ProcessId), ProcessFigures.ResidentMegabytes(service.ProcessId), workspace.Tally.Inserted);
        var (clock, cpu) = (Stopwatch.StartNew(), service.Cpu);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{service.Port}"), Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", workspace.Key);
        using var answer = await http.GetAsync(new Uri("/api/export/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
        var last = workspace.Tally.Inserted;
        var (lines, bytes) = await CountAsync(run, await answer.Content.ReadAsStreamAsync(cancel), cancel);
        var (seconds, used) = (clock.Elapsed.TotalSeconds, service.Cpu - cpu);
        if (lines < first || lines > last + Writers * 1_000)
            run.Report.Fault($"{Part}: {lines} events were exported; {first} were there before, {last} when it began.");
        var ingested = (workspace.Tally.Inserted - first) / seconds;
        run.Report.Add(new(Part, $"events exported, {when}", lines / seconds, "events/s", Goal: goal,
            Note: $"{lines:#,0} events, {bytes / 1e6 / seconds:0.0} MB/s, {ingested:#,0} events/s ingested; {used.Describe(seconds)}", Headline: goal is not null));
        run.Report.Add(new(Part, $"memory at its peak, {when}", memory.PeakMegabytes, "MB", Note: $"{before:0} MB before"));
    }

    /// <summary>Counts the lines, whose ids have to rise.</summary>
    static async Task<(long Lines, long Bytes)> CountAsync(Run run, Stream body, CancellationToken cancel)
    {
        var (lines, bytes, id) = (0L, 0L, new byte["{\"id\":\"00000000-0000-0000-0000-000000000000".Length]);
        var reader = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 1 << 18));
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                if (!Rises(line, id))
                    run.Report.Fault($"{Part}: line {lines + 1} does not come after the one before.");
                lines++;
                bytes += line.Length + 1;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (!read.IsCompleted)
                continue;
            if (!buffer.IsEmpty)
                run.Report.Fault($"{Part}: the last line has no end.");
            return (lines, bytes);
        }
    }

    static bool Rises(ReadOnlySequence<byte> line, byte[] before)
    {
        Span<byte> id = stackalloc byte[before.Length];
        line.Slice(0, before.Length).CopyTo(id);
        var rises = id.SequenceCompareTo(before) > 0;
        id.CopyTo(before);
        return rises;
    }
}
