using System.Globalization;

namespace Analytics.Commands.Demo.Life;

/// <summary>
/// What those who run the product tell: releases on Tuesdays and Thursdays, checks that fail while Tuesday's slows things down, and
/// that it was rolled back; what the servers cost; and a report of every customer's call that failed. Nobody is the customer of these.
/// </summary>
sealed class Operations(Rhythm rhythm)
{
    static readonly string[] Engineers = ["dana", "kim", "luca", "sam"];

    const decimal HostingCents = 890;

    public void Add(EventList events, DateOnly day)
    {
        events.Add("service.hosting_billed", null, Key(day, "hosting", 0), Rhythm.At(day, 2),
            new { region = "eu-1", cost_category = "hosting", _cost = EventList.Cost(HostingCents) });
        if (rhythm.IsLaunch(day))
            Deploy(events, day, 8.5, "deploy.finished", "INFO", part: 9);
        if (Rhythm.IsReleaseDay(day))
            SpoiltRelease(events, day);
        if (day.DayOfWeek == DayOfWeek.Thursday)
            if (Rhythm.Cycle(day.DayNumber / 7, 3) == 0)
                Deploy(events, day, 10.4, "deploy.failed", "ERROR", part: 3);
            else
                Deploy(events, day, 10.5, "deploy.finished", "INFO", part: 3);
    }

    /// <summary>What went wrong with a call: the request's own id holds the two together.</summary>
    public static void Report(EventList events, Call call) =>
        events.Add("service.error", null, $"{call.Key}-error", call.Fact.At.AddSeconds(1), new
        {
            message = "upstream timed out", region = "eu-1",
            _log = new
            {
                actor_type = "api_key", actor_id = call.ApiKey, target_type = "endpoint",
                target_id = $"{call.Endpoint.Method}:{call.Endpoint.Route}", correlation_id = call.Key,
            },
        });

    static void SpoiltRelease(EventList events, DateOnly day)
    {
        Deploy(events, day, 13.85, "deploy.finished", "INFO", part: 1);
        Check(events, day, 14.15, "health_check.failed", "WARN");
        Check(events, day, 14.6, "health_check.failed", "ERROR");
        Check(events, day, 15.1, "health_check.failed", "CRITICAL");
        Deploy(events, day, 15.95, "deploy.rolled_back", "WARN", part: 1);
        Check(events, day, 16.1, "service.recovered", "INFO");
    }

    static void Deploy(EventList events, DateOnly day, double hour, string name, string severity, int part)
    {
        var week = ISOWeek.GetWeekOfYear(day.ToDateTime(TimeOnly.MinValue));
        var version = string.Create(CultureInfo.InvariantCulture, $"{day.Year}.{week}.{part}");
        events.Add(name, null, Key(day, name, part), Rhythm.At(day, hour), new
        {
            version, environment = "production",
            _log = new
            {
                severity, actor_type = "user", actor_id = Engineers[day.DayNumber % Engineers.Length],
                target_type = "service", target_id = "api", correlation_id = $"release-{version}",
            },
        });
    }

    static void Check(EventList events, DateOnly day, double hour, string name, string severity) =>
        events.Add(name, null, Key(day, name, (int)(hour * 100)), Rhythm.At(day, hour), new
        {
            check = "latency", _log = new { severity, actor_type = "system", target_type = "service", target_id = "api" },
        });

    static string Key(DateOnly day, string name, int part) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}-{name}-{part}");
}
