namespace Analytics.Tests.Oracle.Requests;

/// <summary>What the model calls a slow hour and a degradation, beside what the contract says in words.</summary>
public sealed class PatternsModelTests
{
    static readonly SlowPatternsQuestion March = new(RequestsScene.Range("02T00:00", "30T00:00"));
    static readonly DegradationsQuestion Degradations = new(RequestsScene.Range("11T00:00", "12T00:00"));

    [Fact]
    public void An_hour_is_told_when_three_days_and_half_of_them_are_slow()
    {
        var scene = new RequestsScene();
        foreach (var day in (int[])[3, 4, 5, 6, 9, 10])
            scene.Add("/a", $"{day:d2}T14:10", day < 6 ? 1_500 : 100).Add("/a", $"{day:d2}T15:10", 100);

        Assert.Empty(scene.Differences(March, Pattern("/a", 14, "null", 6, 3, 1500, 100)));
        Assert.NotEmpty(scene.Differences(March, """{"data":[]}"""));
        Assert.Empty(scene.Add("/a", "11T14:00", 1).Differences(March, """{"data":[]}"""));
    }

    [Fact]
    public void Only_the_days_of_a_weekday_count_when_no_other_is_slow()
    {
        var scene = new RequestsScene();
        for (var day = 2; day < 30; day++)
            scene.Add("/a", $"{day:d2}T09:59", day % 7 == 3 && day != 10 ? 2_000 : 20);

        // Tuesdays are the 3rd, 10th, 17th and 24th.
        Assert.Empty(scene.Differences(March, Pattern("/a", 9, "2", 4, 3, 2000, 20)));
    }

    [Fact]
    public void Who_is_always_slow_has_no_slow_hour()
    {
        var scene = new RequestsScene();
        for (var day = 2; day < 30; day++)
            scene.Add("/a", $"{day:d2}T09:59", 1_900).Add("/a", $"{day:d2}T10:00", 1_000).Add("/b", $"{day:d2}T10:00", 1_100);

        Assert.Empty(scene.Differences(March, Pattern("/b", 10, "null", 28, 28, 1100, 0)));
    }

    [Fact]
    public void An_hour_is_degraded_against_the_same_hour_of_the_weeks_before()
    {
        // 2026-03-11 is a Wednesday, and so are the 4th and February's 25th.
        var scene = new RequestsScene()
            .Many(50, "/a", "04T10:00", _ => 100).Many(60, "/a", "11T10:00", _ => 300).Many(60, "/a", "11T11:00", _ => 250);
        for (var number = 0; number < 50; number++)
            scene.World.Tell(new ToldRequest("GET", "/a", 200, 100_000, RequestsScene.At("11T10:00") - NodaTime.Duration.FromDays(14)));

        // Two weeks are known: 100 and 100.
        Assert.Empty(scene.Differences(Degradations, Row("/a", "10", "p95", 100, 300, "3")));
        Assert.NotEmpty(scene.Differences(Degradations, Row("/a", "10", "p95", 100, 300, "2.9")));
        Assert.NotEmpty(scene.Differences(Degradations, Row("/a", "11", "p95", 100, 250, "2.5")));
        Assert.NotEmpty(scene.Differences(Degradations, """{"data":[]}"""));
    }

    [Fact]
    public void Else_against_the_days_before_and_against_nothing_never()
    {
        var scene = new RequestsScene()
            .Many(50, "/a", "09T10:00", _ => 100).Many(50, "/a", "08T10:00", _ => 101, number => number <= 2 ? 500 : 200)
            .Many(49, "/a", "10T10:00", _ => 1).Many(50, "/a", "11T10:00", _ => 100, number => number <= 3 ? 503 : 200)
            .Many(50, "/a", "11T12:00", _ => 100, number => number <= 4 ? 503 : 404)
            .Many(100, "/b", "11T10:00", _ => 900, _ => 500);

        // 6 % and 8 % beside 2 %, the median of 0 % and 4 %; later of 0, 4 and 6 %.
        Assert.Empty(scene.Differences(Degradations, """{"data":[]}"""));
        Assert.Empty(scene.Many(50, "/a", "11T09:00", _ => 100, number => number <= 5 ? 503 : 404)
            .Differences(Degradations, Row("/a", "09", "serverErrorRate", 2, 10, "5")));
    }

    static string Pattern(string path, int hour, string weekday, int days, int slowDays, int p95, int otherwise) => $$"""
        {"data":[{"endpoint":"GET:{{path}}","hour":{{hour}},"weekday":{{weekday}},"days":{{days}},"slowDays":{{slowDays}},
                  "p95":{{p95}},"p95Otherwise":{{otherwise}}}]}
        """;

    static string Row(string path, string hour, string measure, int baseline, int current, string factor) => $$"""
        {"data":[{"endpoint":"GET:{{path}}","since":"2026-03-11T{{hour}}:00:00Z","measure":"{{measure}}",
                  "baseline":{{baseline}},"current":{{current}},"factor":{{factor}}}]}
        """;
}
