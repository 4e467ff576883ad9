using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Faults;

[Collection<Alone>, UnsupportedOSPlatform("windows")]
public sealed class OverloadTests(ServiceProcess service, ITestOutputHelper output)
{
    const int EventsOfABody = 10_000;
    const int MostMegabytes = 500;
    readonly ConcurrentDictionary<string, int> outcomes = new(StringComparer.Ordinal);
    readonly byte[] body = Encoding.UTF8.GetBytes(new JsonObject
    {
        // No external ids, so that every body is work; one text for all of them, so that they cost this process little.
        ["events"] = new JsonArray([.. Enumerable.Range(0, EventsOfABody).Select(at => Some.Event(
            $"much.{at % 5}", customer: $"customer-{at % 100}", cost: at / 100m, metadata: new JsonObject { ["text"] = new string('x', 100) }))]),
    }.ToJsonString());

    [Fact]
    public async Task Overload_is_refused_with_Retry_After_within_bounded_memory_and_passes()
    {
        var workspace = await FloodedAsync();
        // What the collector leaves standing differs by a tenth from run to run: another process may show that it need not.
        for (var again = 0; again < 2 && service.PeakMegabytes > MostMegabytes; again++)
            workspace = await FloodedAsync();

        Assert.Empty(outcomes.Keys.Except(["200", "429 with Retry-After", "503 with Retry-After"]));
        Assert.True(Refused > 0, "Nothing was refused.");
        Assert.True(Stored > 0, "Nothing was stored.");
        Assert.InRange(service.PeakMegabytes, 1, MostMegabytes);
        Assert.Equal((long)Stored * EventsOfABody, await workspace.OccurrencesAsync());
        // In real time, for it is another process; the quickest of ten, which a busy machine hardly makes slower.
        Assert.InRange(await QuickestAsync(workspace), TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
    }

    /// <summary>A workspace of a process that did nothing before, after a flood: the bound is about what overload adds to it.</summary>
    async Task<FaultyWorkspace> FloodedAsync()
    {
        outcomes.Clear();
        await service.KillAsync();
        var workspace = await service.NewWorkspaceAsync();
        var connections = 0;
        for (var more = 40; connections == 0 || (Refused == 0 && connections < 160); more *= 2)
        {
            var enough = Stored + 20;
            await Task.WhenAll(Enumerable.Range(0, connections = more).Select(_ => FloodAsync(workspace, enough)));
        }

        output.WriteLine($"{connections} connections, bodies of {body.Length >> 10} KB, {service.PeakMegabytes:0} MB: "
            + string.Join(", ", outcomes.Select(outcome => $"{outcome.Key}: {outcome.Value}")));
        return workspace;
    }

    int Stored => outcomes.GetValueOrDefault("200");

    int Refused => outcomes.GetValueOrDefault("429 with Retry-After") + outcomes.GetValueOrDefault("503 with Retry-After");

    async Task FloodAsync(FaultyWorkspace workspace, int enough)
    {
        var client = workspace.Client(Until.Patience);
        for (var clock = Stopwatch.StartNew(); Stored < enough && clock.Elapsed < Until.Patience;)
        {
            var outcome = await SendAsync(client);
            outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
            // Refusals are cheap for the service and must not be dear for the machine.
            if (outcome != "200")
                await Task.Delay(100);
        }
    }

    async Task<string> SendAsync(ApiClient client)
    {
        try
        {
            var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            using var answer = await client.AskAsync(HttpMethod.Post, "/api/events/ingest", content);
            return $"{(int)answer.StatusCode}{(answer.Headers.RetryAfter is null ? "" : " with Retry-After")}";
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            return lost.ToString();
        }
    }

    static async Task<TimeSpan> QuickestAsync(FaultyWorkspace workspace)
    {
        var client = workspace.Client(TimeSpan.FromSeconds(30));
        var quickest = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var clock = Stopwatch.StartNew();
            await client.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray(Some.Event()) });
            quickest = clock.Elapsed < quickest ? clock.Elapsed : quickest;
        }
        return quickest;
    }
}
