using System.Globalization;
using System.Numerics;

namespace Analytics.Tests.Oracle.Apps;

/// <summary>Random facts of some apps, told to the service and to the model alike.</summary>
sealed class AppLife(int seed, DateTimeOffset now)
{
    const int Days = 120, Devices = 300, Viewers = 60;
    static readonly string[] Zones = ["+00:00", "+05:45", "-11:00", "+14:00", "-00:30"];
    readonly Random random = new(seed);
    readonly HashSet<DateTimeOffset> started = [];
    readonly List<ToldFact> waiting = [];
    int names;

    public AppWorld World { get; } = new();

    public Random Random => random;

    public async Task<ToldApp> NewAppAsync(WorkspaceClient workspace, string naturalId)
    {
        var made = await workspace.PostAsync("/api/apps", new { natural_id = naturalId, name = naturalId }, 201);
        var app = new ToldApp(workspace, made.GetProperty("id").GetGuid(), naturalId);
        World.Apps.Add(app);
        return app;
    }

    public static async Task DeleteAsync(ToldApp app)
    {
        await app.Workspace.DeleteAsync($"/api/apps/{app.Id}");
        app.IsDeleted = true;
    }

    /// <summary>So many facts more that wait to be told, of any of these apps, or of any that is not deleted.</summary>
    public void Plan(int facts, IReadOnlyList<ToldApp>? of = null)
    {
        var apps = of ?? [.. World.Apps.Where(app => !app.IsDeleted)];
        for (var fact = 0; fact < facts; fact++)
        {
            var told = New(apps[random.Next(apps.Count)]);
            waiting.Add(told is ToldDevice || random.Next(4) == 0 ? told : told with { ExternalId = $"fact-{++names}" });
        }
    }

    /// <summary>Tells what waits in requests of any size, in any order, some of it twice in one, and some again in another.</summary>
    public async Task TellAsync()
    {
        var lists = waiting.GroupBy(fact => (fact.App, fact.Route)).SelectMany(list => list.Chunk(1 + random.Next(400))).ToArray();
        random.Shuffle(lists);
        waiting.Clear();
        foreach (var list in lists)
        {
            var again = list.Where(fact => fact.ExternalId is not null && random.Next(20) == 0).ToList();
            await AppSender.TellAsync(World, [.. list, .. again]);
            if (again is not [] && random.Next(3) == 0)
                await AppSender.TellAsync(World, again);
        }
    }

    ToldFact New(ToldApp app)
    {
        var at = Moment();
        var written = Write(at);
        return random.Next(10) switch
        {
            < 4 => new ToldDevice(app, at, Device()) { Written = written },
            4 => new ToldView(app, at, random.Next(4) == 0 ? null : $"viewer {random.Next(Viewers)}") { Written = written },
            5 => new ToldChange(app, at, Bytes() - Bytes()) { Written = written },
            < 8 => new ToldDownload(app, at, Bytes(), random.Next(2) == 0 ? null : Device()) { Written = written },
            _ => Invocation(app, at),
        };
    }

    // No two at once: of two that are, either is the more recent.
    ToldInvocation Invocation(ToldApp app, DateTimeOffset at)
    {
        while (!started.Add(at))
            at = at.AddMicroseconds(-1);
        var error = random.Next(9) switch { 0 => "TypeError: x is \"undefined\"", 1 => "out of memory", _ => null };
        var (duration, status) = (random.Next(1 << random.Next(1, 20)), random.Next(6) == 0 ? 503 : 200 + random.Next(9));
        return new(app, at, $"/api/items/{random.Next(99)}", duration, status, Memory(), error)
        {
            Written = Write(at),
        };
    }

    long Memory() => random.NextInt64(1L << random.Next(20, 40));

    string Device()
    {
        // Low numbers are seen often, and more of them by every app.
        var name = $"device-{Math.Min(random.Next(Devices), random.Next(Devices))}";
        return random.Next(3) == 0 ? name.ToUpperInvariant() : name;
    }

    BigInteger Bytes() => random.Next(30) == 0 ? random.NextInt64(long.MaxValue) : random.NextInt64(1L << random.Next(1, 40));

    /// <summary>Mostly of the last days, some a year before; many on the edge of a day or a microsecond beside it.</summary>
    DateTimeOffset Moment()
    {
        var ago = random.Next(Days) + (random.Next(8) == 0 ? 365 : 0);
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-ago);
        var at = random.Next(4) switch
        {
            0 => midnight,
            1 => midnight.AddMicroseconds(-1),
            _ => midnight.AddMicroseconds(random.NextInt64(86_400_000_000)),
        };
        return at <= now ? at : midnight;
    }

    string Write(DateTimeOffset at)
    {
        var zone = Zones[random.Next(Zones.Length)];
        var shift = TimeSpan.Parse(zone.TrimStart('+'), CultureInfo.InvariantCulture);
        var cut = random.Next(3) == 0 ? "999" : "";
        return (at.UtcDateTime + shift).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + cut + zone;
    }
}
