namespace Analytics.Client.Delivery;

/// <summary>How long to wait between tries: ever longer, and as long as the service asks for.</summary>
sealed class Pauses(TimeProvider clock)
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Unwelcome = TimeSpan.FromMinutes(1);
    static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(10);

    /// <summary>Waits. A host that stops tries at once, and then every second until its time is over.</summary>
    public async Task AfterAsync(Reply reply, int tries, CancellationToken stopping, CancellationToken end)
    {
        var (pause, cancel) = stopping.IsCancellationRequested ? (First, end) : (Length(reply, tries), stopping);
        await Task.Delay(pause, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    static TimeSpan Length(Reply reply, int tries)
    {
        var pause = reply.Verdict == Verdict.Unwelcome ? Unwelcome : Doubled(tries);
        // Hosts that were sent away together do not come back together.
        pause *= 0.5 + (Random.Shared.NextDouble() / 2);
        return reply.RetryAfter is { } asked && asked > pause ? Min(asked, LongestAsked) : pause;
    }

    static TimeSpan Doubled(int tries) => Min(First * (1L << Math.Min(tries, 16)), Longest);

    static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
