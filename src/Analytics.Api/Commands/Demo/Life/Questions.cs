namespace Analytics.Commands.Demo.Life;

/// <summary>What somebody keeps an eye on in the demo: saved reports, alerts, and whom they would be told.</summary>
static class Questions
{
    public static readonly object[] Reports =
    [
        new
        {
            name = "Active members by plan",
            query = new
            {
                metrics = (object[])[new { aggregation = "unique", field = "member" }, new { aggregation = "count" }],
                events = (string[])["app.opened"], dimensions = (string[])["plan"], period = "8w", interval = "week",
            },
            schedule = new { every = "week", at = "08:00", timezone = Rhythm.Timezone },
        },
        new
        {
            name = "What models cost",
            query = new
            {
                metrics = (object[])
                [
                    new { aggregation = "sum", field = "_cost.amount" }, new { aggregation = "avg", field = "_llm.input_tokens" },
                    new { aggregation = "count" },
                ],
                events = (string[])["assistant.completion"], dimensions = (string[])["_llm.vendor", "_llm.model"], period = "30d",
            },
        },
    ];

    /// <summary>Declined cards, of which there are some a month, fire the first one now and then.</summary>
    public static readonly object[] Alerts =
    [
        new
        {
            name = "A payment failed", severity = "ERROR", window = "1d", when = new { @operator = "GREATER_THAN", value = 0 },
            query = new { metrics = (object[])[new { aggregation = "count" }], events = (string[])["payment.failed"] },
        },
        new
        {
            name = "An endpoint is slow", window = "1h", when = new { @operator = "GREATER_THAN", value = 3_000 },
            query = new
            {
                dataset = "requests", metrics = (object[])[new { aggregation = "p95", field = "latencyMs" }],
                dimensions = (string[])["endpoint"],
            },
        },
        new
        {
            name = "Downloads of apps doubled", severity = "INFO", window = "1d", when = new { changePercent = 100 },
            statistic = new { scope = "org", measure = "bandwidth" },
        },
    ];

    /// <summary>Nothing leaves the demo by itself: the address stands for one of the reader's own.</summary>
    public static readonly object Webhook = new
    {
        url = "https://example.com/analytics",
        events = (string[])["threshold.exceeded", "anomaly.detected", "report.ready"],
        enabled = false,
    };
}
