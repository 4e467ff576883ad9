namespace Analytics.Tests.Oracle.Metrics;

/// <summary>The model beside numbers worked out by hand.</summary>
public sealed class MetricsModelTests
{
    const string Active = "file_share_active_sessions";
    const string Completed = "file_share_completed_sessions";
    const string Expired = "file_share_expired_sessions";
    static readonly MetricsQuestion Days = new("UTC", "day", new(2026, 3, 1), new(2026, 3, 4));

    [Fact]
    public void Nothing_is_zero_in_every_metric() =>
        Assert.All(KnownMetrics.All.Keys, slug => Assert.Equal("0", new MetricsScene().Total(slug)));

    [Fact]
    public void The_earliest_creation_counts_and_of_the_same_time_the_smaller_id()
    {
        var scene = new MetricsScene()
            .Share("02T11:00", more: ",\"price_cents\":900")
            .Share("02T10:00", more: ",\"price_cents\":100,\"file_size_bytes\":5")
            .Share("02T10:00", more: ",\"price_cents\":300")
            .Add(ReadEvent.Downloaded, "01T00:00", "\"share_id\":\"s\"")
            .Add(ReadEvent.Downloaded, "03T00:00", "\"share_id\":\"s\",\"bytes\":2")
            .Add(ReadEvent.Downloaded, "03T00:00", "\"share_id\":\"unknown\"");

        Assert.Equal(("1", "1"), (scene.Total("file_share_sessions"), scene.Total("file_share_paid_sessions")));
        Assert.Equal("100", scene.Total("file_share_avg_price"));
        Assert.Equal(("3", "3"), (scene.Total("file_share_downloads"), scene.Total("file_share_avg_downloads")));
        Assert.Equal("7", scene.Total("file_share_total_size_bytes"));
    }

    [Fact]
    public void Quotients_have_twelve_decimals_and_halves_go_away_from_zero()
    {
        var scene = new MetricsScene().Share("01T00:00").Share("01T00:00", "t").Share("01T00:00", "u")
            .Add(ReadEvent.Downloaded, "03T00:00", "\"share_id\":\"s\"").Add(ReadEvent.Downloaded, "03T00:00", "\"share_id\":\"s\"")
            .Add("task.done", "03T00:00", "\"_cost\":{\"amount\":-0.000000000001}", "ann").Add("task.done", "03T00:00", "", "bob");

        Assert.Equal("0.666666666667", scene.Total("file_share_avg_downloads"));
        Assert.Equal(("-0.000000000001", "0.000000000001"), (scene.Total("cost_per_user"), scene.Total("cashflow")));
    }

    [Fact]
    public void A_share_ends_once_by_what_comes_first()
    {
        var scene = new MetricsScene { Question = Days }
            .Share("01T00:00", "done", ",\"expires_at\":\"2026-03-03T00:00:00Z\"")
            .Add(ReadEvent.Completed, "02T12:00", "\"share_id\":\"done\"")
            .Add(ReadEvent.Completed, "03T12:00", "\"share_id\":\"done\"")
            .Add(ReadEvent.Expired, "02T12:00", "\"share_id\":\"done\"")
            .Share("01T00:00", "late", ",\"expires_at\":\"2026-03-04T00:00:00+00:00\"")
            .Add(ReadEvent.Completed, "04T00:01", "\"share_id\":\"late\"")
            .Add(ReadEvent.Expired, "01T12:00", "\"share_id\":\"never created\"")
            .Share("03T00:00", "over before it began", ",\"expires_at\":\"2026-03-02T00:00:00Z\"");

        Assert.Equal(["0", "1", "0", "0"], scene.Periods(Completed));
        Assert.Equal(["1", "1", "0", "1"], scene.Periods(Expired));

        // What ends at the very end of a bucket ends in the next.
        Assert.Equal(["2", "1", "1", "0"], scene.Periods(Active));
        Assert.Equal("0", scene.Total(Active));
    }

    [Fact]
    public void A_time_ends_a_share_when_it_has_passed_and_not_before()
    {
        MetricsScene At(string now) => new MetricsScene { Now = MetricsScene.At(now) }
            .Share("01T00:00", more: ",\"expires_at\":\"2026-03-03T00:00:00Z\"");

        Assert.Equal(("1", "0"), (At("02T23:59").Total(Active), At("02T23:59").Total(Expired)));
        Assert.Equal(("0", "1"), (At("03T00:00").Total(Active), At("03T00:00").Total(Expired)));
    }

