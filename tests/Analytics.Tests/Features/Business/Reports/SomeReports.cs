using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Features.Business.Reports;
using Analytics.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Reports;

/// <summary>The vocabulary of tests about saved reports.</summary>
static class SomeReports
{
    public const string Path = "/api/v1/analytics/reports";

    /// <summary>How many events of each name and customer there were.</summary>
    public static JsonObject ByCustomer(string name = "By customer", string period = "30d", JsonObject? schedule = null)
    {
        var report = new JsonObject
        {
            ["name"] = name,
            ["query"] = new JsonObject
            {
                ["metrics"] = new JsonArray(new JsonObject { ["aggregation"] = "count" }),
                ["events"] = new JsonArray("task.done"),
                ["dimensions"] = new JsonArray("customer"),
                ["period"] = period,
            },
        };
        if (schedule is not null)
            report["schedule"] = schedule.DeepClone();
        return report;
    }

    public static JsonObject Schedule(string every, string at, string? timezone = null)
    {
        var schedule = new JsonObject { ["every"] = every, ["at"] = at };
        if (timezone is not null)
            schedule["timezone"] = timezone;
        return schedule;
    }

    /// <summary>Saves a report; the path it is found by.</summary>
    public static async Task<string> SaveAsync(this ApiClient client, JsonObject report) =>
        $"{Path}/{(await client.PostAsync(Path, report, 201)).GetProperty("id").GetGuid()}";

    /// <summary>The rows of an answer, each as one text.</summary>
    public static string[] Rows(this JsonElement answer) =>
        [.. answer.GetProperty("rows").EnumerateArray().Select(row => string.Join(' ', row.EnumerateArray()))];

    /// <summary>The kept runs of a report, the latest first.</summary>
    public static async Task<JsonElement[]> RunsAsync(this ApiClient client, string report) =>
        [.. (await client.GetAsync($"{report}/runs")).GetProperty("data").EnumerateArray()];

    /// <summary>Has a report with a daily schedule run as if its last time had been missed; the path of the run.</summary>
    public static async Task<string> MissedRunAsync(this AnalyticsApi api, ApiClient client, string report)
    {
        await api.Store.ExecuteAsync(
            "update reports set due_at = due_at - interval '1 day', again_at = due_at - interval '1 day' where id = $1",
            [Guid.Parse(report.Split('/')[^1])], default);
        api.Services.GetRequiredService<ReportRunner>().Wake();
        await Until.HoldsAsync(async () => await client.RunsAsync(report) is not [], "The report does not run.");
        return $"{report}/runs/{(await client.RunsAsync(report))[0].GetProperty("id").GetGuid()}";
    }
}
