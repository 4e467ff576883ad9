using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Features.Verification;

/// <summary>What the last verify of a workspace came to.</summary>
/// <param name="CheckedAt">When it ended; null before the first one.</param>
/// <param name="RawEvents">The raw facts of every kind (events, requests, facts of apps) that were counted anew.</param>
/// <param name="RollupRows">
/// The rollups' rows that were compared with what raw facts, or finer rows, add up to: a row is what one key (a customer, an endpoint, an
/// app) has in one minute, quarter hour, hour, day or month.
/// </param>
/// <param name="Differences">Whatever did not agree, in rollups and in what else is derived; 0 is as it should be.</param>
public sealed record VerificationAnswer(DateTimeOffset? CheckedAt, long RawEvents, long RollupRows, long Differences);

/// <summary>Whether the numbers are what the raw facts add up to.</summary>
[ApiController, RequireScope(Scopes.StatsRead)]
sealed class VerificationController(VerificationQuery query) : ControllerBase
{
    /// <summary>
    /// The workspace's last verify: every night, or on command, each rollup is counted anew from the raw facts. Zeros, and
    /// <c>checked_at</c> null, before the first one.
    /// </summary>
    [HttpGet("/api/verification")]
    [Example(Answer = """{"checked_at":"2026-03-12T02:04:11.25Z","raw_events":1204311,"rollup_rows":318240,"differences":0}""")]
    public Task<VerificationAnswer> GetVerification(CancellationToken cancel) => query.LastAsync(HttpContext.Workspace.Key, cancel);
}
