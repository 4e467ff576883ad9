using System.Text.Json.Nodes;
using Analytics.Time;

namespace Analytics.Tests.Features.Business.Mcp;

/// <summary>An event of an MCP server as it was sent.</summary>
sealed record ToldMcp(string Name, DateTimeOffset At, string ExternalId, string? Customer)
{
    public string? Session { get; init; }
    public string? Tool { get; init; }
    public string? Server { get; init; }
    public string? Agent { get; init; }
    public string? Status { get; init; }
    public decimal? Duration { get; init; }
    public decimal? Revenue { get; init; }

    public bool IsInvocation => Name == "mcp.tool_invoked";
    public bool IsStart => Name == "mcp.session_started";
    public bool IsEnd => Name == "mcp.session_ended";

    public JsonObject Json
    {
        get
        {
            var metadata = new JsonObject { ["n"] = 1 };
            foreach (var (member, text) in ((string, string?)[])
                [("session_id", Session), ("tool", Tool), ("server", Server), ("agent", Agent), ("status", Status)])
                if (text is not null)
                    metadata[member] = text;
            if (Duration is { } duration)
                metadata["duration_ms"] = duration;
            if (Revenue is { } revenue)
                metadata["revenue_cents"] = revenue;
            return Some.Event(Name, At, ExternalId, Customer, metadata: metadata);
        }
    }
}

/// <summary>
/// What a workspace ought to answer about its MCP servers, written down from the contract: a list of events, in which everything is looked
/// for anew whenever it is asked.
/// </summary>
sealed class McpModel
{
    readonly Dictionary<string, ToldMcp> events = [];

    sealed record Session(DateTimeOffset Begin, DateTimeOffset? End, DateTimeOffset HeardAt);

    /// <summary>The first event of an external id wins.</summary>
    public void Tell(ToldMcp told) => events.TryAdd(told.ExternalId, told);

    /// <summary>A row a tool, its 95th percentile apart: that may be off by a percent of more than a hundred values.</summary>
    public List<(string Row, decimal[] Durations)> Tools(DateTimeOffset from, DateTimeOffset to)
    {
        var invoked = Invoked(from, to);
        return
        [
            .. invoked.GroupBy(e => (Tool: e.Tool ?? "unknown", e.Server)).OrderByDescending(tool => tool.Count())
                .ThenBy(tool => tool.Key.Tool, StringComparer.Ordinal).ThenBy(tool => tool.Key.Server, StringComparer.Ordinal)
                .Select(tool =>
                {
                    var durations = tool.Select(e => e.Duration).OfType<decimal>().Order().ToArray();
                    var errors = tool.Count(e => e.Status == "error");
                    var average = durations.Length == 0 ? 0 : Rounded(durations.Sum() / durations.Length);
                    return ($"{tool.Key.Tool} {tool.Key.Server} {tool.Count()} {errors} {Percent(errors, tool.Count())} {Plain(average)} "
                        + $"{Plain(tool.Sum(e => e.Revenue ?? 0))} {Percent(tool.Count(), invoked.Count)}", durations);
                }),
        ];
    }

    public List<string> Agents(DateTimeOffset from, DateTimeOffset to)
    {
        var invoked = Invoked(from, to);
        return
        [
            .. invoked.GroupBy(e => e.Agent ?? "unknown").OrderByDescending(agent => agent.Count())
                .ThenBy(agent => agent.Key, StringComparer.Ordinal)
                .Select(agent =>
                    $"{agent.Key} {agent.Count()} {agent.Select(e => e.Session).OfType<string>().Distinct().Count()} "
                    + $"{Plain(agent.Sum(e => e.Revenue ?? 0))} {Percent(agent.Count(), invoked.Count)}"),
        ];
    }

    /// <summary>Total, active and average; how many began in each bucket; how many seconds each lasted that has ended.</summary>
    public (string Sums, long[] Daily, decimal[] Durations) Sessions(IReadOnlyList<Bucket> buckets, DateTimeOffset now)
    {
        var all = events.Values.Where(e => e.Session is not null).GroupBy(e => e.Session!).Select(session => Of([.. session])).ToList();
        var daily = buckets.Select(bucket => all.LongCount(one => one.Begin >= bucket.From && one.Begin < bucket.To)).ToArray();
        var began = all.Where(one => one.Begin >= buckets[0].From && one.Begin < buckets[^1].To).ToList();
        var durations = began.Where(one => one.End is not null)
            .Select(one => (one.End!.Value - one.Begin).Ticks / (decimal)TimeSpan.TicksPerSecond).Order().ToArray();
        var active = all.Count(one => one.End is null && one.HeardAt >= now.AddMinutes(-30));
        return ($"{began.Count} {active} {Plain(durations.Length == 0 ? 0 : Rounded(durations.Sum() / durations.Length))}", daily, durations);
    }

    // Of events at one instant those that are no end are taken to be before those that are.
    static Session Of(List<ToldMcp> told)
    {
        var ordered = told.OrderBy(e => e.At).ThenBy(e => e.IsEnd).ToList();
        var begin = ordered.Find(e => e.IsStart) ?? ordered[0];
        var end = ordered.Find(e => e.IsEnd && e != begin && e.At >= begin.At);
        return new(begin.At, end?.At, ordered[^1].At);
    }

    List<ToldMcp> Invoked(DateTimeOffset from, DateTimeOffset to) =>
        [.. events.Values.Where(e => e.IsInvocation && e.At >= from && e.At < to)];

    static string Percent(int part, int whole) => Plain(Rounded(part * 100m / whole));

    static decimal Rounded(decimal number) => Math.Round(number, 2, MidpointRounding.AwayFromZero);

    public static string Plain(decimal number) => number.ToString("0.############", System.Globalization.CultureInfo.InvariantCulture);
}
