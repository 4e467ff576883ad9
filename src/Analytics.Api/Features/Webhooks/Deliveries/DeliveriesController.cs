using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>The last deliveries of a webhook, newest first.</summary>
public sealed record DeliveryList(IReadOnlyList<DeliveryAnswer> Data);

/// <summary>What a webhook was told, or is to be told.</summary>
/// <param name="Id">The message's <c>webhook-id</c>, at every try.</param>
/// <param name="EventId">The event log's record that it tells.</param>
/// <param name="Type">The record's type.</param>
/// <param name="State">Whether a try is to come, one has succeeded, or the last one has failed.</param>
/// <param name="Tries">The last 20 of its tries, the oldest first.</param>
/// <param name="NextTryAt">When it is tried next; null when it is not, or waits until the webhook is enabled.</param>
/// <param name="CreatedAt">When its record was stored.</param>
public sealed record DeliveryAnswer(
    Guid Id, Guid EventId, string Type, [property: OneOf(typeof(DeliveryStates), nameof(DeliveryStates.All))] string State,
    IReadOnlyList<WebhookTry> Tries, DateTimeOffset? NextTryAt, DateTimeOffset CreatedAt);

/// <summary>What webhooks were told, and what became of it.</summary>
[ApiController, CamelCase, Route("api/v1/webhooks/{id}/deliveries"), RequireScope(Scopes.ReportsWrite)]
sealed class DeliveriesController(DeliveriesQuery deliveries, WakeWebhooks wake) : ControllerBase
{
    /// <summary>The last 100 deliveries of a webhook, newest first. Older ones that are pending are still tried.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpGet, Example(Answer = """
        {"data":[{"id":"3f2c6f1e-7a55-4c09-9d0e-5f6a3f0f9a11","eventId":"019cdc41-5a80-7000-8000-000000000001","type":"threshold.exceeded",
          "state":"pending","tries":[{"at":"2026-03-11T09:30:00Z","status":500,"error":null,"durationMs":84}],
          "nextTryAt":"2026-03-11T09:30:05Z","createdAt":"2026-03-11T09:29:59.9Z"}]}
        """)]
    public async Task<DeliveryList> ListWebhookDeliveries(Guid id, CancellationToken cancel) =>
        await deliveries.LastAsync(HttpContext.Workspace, id, cancel) ?? throw ProblemException.NotFound();

    /// <summary>Has a delivery tried once more, now: one that was delivered or has failed too, and of a webhook that is disabled.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="deliveryId">The delivery's id.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpPost("{delivery_id}/retry"), ProducesResponseType(202)]
    public async Task<IActionResult> RetryWebhookDelivery(
        Guid id, [FromRoute(Name = "delivery_id")] Guid deliveryId, CancellationToken cancel)
    {
        if (!await deliveries.AskAsync(HttpContext.Workspace, id, deliveryId, cancel))
            throw ProblemException.NotFound();
        wake();
        return StatusCode(202);
    }
}
