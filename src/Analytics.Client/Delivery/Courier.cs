using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Analytics.Client.Delivery;

/// <summary>
/// Brings facts to the service in the background, kind by kind, a batch at a time, until the service has it. While the service is away
/// facts wait in their buffers. When the host stops there is a little time for what is left.
/// </summary>
sealed class Courier : IHostedService, IDisposable
{
    /// <summary>So many tries of a batch pass before somebody is told: about 15 s.</summary>
    const int QuietTries = 4;

    readonly AnalyticsOptions options;
    readonly IngestCall call;
    readonly Losses losses;
    readonly Pauses pauses;
    readonly TimeProvider clock;
    readonly ILogger<Courier> log;
    readonly CancellationTokenSource stopping = new();
    readonly CancellationTokenSource end;
    Task running = Task.CompletedTask;

    public Courier(IOptions<AnalyticsOptions> settings, IngestCall call, Losses losses, TimeProvider clock, ILogger<Courier> log)
    {
        (options, this.call, this.losses, this.log) = (settings.Value, call, losses, log);
        this.clock = clock;
        pauses = new Pauses(clock);
        end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        Requests = new FactBuffer(FactKind.Requests, options, losses, clock);
        Events = new FactBuffer(FactKind.Events, options, losses, clock);
        IsOff = options.Fault is not null;
    }

    /// <summary>Whether nothing is told, because nobody said where to or with which key.</summary>
    public bool IsOff { get; }

    public FactBuffer Requests { get; }

    public FactBuffer Events { get; }

    // No BackgroundService: a host that is stopped as soon as it is started never runs the work of one.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Fault is { } fault)
            log.LogWarning("Nothing is told to Analytics: {Fault}.", fault);
        else
            running = Task.WhenAll(Task.Run(() => EmptyAsync(Requests, stopping.Token), CancellationToken.None),
                Task.Run(() => EmptyAsync(Events, stopping.Token), CancellationToken.None));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        end.CancelAfter(options.ExitTime);
        await stopping.CancelAsync();
        Requests.Close();
        Events.Close();
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        losses.Tell();
    }

    // A host that is disposed of has no time left, whether it was stopped before or not.
    public void Dispose()
    {
        stopping.Cancel();
        end.Cancel();
        Requests.Close();
        Events.Close();
    }

    async Task EmptyAsync(FactBuffer buffer, CancellationToken stopping)
    {
        while (await buffer.IsSomethingThereAsync())
        {
            await buffer.FillAsync();
            var facts = buffer.Take();
            try
            {
                await DeliverAsync(Batch.Of(buffer.Kind, facts, losses), stopping);
            }
            catch (Exception unforeseen)
            {
                // An exception that left here would end the host.
                log.LogError(unforeseen, "A batch of {Count} facts is lost.", facts.Count);
                losses.Add(buffer.Kind, Loss.Unwritable, facts.Count);
            }

            buffer.GiveBack(facts);
        }
    }

    async Task DeliverAsync(Batch batch, CancellationToken stopping)
    {
        for (var tries = 0; batch.Facts.Count > 0; tries++)
        {
            if (end.IsCancellationRequested)
            {
                losses.Add(batch.Kind, Loss.Exit, batch.Facts.Count);
                return;
            }

            var reply = await call.SendAsync(batch, end.Token);
            if (reply.Verdict is not (Verdict.Later or Verdict.Unwelcome))
            {
                await SettleAsync(batch, reply, stopping);
                if (tries > QuietTries)
                    log.LogInformation("Analytics takes {Kind} again, after {Tries} tries.", batch.Kind.Name, tries);
                return;
            }

            Say(batch, reply, tries);
            await pauses.AfterAsync(reply, tries, stopping, end.Token);
        }
    }

    Task SettleAsync(Batch batch, Reply reply, CancellationToken stopping)
    {
        if (reply.Verdict == Verdict.TooLarge && batch.Facts.Count > 1)
            return DeliverHalvesAsync(batch, stopping);
        var refused = reply.Verdict == Verdict.Taken ? reply.Refused : batch.Facts.Count;
        if (refused > 0)
            losses.Add(batch.Kind, Loss.Refused, refused, reply.Said);
        losses.Sent(batch.Kind, batch.Facts.Count - refused);
        return Task.CompletedTask;
    }

    async Task DeliverHalvesAsync(Batch batch, CancellationToken stopping)
    {
        var half = batch.Facts.Count / 2;
        await DeliverAsync(Batch.Of(batch.Kind, [.. batch.Facts.Take(half)], losses), stopping);
        await DeliverAsync(Batch.Of(batch.Kind, [.. batch.Facts.Skip(half)], losses), stopping);
    }

    void Say(Batch batch, Reply reply, int tries)
    {
        if (reply.Verdict == Verdict.Unwelcome && tries == 0)
            log.LogError("Analytics does not take {Kind} with this key at this address; they wait. {Said}", batch.Kind.Name, reply.Said);
        else if (reply.Verdict == Verdict.Later && tries == QuietTries)
            log.LogWarning("Analytics does not take {Kind} now; they wait. {Said}", batch.Kind.Name, reply.Said);
    }
}