    [Fact]
    public void Only_paid_shares_convert_where_they_were_created()
    {
        var scene = new MetricsScene { Question = Days }
            .Share("01T10:00", "paid", ",\"price_cents\":100").Share("01T10:00", "not paid", ",\"price_cents\":200").Share("01T10:00", "free")
            .Add(ReadEvent.Paid, "03T00:00", "\"payment_id\":\"p\",\"amount_cents\":100,\"share_id\":\"paid\"")
            .Add(ReadEvent.Refunded, "03T01:00", "\"payment_id\":\"p\",\"amount_cents\":100")
            .Add(ReadEvent.Paid, "03T00:00", "\"payment_id\":\"q\",\"amount_cents\":100,\"share_id\":\"free\"");

        Assert.Equal(["0.5", "0", "0", "0"], scene.Periods("file_share_payment_conversion"));
        Assert.Equal(("1", "2"), (scene.Total("file_share_free_sessions"), scene.Total("file_share_paid_sessions")));
        Assert.Equal("150", scene.Total("file_share_avg_price"));
    }

    [Fact]
    public void What_runs_on_starts_at_the_beginning_of_time_and_stays_what_it_is_now()
    {
        var scene = new MetricsScene { Question = new("UTC", "day", new(2026, 3, 3), new(2026, 3, 6)), Now = MetricsScene.At("04T12:00") }
            .Share("01T00:00").Share("03T00:00", "t").Share("04T00:00", "u");

        Assert.Equal(["2", "3", "3", "3"], scene.Periods("cumulative_file_share_sessions"));
        Assert.Equal(["2", "3", "3", "3"], scene.Periods(Active));
        Assert.Equal(["1", "1", "0", "0"], scene.Periods("file_share_sessions"));
        Assert.Equal("3", scene.Total("cumulative_file_share_sessions"));
    }

    [Fact]
    public void Users_are_distinct_over_the_range_and_nobody_is_none()
    {
        var scene = new MetricsScene { Question = Days };
        var ann = Guid.NewGuid();
        scene.World.Customer(ann, "ann");
        scene.Add(new("by id", "task.done", MetricsScene.At("01T00:00").ToDateTimeOffset()) { CustomerId = ann });
        scene.Add("task.done", "02T00:00", "", "ann").Add("task.done", "02T00:00", "", "bob").Add("service.ran", "03T00:00", "");

        Assert.Equal(["1", "2", "0", "0"], scene.Periods("active_users"));
        Assert.Equal("2", scene.Total("active_users"));
        scene.World.Erase(ann);
        Assert.Equal("2", scene.Total("active_users"));
        scene.Add("task.done", "02T00:00", "", "ann");
        Assert.Equal("3", scene.Total("active_users"));
    }

    [Fact]
    public void Previous_ranges_are_cut_as_the_range_is()
    {
        static string Of(MetricsQuestion question) =>
            $"{question.PreviousBuckets().Count}: {question.PreviousBuckets()[0].From} {question.PreviousBuckets()[^1].To}";
        var day = new MetricsQuestion("Europe/Paris", "hour", new(2026, 3, 29), new(2026, 3, 29)) { Compare = MetricsQuestion.PreviousPeriod };
        var months = new MetricsQuestion("UTC", "month", new(2026, 2, 10), new(2026, 3, 31)) { Compare = MetricsQuestion.PreviousPeriod };

        Assert.Equal("23: 2026-03-28T00:00:00Z 2026-03-28T23:00:00Z", Of(day));
        Assert.Equal("24: 2025-03-28T23:00:00Z 2025-03-29T23:00:00Z", Of(day with { Compare = MetricsQuestion.PreviousYear }));
        Assert.Equal("2: 2025-12-10T00:00:00Z 2026-02-01T00:00:00Z", Of(months));
        Assert.Equal("2: 2025-02-10T00:00:00Z 2025-04-01T00:00:00Z", Of(months with { Compare = MetricsQuestion.PreviousYear }));
    }
}
