using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Analytics.Client.Delivery;

/// <summary>Why a fact was not told.</summary>
enum Loss
{
    /// <summary>The buffer was full: the service is away for too long, or too slow.</summary>
    Full,

    /// <summary>It broke a rule of the service.</summary>
    Refused,

    /// <summary>It does not become JSON, or a function of the options threw.</summary>
    Unwritable,

    /// <summary>The host stopped before the service took it.</summary>
    Exit,
}

/// <summary>
/// Counts what was told and what was lost, for any collector of metrics (meter <c>Analytics.Client</c>), and says losses in the log: once a
/// minute, for whoever loses much loses it quickly.
/// </summary>
sealed class Losses : IDisposable
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly string[] Names = [.. Enum.GetNames<Loss>().Select(name => name.ToLowerInvariant())];
    readonly Counter<long> sent;
    readonly Counter<long> dropped;
    readonly long[] untold = new long[Names.Length];
    readonly ILogger<Losses> log;
    readonly ITimer timer;
    string reason = "";

    public Losses(IMeterFactory meters, TimeProvider clock, ILogger<Losses> log)
    {
        var meter = meters.Create("Analytics.Client");
        sent = meter.CreateCounter<long>("analytics.client.sent", "{fact}", "Facts that the service took.");
        dropped = meter.CreateCounter<long>("analytics.client.dropped", "{fact}", "Facts that were lost, by reason.");
        this.log = log;
        timer = clock.CreateTimer(_ => Tell(), null, Minute, Minute);
    }

    public void Sent(FactKind kind, int facts) => sent.Add(facts, new KeyValuePair<string, object?>("kind", kind.Name));

    public void Add(FactKind kind, Loss loss, int facts, string? said = null)
    {
        dropped.Add(facts, new("kind", kind.Name), new("reason", Names[(int)loss]));
        Interlocked.Add(ref untold[(int)loss], facts);
        if (said is not null)
            Volatile.Write(ref reason, said);
    }

    /// <summary>Says what was lost since it said so last.</summary>
    public void Tell()
    {
        var lost = Names.Select((name, loss) => (name, Facts: Interlocked.Exchange(ref untold[loss], 0))).Where(loss => loss.Facts > 0);
        var text = string.Join(", ", lost.Select(loss => $"{loss.name} {loss.Facts}"));
        if (text.Length > 0)
            log.LogWarning("Facts were dropped: {Losses}. {Reason}", text, Interlocked.Exchange(ref reason, ""));
    }

    public void Dispose()
    {
        timer.Dispose();
        Tell();
    }
}
