using System.Text.Json.Nodes;
using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>Shares and what happens to them: made twice, downloaded before they are there, over more than once, or not made at all.</summary>
sealed class RandomShares(EventPlan plan)
{
    readonly Random random = plan.Random;

    /// <summary>Ids that only just differ, and some that do not look like ids.</summary>
    public static string IdOf(int number) => number switch
    {
        0 => "Share 1",
        2 => "share & 1=\"ü\"/?'%20",
        3 => "e3",
        _ => $"share {number}",
    };

    /// <summary>When a share is there, or would have been.</summary>
    public Instant Plan(string share)
    {
        var at = MetricsMoments.One(random, plan.Now);
        var expiry = plan.Chance(55) ? Expiry(at) : (Instant?)null;
        if (plan.Chance(94))
            Create(share, at, expiry);
        for (; plan.Chance(12); )
            Create(share, Near(at), plan.Chance(50) ? Expiry(at) : null);
        for (var times = random.Next(5) * random.Next(2); times > 0; times--)
            plan.Add(ReadEvent.Downloaded, Near(at), plan.Chance(40) ? Of(share, ("bytes", Amount(1_000_000))) : Of(share));
        for (; plan.Chance(30); )
            plan.Add(ReadEvent.Completed, Near(EndNear(at, expiry)), Of(share));
        for (; plan.Chance(25); )
            plan.Add(ReadEvent.Expired, Near(EndNear(at, expiry)), Of(share));
        for (; plan.Chance(45); )
            plan.AddOrdinary(Near(at), share);
        return at;
    }

    void Create(string share, Instant at, Instant? expiry)
    {
        var metadata = Of(share);
        if (plan.Chance(60))
            metadata["price_cents"] = Amount(5_000);
        if (plan.Chance(70))
            metadata["file_size_bytes"] = Amount(2_000_000_000);
        if (expiry is { } instant)
            metadata["expires_at"] = EventPlan.Rfc3339(instant);
        plan.Add(ReadEvent.Created, at, metadata);
    }

    // Past, far away, before it began, or while questions are being asked.
    Instant Expiry(Instant at) => random.Next(12) switch
    {
        0 => at,
        1 => at - Duration.FromHours(random.Next(1, 300)),
        2 or 3 => plan.Now + Duration.FromMilliseconds(random.Next(-3_000, 30_000)),
        4 => plan.Now + Duration.FromDays(random.Next(1, 4_000)),
        _ => Near(at),
    };

    Instant EndNear(Instant at, Instant? expiry) => expiry < plan.Now && plan.Chance(50) ? expiry.Value : at;

    Instant Near(Instant at) => MetricsMoments.Near(random, at, plan.Now);

    int Amount(int most) => plan.Chance(10) ? 0 : random.Next(most);

    static JsonObject Of(string share, params (string Name, int Value)[] counts)
    {
        var metadata = new JsonObject { ["share_id"] = share };
        foreach (var (name, value) in counts)
            metadata[name] = value;
        return metadata;
    }
}
