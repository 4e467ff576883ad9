using Analytics.Commands.Demo.Life;
using Analytics.Feed;
using Analytics.Storage;
using Analytics.Tenancy;

namespace Analytics.Commands.Demo;

/// <summary>
/// A fact or two a second come to the demo's workspace while somebody has a stream of it open on this node, and none otherwise. They are
/// sent over HTTP, as any client would.
/// </summary>
sealed class DemoPulse(EventFeed feed, TenantDirectory tenants, StoreReadiness readiness, TimeProvider clock, ILogger<DemoPulse> log)
    : RepeatedJob(readiness, clock, log)
{
    (DemoClient Client, Guid Workspace)? demo;

    protected override string Work => "Sending the demo's pulse";

    protected override TimeSpan Pause => TimeSpan.FromSeconds(1);

    /// <summary>From now on it beats, in this workspace.</summary>
    public void Begin(DemoClient client, Guid workspace) => demo = (client, workspace);

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        if (demo is not var (client, id) || feed.LiveWorkspaces is not { Length: > 0 } live)
            return;
        if (await tenants.NamedAsync($"{id}") is not { } workspace || !live.Contains(workspace.Key))
            return;
        var (part, facts) = Pulse.Of(Clock.GetUtcNow());
        await client.SendAsync($"api/{part}/ingest", part, facts, cancel);
    }
}
