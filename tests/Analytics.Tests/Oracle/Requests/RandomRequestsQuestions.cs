using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>Questions about a life, made up from a seed: every route in every zone, cut anywhere.</summary>
sealed class RandomRequestsQuestions(RequestsLife life, int seed)
{
    static readonly string[] Zones = ["UTC", "Europe/Paris", "Asia/Kathmandu", "Asia/Beirut"];

    readonly Random random = new(seed);
    readonly string[] endpoints = [.. life.World.Requests.Select(request => request.Endpoint).Distinct(), "GET:/never/asked"];

    /// <summary>So many rounds, each with a question to every route, and some with more.</summary>
    public List<RequestsQuestion> Some(int rounds) =>
        [.. Enumerable.Range(0, rounds).SelectMany(at => Round(Zones[at % Zones.Length])).Select(Asked)];

    IEnumerable<RequestsQuestion> Round(string zone)
    {
        yield return new DashboardQuestion(Day(zone));
        yield return Timeseries(zone, "minute", 47);
        yield return Timeseries(zone, "hour", 24 * 9);
        yield return Timeseries(zone, "day", 24 * 60);
        yield return new EndpointsQuestion(Range(zone, 24 * 400))
        {
            Sort = random.Next(3) == 0 ? null : (random.Next(2) == 0 ? "-" : "") + One(EndpointsQuestion.Fields),
            Q = random.Next(3) == 0 ? One(["USERS", "Übung", ":id/", "%", "_", "get:/V", "nothing like it"]) : null,
            Limit = random.Next(2) == 0 ? random.Next(1, 40) : null,
        };
        yield return new LatencyQuestion(null, Range(zone, 24 * 90)) { Endpoint = One(endpoints) };
        yield return random.Next(2) == 0
            ? new LatencyQuestion(new(zone, Date(Near(zone), zone)), null) { Endpoint = random.Next(2) == 0 ? One(endpoints) : null }
            : new LatencyQuestion(null, Range(zone, 24 * 10));
        yield return Recent(zone);
        yield return new SlowQuestion(Day(zone)) { Limit = random.Next(3) switch { 0 => null, 1 => 100, _ => random.Next(1, 30) } };
        yield return new SlowPatternsQuestion(random.Next(4) == 0 ? new(zone) : Range(zone, 24 * 29));
        yield return Heatmap(zone);
        yield return new CustomersQuestion(Range(zone, 24 * 400)) { Limit = random.Next(2) == 0 ? random.Next(1, 30) : null };
        yield return new ReportQuestion(Customer(), zone, random.Next(4) switch { 0 => null, 1 => 1, 2 => 365, _ => random.Next(2, 60) });
        yield return new DegradationsQuestion(random.Next(4) == 0 ? new(zone) : Range(zone, 24 * 30));
    }

    // Portals may ask all but these two.
    RequestsQuestion Asked(RequestsQuestion question) =>
        question is not (SlowPatternsQuestion or DegradationsQuestion) && life.Customers is not [] and var customers && random.Next(6) == 0
            ? question with { Portal = customers[random.Next(customers.Length)] }
            : question;

    TimeseriesQuestion Timeseries(string zone, string interval, int mostHours) => new(Range(zone, mostHours), interval)
    {
        Endpoint = random.Next(2) == 0 ? One(endpoints) : null,
        Customer = random.Next(3) == 0 ? Customer() : null,
    };

    RecentQuestion Recent(string zone) => new(Range(zone, random.Next(2) == 0 ? 30 : 24 * 300))
    {
        Endpoints = random.Next(3) == 0 ? Several(endpoints) : [],
        Customers = random.Next(3) == 0 ? [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Customer()).Distinct()] : [],
        ApiKeys = random.Next(4) == 0 ? [$"key {random.Next(5)}"] : [],
        Statuses = random.Next(3) == 0 ? Several([101, 200, 404, 500, 599, 418]) : [],
        Limit = 1000,
    };

    HeatmapQuestion Heatmap(string zone)
    {
        var isByEndpoint = random.Next(2) == 0;
        return new(Range(zone, isByEndpoint ? 24 * 8 : 24 * 200))
        {
            IsByEndpoint = isByEndpoint,
            Measure = random.Next(6) == 0 ? null : One(HeatmapQuestion.Measures),
            Endpoint = random.Next(3) == 0 ? One(endpoints) : null,
        };
    }

    /// <summary>By the external id or the UUID, nobody, or somebody nobody knows.</summary>
    string Customer() => random.Next(8) switch
    {
        0 => RequestWorld.Anonymous,
        1 => "who is that",
        < 4 when life.Customers is not [] and var customers => $"{customers[random.Next(customers.Length)]}",
        _ => RequestsLife.NameOf(random.Next(RequestsPlan.People)),
    };

    RequestsDay Day(string zone) => new(zone, random.Next(4) == 0 ? null : Date(Near(zone), zone));

    /// <summary>A range of at most so many hours: to the microsecond, by dates, or open at one end or both.</summary>
    RequestsRange Range(string zone, int mostHours)
    {
        var length = Duration.FromTicks(10 * random.NextInt64(1, mostHours * 3_600_000_000L / (random.Next(2) == 0 ? 1 : 20)));
        var from = Near(zone) - length * random.NextDouble();
        switch (random.Next(8))
        {
            case 0 when mostHours >= 24:
                return new(zone);
            case 1 when length < Duration.FromDays(1):
                return new(zone, Text(life.Now - length));
            case 2 when mostHours >= 24 * 14:
                return new(zone, null, Text(from));
            case 3 or 4 when length > Duration.FromDays(3):
                var (first, last) = (Date(from, zone), Date(from + length, zone));
                return new(zone, LocalDatePattern.Iso.Format(first), LocalDatePattern.Iso.Format(last));
            case 5:
                // A whole second and a half, as a person would write it.
                var second = Instant.FromUnixTimeSeconds(from.ToUnixTimeSeconds());
                return new(zone, Text(second + Duration.FromMilliseconds(500)), Text(second + Duration.FromMilliseconds(501) + length));
            default:
                return new(zone, Text(from), Text(from + length));
        }
    }

    static LocalDate Date(Instant at, string zone) => at.InZone(DateTimeZoneProviders.Tzdb[zone]).Date;

    // Where requests are: days about a switch, or the last ones.
    Instant Near(string zone) => random.Next(4) == 0
        ? life.Now - Duration.FromTicks(10 * random.NextInt64(60L * 3_600_000_000))
        : Calendar.StartOf(zone, RequestsMoments.Switches[random.Next(RequestsMoments.Switches.Length)].PlusDays(random.Next(-4, 5)))
            + Duration.FromTicks(random.Next(2) == 0 ? 0 : 10 * random.NextInt64(86_400_000_000));

    /// <summary>Now and then with digits beyond the microsecond, or another offset than UTC's.</summary>
    string Text(Instant at) => random.Next(4) switch
    {
        0 => OffsetDateTimePattern.Rfc3339.Format(
            (at + Duration.FromNanoseconds(random.Next(1000))).WithOffset(Offset.FromHoursAndMinutes(5, 45))),
        _ => RequestsRange.Text(Instant.FromUnixTimeTicks(at.ToUnixTimeTicks() / 10 * 10)),
    };

    T One<T>(T[] all) => all[random.Next(all.Length)];

    T[] Several<T>(T[] all)
    {
        var mixed = all.ToArray();
        random.Shuffle(mixed);
        return mixed[..Math.Min(mixed.Length, random.Next(1, 5))];
    }
}
