using Analytics.Time;

namespace Analytics.Tests.Features.Business.Mcp;

/// <summary>Events of MCP servers at random: sessions that start twice, end before they start, or are only ever named; odd tools.</summary>
sealed class RandomMcp(int seed, DateTimeOffset now)
{
    static readonly string[] Tools = ["search", "fetch", "run \"x\"", "unknown", "été", "search"];
    static readonly string?[] Servers = ["docs", "files", null];
    static readonly string?[] Agents = ["claude", "gpt", "langchain", "unknown", null];
    static readonly string?[] Customers = ["acme", "globex", null];

    readonly Random random = new(seed);
    int sent;

    /// <summary>The events of so many sessions and as many invocations outside of any, shuffled.</summary>
    public List<ToldMcp> Some(int sessions)
    {
        var told = new List<ToldMcp>();
        for (var session = 0; session < sessions; session++)
        {
            var start = Moment();
            for (var left = random.Next(1, 9); left > 0; left--)
                told.Add(Any($"s-{seed}-{session}", Near(start)));
            told.Add(Invocation(null, Moment()));
        }

        // The latest are heard from now, none of them half an hour ago: the clock may have moved a little. Some events are of one instant.
        told.AddRange(Enumerable.Range(0, sessions / 4)
            .Select(at => Any($"s-{seed}-{at}", now.AddMinutes(-(random.Next(2) == 0 ? random.Next(0, 25) : random.Next(35, 60))))));
        told.AddRange([.. told.Where(e => e.Session is not null && random.Next(8) == 0).Select(e => Any(e.Session, e.At))]);
        return [.. told.OrderBy(_ => random.Next())];
    }

    /// <summary>From and to at any instants, a zone, and whether the question names them or a period.</summary>
    public (string Query, TimeRange Range, Interval Trend) Question(int at)
    {
        var name = ((string[])["UTC", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns"])[at % 4];
        Assert.True(Zones.TryFind(name, out var zone));
        if (at % 3 == 2)
        {
            var period = ((string[])["7d", "30d", "2m", "31h", "1h", "5w"])[random.Next(6)];
            Assert.True(Period.TryParse(period, zone, now, out var asked));
            return ($"period={period}&timezone={name}", asked!.Range, asked.Trend);
        }

        var (one, other) = (Moment(), Moment());
        var range = new TimeRange(one < other ? one : other, one < other ? other.AddTicks(10) : one.AddTicks(10), zone);
        return ($"from={Rfc3339.Format(range.From)}&to={Rfc3339.Format(range.To)}&timezone={name}", range, Interval.Day);
    }

    ToldMcp Any(string? session, DateTimeOffset at) => random.Next(10) switch
    {
        < 2 => Event("mcp.session_started", session, at),
        < 4 => Event("mcp.session_ended", session, at),
        4 => Event("mcp.resource_read", session, at),
        _ => Invocation(session, at),
    };

    ToldMcp Invocation(string? session, DateTimeOffset at) => Event("mcp.tool_invoked", session, at) with
    {
        Tool = random.Next(12) == 0 ? null : Tools[random.Next(Tools.Length)],
        Server = Servers[random.Next(Servers.Length)],
        Status = random.Next(4) switch { 0 => "error", 1 => null, _ => "success" },
        Duration = random.Next(5) switch { 0 => null, 1 => 0, _ => random.Next(1, 900_000) / 100m },
        Revenue = random.Next(3) switch { 0 => null, 1 => random.Next(-50, 500), _ => random.Next(1, 100_000) / 10_000m },
    };

    ToldMcp Event(string name, string? session, DateTimeOffset at) =>
        new(name, at, $"m-{seed}-{sent++}", Customers[random.Next(Customers.Length)])
        {
            Session = session, Agent = Agents[random.Next(Agents.Length)],
        };

    // Some stand on a quarter hour's edge.
    DateTimeOffset Moment()
    {
        var at = now.AddMicroseconds(-random.NextInt64(0, 50L * 24 * 3_600_000_000));
        return random.Next(5) > 0 ? at : new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.FromMinutes(15).Ticks, TimeSpan.Zero);
    }

    DateTimeOffset Near(DateTimeOffset at)
    {
        var near = at.AddMicroseconds(random.NextInt64(0, 3_600_000_000) * random.Next(1, 30));
        return near < now ? near : now;
    }
}
