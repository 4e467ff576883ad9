namespace Analytics.Tests.Oracle.Metrics;

/// <summary>The model of payments, refunds and whom they belong to, beside numbers worked out by hand.</summary>
public sealed class MetricsModelSalesTests
{
    const string Revenue = "file_share_revenue";
    const string Fees = "file_share_platform_fees";
    static readonly MetricsQuestion Days = new("UTC", "day", new(2026, 3, 1), new(2026, 3, 4));

    [Fact]
    public void A_payment_counts_once_at_its_earliest_and_only_with_a_share()
    {
        var scene = new MetricsScene { Question = Days }
            .Add(ReadEvent.Paid, "03T00:00", "\"payment_id\":\"p\",\"amount_cents\":500,\"share_id\":\"s\",\"platform_fee_cents\":50")
            .Add(ReadEvent.Paid, "02T00:00", "\"payment_id\":\"p\",\"amount_cents\":300,\"share_id\":\"s\",\"platform_fee_cents\":30")
            .Add(ReadEvent.Paid, "02T00:00", "\"payment_id\":\"q\",\"amount_cents\":1000,\"platform_fee_cents\":30");

        Assert.Equal(["0", "300", "0", "0"], scene.Periods(Revenue));
        Assert.Equal(["0", "30", "30", "30"], scene.Periods("cumulative_file_share_platform_fees"));
    }

    [Fact]
    public void Refunded_fees_are_in_proportion_and_never_more_than_the_fee()
    {
        var scene = new MetricsScene { Question = Days }
            .Add(ReadEvent.Refunded, "04T00:00", "\"payment_id\":\"p\",\"amount_cents\":5000")
            .Add(ReadEvent.Refunded, "02T00:00", "\"payment_id\":\"p\",\"amount_cents\":50")
            .Add(ReadEvent.Refunded, "03T00:00", "\"payment_id\":\"p\",\"amount_cents\":10,\"platform_fee_cents\":2")
            .Add(ReadEvent.Refunded, "03T00:00", "\"payment_id\":\"nobody's\",\"amount_cents\":10,\"share_id\":\"s\"")
            .Add(ReadEvent.Paid, "01T00:00", "\"payment_id\":\"p\",\"amount_cents\":100,\"share_id\":\"s\",\"platform_fee_cents\":9");

        // Half of 9 is 4.5, rounded to 5; then 2; then what is left.
        Assert.Equal(["9", "-5", "-2", "-2"], scene.Periods(Fees));
        Assert.Equal(["100", "-50", "-10", "-5000"], scene.Periods(Revenue));
        Assert.Equal(("0", "-4960"), (scene.Total(Fees), scene.Total(Revenue)));
    }

    [Fact]
    public void A_payment_of_nothing_has_no_fee_to_give_back_in_proportion()
    {
        var scene = new MetricsScene()
            .Add(ReadEvent.Paid, "01T00:00", "\"payment_id\":\"p\",\"amount_cents\":0,\"share_id\":\"s\",\"platform_fee_cents\":9")
            .Add(ReadEvent.Refunded, "02T00:00", "\"payment_id\":\"p\",\"amount_cents\":10");

        Assert.Equal(("9", "-10"), (scene.Total(Fees), scene.Total(Revenue)));
    }

    [Fact]
    public void What_names_nobody_is_its_shares_and_a_refund_its_payments()
    {
        MetricsScene Of(params string[] people) => new MetricsScene { Question = Days with { ExternalCustomers = people } }
            .Share("01T00:00", person: "owner")
            .Share("02T00:00", person: "second owner")
            .Add("service.ran", "01T00:00", "\"share_id\":\"s\",\"_cost\":{\"amount\":\"1.5\"}")
            .Add("task.done", "01T00:00", "\"share_id\":\"s\",\"_cost\":{\"amount\":2}", "ann")
            .Add("service.ran", "01T00:00", "\"share_id\":7,\"_cost\":{\"amount\":4}")
            .Add(ReadEvent.Paid, "03T00:00", "\"payment_id\":\"p\",\"amount_cents\":10,\"share_id\":\"s\"", "payer")
            .Add(ReadEvent.Refunded, "03T00:00", "\"payment_id\":\"p\",\"amount_cents\":1")
            .Add(ReadEvent.Paid, "03T00:00", "\"payment_id\":\"q\",\"amount_cents\":100,\"share_id\":\"s\"")
            .Add(ReadEvent.Refunded, "03T00:00", "\"payment_id\":\"q\",\"amount_cents\":2,\"share_id\":\"other\"");

        Assert.Equal(("1.5", "98", "1"), (Of("owner").Total("costs"), Of("owner").Total(Revenue), Of("owner").Total("file_share_sessions")));
        Assert.Equal(("0", "9", "0"), (Of("payer").Total("costs"), Of("payer").Total(Revenue), Of("payer").Total("file_share_sessions")));
        Assert.Equal(("2", "1"), (Of("ann").Total("costs"), Of("ann").Total("active_users")));
        Assert.Equal(("7.5", "107", "4"), (Of().Total("costs"), Of().Total(Revenue), Of().Total("active_users")));
        Assert.Equal("3.5", Of("ann", "owner", "unknown").Total("costs"));
    }

    [Fact]
    public void A_share_filter_takes_what_names_it_and_the_refunds_of_its_payments()
    {
        MetricsScene Of(params string[] shares) => new MetricsScene { Question = Days with { Shares = shares } }
            .Share("01T00:00").Share("01T00:00", "t")
            .Add(ReadEvent.Paid, "02T00:00", "\"payment_id\":\"p\",\"amount_cents\":10,\"share_id\":\"s\"")
            .Add(ReadEvent.Refunded, "03T00:00", "\"payment_id\":\"p\",\"amount_cents\":3,\"_cost\":{\"amount\":0.25}")
            .Add("task.done", "03T00:00", "\"share_id\":\"t\",\"_cost\":{\"amount\":1}", "ann")
            .Add("task.done", "03T00:00", "\"_cost\":{\"amount\":8}", "bob");

        Assert.Equal(("1", "7", "0.25"), (Of("s").Total("file_share_sessions"), Of("s").Total(Revenue), Of("s").Total("costs")));
        Assert.Equal(("2", "7", "1.25"), (Of("s", "t").Total("file_share_sessions"), Of("s", "t").Total(Revenue), Of("s", "t").Total("costs")));
        Assert.Equal(("0", "0", "0"), (Of("x").Total("file_share_sessions"), Of("x").Total(Revenue), Of("x").Total("active_users")));
        Assert.Equal("5.75", Of("s", "t").Total("cashflow"));
    }
}
