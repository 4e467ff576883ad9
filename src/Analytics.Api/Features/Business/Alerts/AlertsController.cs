using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Business.Alerts;

/// <summary>Alerts of a workspace: what it wants to be told of.</summary>
[ApiController, CamelCase, Route("api/v1/alerts")]
sealed class AlertsController(AlertsQuery alerts, AlertChanges changes, AlertHistoryQuery history, AlertPreviewQuery preview)
    : ControllerBase
{
    /// <summary>
    /// Makes an alert, of which the workspace has at most 100: it is looked at every minute from then on, and each crossing is told once
    /// in the event log, as <c>threshold.exceeded</c> or <c>anomaly.detected</c>, until the value is back.
    /// </summary>
    [HttpPost, RequireScope(Scopes.ReportsWrite), ProducesResponseType<AlertAnswer>(201)]
    [Example(Request = ExampleOfNew, Answer = ExampleOfOne)]
    public async Task<IActionResult> CreateAlert(NewAlert request, CancellationToken cancel) =>
        StatusCode(201, AlertAnswer.Of(await changes.AddAsync(HttpContext.Workspace, request, cancel), isCrossed: false));

    /// <summary>The workspace's alerts.</summary>
    [HttpGet, RequireScope(Scopes.StatsRead), Paged(
        "createdAt", "createdAt", "name", "severity", "enabled", "window", "state", "id")]
    [Example(Answer = ExampleOfList)]
    public Task<Page<AlertAnswer>> ListAlerts(CancellationToken cancel) =>
        alerts.PageAsync(HttpContext.Workspace, HttpContext.Paging, cancel);

    /// <summary>An alert.</summary>
    /// <param name="id">The alert.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpGet("{id}"), RequireScope(Scopes.StatsRead), Example(Answer = ExampleOfOne)]
    public Task<AlertAnswer> GetAlert(Guid id, CancellationToken cancel) => alerts.FindAsync(HttpContext.Workspace, id, cancel);

    /// <summary>
    /// Changes an alert: absent members stay. A change of what it watches or when it is crossed, and disabling it, forgets that it was
    /// crossed, which is back by then: the next look may tell it again.
    /// </summary>
    /// <param name="id">The alert.</param>
    /// <param name="request">What changes.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpPatch("{id}"), RequireScope(Scopes.ReportsWrite), Example(Request = """{"enabled":false}""", Answer = ExampleOfOne)]
    public async Task<AlertAnswer> UpdateAlert(Guid id, AlertChange request, CancellationToken cancel)
    {
        Alert changed = await changes.ChangeAsync(HttpContext.Workspace, id, request, cancel);
        return await alerts.FindAsync(HttpContext.Workspace, changed.Id, cancel);
    }

    /// <summary>Deletes an alert and its history; what was told of it stays in the event log.</summary>
    /// <param name="id">The alert.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpDelete("{id}"), RequireScope(Scopes.ReportsWrite), ProducesResponseType(204)]
    public async Task<IActionResult> DeleteAlert(Guid id, CancellationToken cancel)
    {
        await changes.DeleteAsync(HttpContext.Workspace, id, cancel);
        return NoContent();
    }

    /// <summary>The crossings of an alert, newest first, as long as the event log has their records.</summary>
    /// <param name="id">The alert.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpGet("{id}/history"), RequireScope(Scopes.StatsRead), Paged(
        "-at", "at", "eventId", "key", "value", "limit", "changePercent", "backAt"), Example(Answer = """
        {"data":[{"eventId":"0195845e-2f3d-7a1b-9c4d-1f2e3d4c5b6a","at":"2026-03-11T09:30:00Z","key":"acme","value":120,"limit":100,
          "changePercent":null,"backAt":"2026-03-11T10:05:00Z"}],
         "meta":{"nextCursor":null}}
        """)]
    public Task<Page<AlertCrossing>> ListAlertHistory(Guid id, CancellationToken cancel) =>
        history.PageAsync(HttpContext.Workspace, id, HttpContext.Paging, cancel);

    /// <summary>
    /// How an alert would have fired in the last days, by what is known of them by now; nothing is stored. A query is gone through minute
    /// by minute, a statistic by whole days: <c>at</c> is the end of a day, and what was back within it is not told. Days with more than
    /// 1 000 crossings are 400.
    /// </summary>
    [HttpPost("preview"), AsksOnly, RequireScope(Scopes.ReportsWrite), Example(
        Request = $$"""{"alert":{{ExampleOfNew}},"days":30}""",
        Answer = """
        {"data":[{"at":"2026-03-11T09:30:00Z","key":"acme","value":120,"limit":100,"changePercent":null,
          "backAt":"2026-03-11T10:05:00Z"}]}
        """)]
    public Task<AlertPreview> PreviewAlert(AlertPreviewRequest request, CancellationToken cancel) =>
        preview.AnswerAsync(HttpContext.Workspace, request, cancel);

    const string ExampleOfNew = """
        {"name":"Heavy use","query":{"metrics":[{"aggregation":"count"}],"dimensions":["customer"],"events":["api.called"]},
         "window":"1h","when":{"operator":"GREATER_THAN","value":100}}
        """;

    const string ExampleOfList = $$$"""{"data":[{{{ExampleOfOne}}}],"meta":{"nextCursor":null}}""";

    const string ExampleOfOne = """
        {"id":"0195845e-1111-7a1b-9c4d-1f2e3d4c5b6a","name":"Heavy use","enabled":true,"severity":"WARN",
         "query":{"metrics":[{"aggregation":"count"}],"events":["api.called"],"dimensions":["customer"]},"statistic":null,
         "window":"1h","when":{"operator":"GREATER_THAN","value":100},"state":"watching",
         "createdAt":"2026-03-11T09:30:00Z"}
        """;
}
