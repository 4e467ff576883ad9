using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Features.Business.Alerts;
using Analytics.Storage;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>Lets the minutes of alerts go by.</summary>
static class WatchClock
{
    /// <summary>Lets minutes go by, and waits until the last of them was looked at and what was found is told.</summary>
    public static async Task LookAsync(this TimedApi timed, int minutes = 1, params IServiceProvider[] others)
    {
        timed.Clock.Advance(Minute(timed.Now).AddMinutes(minutes).AddSeconds(1) - timed.Now);
        AlertWatch[] watches = [.. others.Prepend(timed.Api.Services).Select(node => node.GetRequiredService<AlertWatch>())];
        var end = Rfc3339.Microseconds(Minute(timed.Now));
        await timed.Clock.RunAsync(Until.HoldsAsync(
            async () => watches.Max(watch => watch.LookedAt) >= end
                && await timed.Api.Store.ScalarAsync<long>("select count(*) from outbox", [], default) == 0,
            "The alerts are not looked at."));
    }

    public static DateTimeOffset Minute(DateTimeOffset at) => new(at.Ticks - at.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    public static async Task<string> MakeAlertAsync(this WorkspaceClient workspace, JsonObject alert) =>
        (await workspace.PostAsync(SomeAlerts.Path, alert, 201)).GetProperty("id").GetString()!;

    public static async Task<List<JsonElement>> HistoryAsync(this WorkspaceClient workspace, string alert) =>
        [.. (await workspace.GetAsync($"{SomeAlerts.Path}/{alert}/history?limit=1000")).GetProperty("data").EnumerateArray()];
}
