using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>Endpoints that do what random ones hardly ever do: get slow for some hours, fail, or are slow at one hour of the day.</summary>
sealed class RequestsStories(RequestsPlan plan)
{
    public const string Degraded = "GET:/stories/weekly";
    static readonly LocalDate Wednesday = new(2026, 10, 21);

    public static Instant Since => At(Wednesday, 14);

    public void Plan()
    {
        Weekly();
        Daily();
        SlowAtTwo();
    }

    // Four weeks alike, then twice as slow and more for two hours; the hour before has too few requests.
    void Weekly()
    {
        for (var week = 4; week >= 1; week--)
            for (var hour = 13; hour < 17; hour++)
                Hour("/stories/weekly", At(Wednesday.PlusWeeks(-week), hour), 60, 50_000 + (10_000 * week), 0);
        Hour("/stories/weekly", At(Wednesday, 13), 40, 400_000, 0);
        Hour("/stories/weekly", At(Wednesday, 14), 60, 400_000, 0);
        Hour("/stories/weekly", At(Wednesday, 15), 55, 300_000, 0);
        Hour("/stories/weekly", At(Wednesday, 16), 60, 60_000, 30);
    }

    // Only the days before are known: first fails, then is slow as well. Another one was never seen before.
    void Daily()
    {
        for (var day = 3; day >= 1; day--)
            Hour("/stories/daily", At(Wednesday.PlusDays(-day), 2 + day), 50, 20_000, 4);
        Hour("/stories/daily", At(Wednesday, 9), 50, 21_000, 20);
        Hour("/stories/daily", At(Wednesday, 10), 70, 90_000, 20);
        Hour("/stories/new", At(Wednesday, 10), 70, 900_000, 100);
        Hour("/stories/now", Instant.FromUnixTimeSeconds((plan.Now.ToUnixTimeSeconds() / 3600 - 26) * 3600), 60, 10_000, 0);
        for (var request = 0; request < 60; request++)
            Add("/stories/now", plan.Now - Duration.FromMilliseconds(request * 700 + 1), 80_000, 0);
    }

    // Every day at two in Paris but for some, and every Monday at five in Kathmandu.
    void SlowAtTwo()
    {
        for (var day = 0; day < 14; day++)
        {
            var date = new LocalDate(2026, 10, 19).PlusDays(day);
            for (var hour = 0; hour < 24; hour += 2)
                for (var request = 0; request < 3; request++)
                    Add("/stories/export", At(date, hour, "Europe/Paris") + Part(), hour == 14 && day % 5 != 4 ? 2_500_000 : 90_000, 0);
        }

        for (var day = 0; day < 30; day++)
            for (var request = 0; request < 3; request++)
            {
                var date = new LocalDate(2026, 10, 5).PlusDays(day);
                var latency = date.DayOfWeek == IsoDayOfWeek.Monday ? 4_000_000 : 50_000;
                Add("/stories/batch", At(date, 5, "Asia/Kathmandu") + Part(), latency, 0);
            }
    }

    void Hour(string path, Instant start, int count, long latency, int failing)
    {
        for (var request = 0; request < count; request++)
            Add(path, start + Part(), latency, failing);
    }

    void Add(string path, Instant at, long latency, int failing) => plan.Add(
        new("GET", path, plan.Chance(failing) ? 503 : 200, latency + plan.Random.NextInt64(latency / 20), at));

    Duration Part() => Duration.FromTicks(10 * plan.Random.NextInt64(3_600_000_000));

    static Instant At(LocalDate date, int hour, string zone = "UTC") =>
        (date + new LocalTime(hour, 0)).InZoneLeniently(DateTimeZoneProviders.Tzdb[zone]).ToInstant();
}
