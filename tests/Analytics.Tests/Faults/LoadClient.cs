using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Faults;

/// <summary>
/// One client: batches and single events with parents that came before, come in the same batch, or come later. Some batches are sent
/// twice at once, some again after they were acknowledged.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class LoadClient(Load load, ApiClient api, LoadShape shape, int number, int seed)
{
    static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(100);
    readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();
    readonly Random random = new(seed * 1000 + number);
    readonly List<string> sent = [];
    string? pendingRoot;

    public IReadOnlyList<string> Sent => sent;

    public async Task RunAsync()
    {
        (string Body, int Events) before = default;
        while (!load.IsEnding)
        {
            var batch = Batch(random.Next(4) == 0 ? 1 : random.Next(shape.MinEvents, shape.MaxEvents + 1));
            var copies = random.Next(8) == 0 ? 2 : 1;
            var inserted = await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => UntilAcknowledgedAsync(batch)));
            if (inserted.Sum() > batch.Events)
                load.Find($"A batch of {batch.Events} was inserted {string.Join(" and ", inserted)} times.");
            load.Acknowledge(batch.Events);
            if (before.Body is not null && random.Next(10) == 0 && await UntilAcknowledgedAsync(before) is > 0 and var again)
                load.Find($"Of {before.Events} acknowledged events {again} were new when they were sent again.");
            before = batch;
            await Task.Delay(shape.Pause);
        }
    }

    /// <summary>Sends the batch until it is acknowledged; how many of its events that answer says were inserted.</summary>
    async Task<int> UntilAcknowledgedAsync((string Body, int Events) batch)
    {
        for (var attempts = 0; ; attempts++)
        {
            try
            {
                using var answer = await api.AskAsync(HttpMethod.Post, "/api/events/ingest", batch.Body);
                var status = (int)answer.StatusCode;
                load.Answer(status);
                var text = await answer.Content.ReadAsStringAsync();
                if (status == 200)
                    return Inserted(JsonElement.Parse(text), batch.Events);
                if (status is not (429 or 503) || answer.Headers.RetryAfter is null)
                    load.Find($"Answered {status}, Retry-After {answer.Headers.RetryAfter}: {text}");
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
            {
                load.Lose();
            }

            // Sooner than Retry-After asks for, so that a fault meets as much as possible.
            await Task.Delay(MaxPause * random.NextDouble());
        }
    }

    int Inserted(JsonElement answer, int events)
    {
        var inserted = answer.GetProperty("inserted").GetInt32();
        if (inserted + answer.GetProperty("duplicates").GetInt32() != events)
            load.Find($"A batch of {events} was answered {answer}.");
        return inserted;
    }

    (string Body, int Events) Batch(int events)
    {
        var batch = new JsonArray();
        for (var at = 0; at < events; at++)
        {
            var (id, parent) = pendingRoot is { } root
                ? (root, null)
                : ($"c{number}-{sent.Count.ToString(CultureInfo.InvariantCulture)}", Parent());
            if (pendingRoot is not null)
                pendingRoot = null;
            batch.Add(Event(id, parent));
            sent.Add(id);
        }
        if (random.Next(3) == 0)
        {
            // A child whose parent begins the next batch; that parent is a root, so no circle can come of it.
            pendingRoot = $"c{number}-late-{sent.Count}";
            batch.Add(Event($"c{number}-early-{sent.Count}", pendingRoot));
            sent.Add($"c{number}-early-{sent.Count}");
        }
        return (new JsonObject { ["events"] = batch }.ToJsonString(), batch.Count);
    }

    // Mostly a near one: traces of some depth, across batches at times.
    string? Parent() => sent.Count == 0 || random.Next(3) == 0 ? null : sent[Math.Max(0, sent.Count - 1 - random.Next(random.Next(8) == 0 ? 400 : 6))];

    JsonObject Event(string id, string? parent) => Some.Event(
        $"work.kind{random.Next(6)}", now.AddSeconds(-random.Next(5 * 86_400)), id, $"customer-{random.Next(40)}", parent: parent,
        cost: random.Next(2) == 0 ? random.Next(100_000) / 1000m : null);
}
