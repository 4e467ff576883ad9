using System.Globalization;

namespace Analytics.Commands.Demo.Life;

/// <summary>
/// An app of the demo's product: views and invocations of an ordinary day, how many devices it is on in the end, and the size of its
/// bundle.
/// </summary>
sealed record App(string NaturalId, string Name, double Views, double Invocations, int Devices, long Bundle);

/// <summary>What is told of the product's apps: who looks at them, on how many devices they are, and what is downloaded of them.</summary>
sealed class Apps(Rhythm rhythm, DateOnly first)
{
    const int Seed = 40_000;
    const int Viewers = 260;
    const double OnADay = 0.34; // of the devices that are used most
    const double NowAndThen = 0.06;
    const double AfterRelease = 0.7;
    const int BundlesAtFirst = 8;
    const int BundlesKept = 3;

    /// <summary>How much the Postgres workspace of an app may hold.</summary>
    public const long Quota = 4L << 20;

    /// <summary>The app with server routes, and with tables of its own.</summary>
    public static readonly App Portal =
        new("files:portal", "Customer portal", Views: 150, Invocations: 320, Devices: 300, Bundle: 2_516_582);

    public static readonly App[] All =
    [
        Portal,
        new("files:mobile", "Mobile app", Views: 70, Invocations: 0, Devices: 700, Bundle: 14_680_064),
        new("files:desktop", "Desktop sync", Views: 0, Invocations: 0, Devices: 220, Bundle: 65_011_712),
    ];

    /// <summary>What there is to tell of each app, and where.</summary>
    public IReadOnlyList<Line> Lines =>
    [
        .. from app in All
           from line in (Line[])
           [
               Of(app, "views", day => ViewsOf(app, day)),
               Of(app, "invocations", day => new Invocations(rhythm).Of(app, day)),
               Of(app, "devices", day => DevicesOn(app, day).Select(device => new Fact(
                   device.At, new { deviceId = device.Id, timestamp = device.At }))),
               Of(app, "downloads", day => DownloadsOf(app, day)),
               new("changes", $"api/apps/{app.NaturalId}/storage", day => ChangesOf(app, day)),
           ]
           select line,
    ];

    static Line Of(App app, string name, Func<DateOnly, IEnumerable<Fact>> ofDay) => new(name, $"api/apps/{app.NaturalId}/{name}", ofDay);

    IEnumerable<Fact> ViewsOf(App app, DateOnly day)
    {
        var random = RandomOf(app, day, Seed);
        for (var (number, count) = (0, (int)(app.Views * rhythm.Business(day))); number < count; number++)
        {
            var at = Rhythm.At(day, Rhythm.SomeHour(random));
            var viewer = random.Next(10) == 0 ? null : $"viewer-{(int)(Viewers * Math.Pow(random.NextDouble(), 2))}";
            yield return new(at, new { viewerId = viewer, timestamp = at, externalId = Key(app, "view", day, number) });
        }
    }

    // One after the other they are installed; some are used every day, most now and then.
    IEnumerable<(string Id, DateTimeOffset At)> DevicesOn(App app, DateOnly day)
    {
        var random = RandomOf(app, day, Seed + 1);
        var installed = app.Devices * Math.Min(1, 0.5 + ((day.DayNumber - first.DayNumber) / (2.0 * Story.Days)));
        for (var number = 0; number < installed; number++)
        {
            var chance = number % 5 == 0 ? OnADay : NowAndThen;
            if (random.NextDouble() < chance * rhythm.Business(day))
                yield return ($"{app.NaturalId}-{number}", Rhythm.At(day, Rhythm.SomeHour(random)));
        }
    }

    // A release is fetched by those who come in the days after it.
    IEnumerable<Fact> DownloadsOf(App app, DateOnly day)
    {
        var (random, number) = (RandomOf(app, day, Seed + 2), 0);
        var isFresh = Rhythm.IsReleaseDay(day) || Rhythm.IsReleaseDay(day.AddDays(-1));
        foreach (var (device, at) in DevicesOn(app, day))
            if (random.NextDouble() < (isFresh ? AfterRelease : NowAndThen))
                yield return new(at, new
                {
                    bytes = (long)(app.Bundle * (0.4 + (0.6 * random.NextDouble()))), deviceId = device, timestamp = at,
                    externalId = Key(app, "download", day, number++),
                });
    }

    // Every release is stored; once a month old ones are thrown away.
    IEnumerable<Fact> ChangesOf(App app, DateOnly day)
    {
        if (day == first)
            yield return Change(app, day, 0, BundlesAtFirst * app.Bundle, hour: 1);
        if (Rhythm.IsReleaseDay(day))
            yield return Change(app, day, 1, app.Bundle + RandomOf(app, day, Seed + 3).Next(1_000_000), hour: 13.5);
        if (Rhythm.IsReleaseDay(day) && day.Day <= 7)
            yield return Change(app, day, 2, -BundlesKept * app.Bundle, hour: 14.25);
    }

    static Fact Change(App app, DateOnly day, int number, long bytes, double hour)
    {
        var at = Rhythm.At(day, hour);
        return new(at, new { bytes, timestamp = at, externalId = Key(app, "change", day, number) });
    }

    internal static Random RandomOf(App app, DateOnly day, int seed) => new(seed + day.DayNumber + (1_000 * Array.IndexOf(All, app)));

    internal static string Key(App app, string what, DateOnly day, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{app.NaturalId}-{what}-{day:yyyyMMdd}-{number}");
}
