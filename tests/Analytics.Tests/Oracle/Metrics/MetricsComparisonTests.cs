namespace Analytics.Tests.Oracle.Metrics;

/// <summary>An answer written by hand agrees with the model, and one that is wrong in any place does not.</summary>
public sealed class MetricsComparisonTests
{
    const string Answer = """
        {
          "periods": [
            {"timestamp": "2026-03-02T00:00:00Z", "file_share_sessions": 2, "cost_per_user": 0.5},
            {"timestamp": "2026-03-03T00:00:00Z", "partial": true, "file_share_sessions": 1, "cost_per_user": 0}
          ],
          "totals": {"file_share_sessions": 3, "cost_per_user": 0.5},
          "metrics": {
            "file_share_sessions": {"slug": "file_share_sessions", "display_name": "Sessions", "type": "scalar"},
            "cost_per_user": {"slug": "cost_per_user", "display_name": "Cost per user", "type": "currency_sub_cent"}
          },
          "previous": {
            "periods": [
              {"timestamp": "2026-02-28T00:00:00Z", "file_share_sessions": 0, "cost_per_user": 0},
              {"timestamp": "2026-03-01T00:00:00Z", "file_share_sessions": 4, "cost_per_user": 0}
            ],
            "totals": {"file_share_sessions": 4, "cost_per_user": 0}
          },
          "change": {"file_share_sessions": -0.25, "cost_per_user": null}
        }
        """;

    readonly MetricsScene scene = new MetricsScene
    {
        Question = new("UTC", "day", new(2026, 3, 2), new(2026, 3, 3))
        {
            Metrics = ["file_share_sessions", "cost_per_user"],
            Compare = MetricsQuestion.PreviousPeriod,
        },
        Now = MetricsScene.At("03T12:00"),
    }
        .Share("01T00:00", "1").Share("01T12:00", "2").Share("01T23:59", "3").Share("01T23:59", "4")
        .Share("02T00:00", "5").Share("02T12:00", "6").Share("03T00:00", "7")
        .Add("task.done", "02T00:00", "\"_cost\":{\"amount\":0.5}", "ann");

    [Fact]
    public void The_right_answer_agrees() => Assert.Empty(scene.Differences(Answer));

    [Theory]
    [InlineData("\"file_share_sessions\": 2", "\"file_share_sessions\": 3")]
    [InlineData("\"file_share_sessions\": 2", "\"file_share_sessions\": \"2\"")]
    [InlineData("\"file_share_sessions\": 2", "\"file_share_session\": 2")]
    [InlineData("\"cost_per_user\": 0.5}", "\"cost_per_user\": 0.500000000001}")]
    [InlineData(", \"partial\": true", "")]
    [InlineData("2026-03-03T00", "2026-03-03T01")]
    [InlineData("\"file_share_sessions\": 4, \"cost_per_user\": 0}", "\"file_share_sessions\": 4, \"cost_per_user\": 1}")]
    [InlineData("-0.25", "0.25")]
    [InlineData("\"cost_per_user\": null", "\"cost_per_user\": 0")]
    [InlineData("currency_sub_cent", "currency")]
    [InlineData("\"Sessions\"", "\"\"")]
    public void A_wrong_answer_does_not(string right, string wrong)
    {
        var changed = Answer.Replace(right, wrong, StringComparison.Ordinal);

        Assert.NotEqual(Answer, changed);
        Assert.NotEmpty(scene.Differences(changed));
    }
}
