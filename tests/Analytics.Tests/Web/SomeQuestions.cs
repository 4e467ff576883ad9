namespace Analytics.Tests.Web;

/// <summary>What somebody keeps an eye on: a report, an alert, and a webhook that is told nothing.</summary>
static class SomeQuestions
{
    static readonly object[] Count = [new { aggregation = "count" }];

    static readonly object Report = new
    {
        name = "Events by name", query = new { metrics = Count, dimensions = (string[])["name"], period = "12m" },
    };

    static readonly object Alert = new
    {
        name = "Busy", window = "1h", query = new { metrics = Count }, when = new { @operator = "GREATER_THAN", value = 1_000_000 },
    };

    static readonly object Webhook = new { url = "https://hooks.example.com/in", events = (string[])["*"], enabled = false };

    /// <summary>Makes them; the addresses of their pages.</summary>
    public static async Task<(string Report, string Alert, string Webhook)> AddAsync(WorkspaceClient workspace) =>
    (
        $"reports/{await MakeAsync(workspace, "/api/v1/analytics/reports", Report)}",
        $"alerts/{await MakeAsync(workspace, "/api/v1/alerts", Alert)}",
        $"alerts/webhooks/{await MakeAsync(workspace, "/api/v1/webhooks", Webhook)}"
    );

    static async Task<string?> MakeAsync(WorkspaceClient workspace, string route, object body) =>
        (await workspace.PostAsync(route, body, 201)).GetProperty("id").GetString();
}
