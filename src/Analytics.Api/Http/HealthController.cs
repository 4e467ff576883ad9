using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Contract;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Http;

/// <summary>Whether the process lives, and whether it can serve.</summary>
public sealed record Health([property: OneOf("live", "ready")] string Status);

/// <summary>How the process is: health checks, and metrics for Prometheus.</summary>
[ApiController, Route("health"), Open, Untraced]
sealed class HealthController(StoreReadiness store) : ControllerBase
{
    /// <summary>200 as long as the process runs.</summary>
    [HttpGet("live")]
    public Health CheckLive() => new("live");

    /// <summary>200 when the migrations are done and the store answers, else 503.</summary>
    [HttpGet("ready")]
    public async Task<Health> CheckReady(CancellationToken cancel) => await store.AnswersAsync(cancel)
        ? new("ready")
        : throw new ProblemException(503, "The store does not answer.") { RetryAfter = 1 };
}
