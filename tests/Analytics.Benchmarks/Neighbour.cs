using System.Diagnostics;
using System.Net.Sockets;

namespace Analytics.Benchmarks;

/// <summary>What the tenant noticed in some time: how long its requests took, and what was not answered with 200.</summary>
public sealed record Felt(List<double> Posts, List<double> Dashboards, List<string> Refusals);

/// <summary>
/// A tenant that asks for little: one connection posts an event every 20 ms, another asks for a dashboard every 100 ms. Nothing is sent
/// twice: what is refused is refused.
/// </summary>
public sealed class Neighbour(ServiceUnderTest service, TestWorkspace workspace, Lane lane)
{
    static readonly TimeSpan PostPause = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan DashboardPause = TimeSpan.FromMilliseconds(100);

    readonly IngestRequest writer = new(lane, workspace.Key);

    /// <summary>Goes on as long as the other task does.</summary>
    public async Task<Felt> FeelAsync(Task meanwhile, CancellationToken cancel)
    {
        var felt = new Felt([], [], []);
        await Task.WhenAll(
            Task.Run(() => RepeatAsync(PostPause, felt.Posts, felt.Refusals, Post, Note, meanwhile, cancel), cancel),
            Task.Run(() => RepeatAsync(DashboardPause, felt.Dashboards, felt.Refusals, Dashboard, static _ => { }, meanwhile, cancel), cancel));
        await meanwhile;
        return felt;
    }

    async Task RepeatAsync(
        TimeSpan pause, List<double> milliseconds, List<string> refusals, Func<int, ReadOnlyMemory<byte>> next, Action<Answer?> note,
        Task meanwhile, CancellationToken cancel)
    {
        KeepAlive? connection = null;
        for (var turn = 0; !meanwhile.IsCompleted; turn++)
        {
            var request = next(turn);
            var started = Stopwatch.GetTimestamp();
            Answer? answer = null;
            try
            {
                connection ??= await KeepAlive.OpenAsync(service.Port, cancel);
                answer = await connection.SendAsync(request, cancel);
            }
            catch (Exception lost) when (lost is IOException or SocketException)
            {
                connection?.Dispose();
                connection = null;
            }

            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            note(answer);
            if (answer is not { Status: 200 })
                lock (refusals)
                    refusals.Add(answer is { } told ? $"{told.Status}: {told.Text}" : "connection lost");
            await Task.Delay(pause, cancel);
        }

        connection?.Dispose();
    }

    ReadOnlyMemory<byte> Post(int turn)
    {
        var now = Clock.Microseconds();
        return writer.Batch(1, now - 1_000_000, now).Bytes;
    }

    void Note(Answer? answer)
    {
        if (answer is { Status: 200 } stored)
            workspace.Tally.Acknowledge(stored);
        else if (answer is null or { Status: >= 500 })
            workspace.Tally.LoseSight(1);
        else
            workspace.Tally.Refuse();
    }

    ReadOnlyMemory<byte> Dashboard(int turn)
    {
        var last = TimeProvider.System.GetUtcNow().AddDays(-(turn / 2 % 4));
        var range = $"start_date={last.AddDays(-29):yyyy-MM-dd}&end_date={last:yyyy-MM-dd}";
        return KeepAlive.Get(
            turn % 2 == 0 ? $"/api/metrics?{range}&interval=hour" : $"/api/events/statistics/timeseries?{range}&interval=day", workspace.Key);
    }
}
