using System.Text;
using System.Text.Json.Nodes;
using Analytics.Features.Business.Alerts;
using Analytics.Features.Business.Query;
using Analytics.Features.Business.Units;
using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Tests.Features.Requests;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Alerts;

/// <summary>What is held of the facts in alerts' windows is at every minute what the question would be answered anew.</summary>
public sealed class HeldFactsTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Start = Some.Day.AddHours(12);

    static readonly string[] Metrics =
        ["count", "count:n", "sum:n", "avg:n", "min:n", "max:n", "unique:n", "unique:plan", "unique:customer", "p50:n", "p95:n", "p1:deep.n"];

    static readonly string?[] Dimensions = [null, "plan", "customer", "name", "metadata.name", "deep.n"];

    static readonly string[] OfRequests =
        ["count", "avg:latencyMs", "p90:latencyMs", "max:requestSize", "sum:responseSize", "unique:customer", "min:statusCode"];

    static readonly string?[] DimensionsOfRequests = [null, "endpoint", "customer", "method", "statusCode", "productId", "apiKeyId"];

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task It_is_the_same_as_a_fresh_answer_at_every_minute(int seed)
    {
        var random = new Random(seed);
        var client = await api.NewWorkspaceAsync();
        await client.PostAsync("/api/v1/alerts", SomeAlerts.Count(above: 1e9m), 201);
        var workspace = (await api.Services.GetRequiredService<TenantDirectory>().NamedAsync(client.Slug))!;
        var watched = new WatchedWorkspace(workspace);
        watched.Take(1, [.. Alerts(random)], Array.Empty<Guid>().ToLookup(_ => Guid.Empty, _ => Array.Empty<byte>()));
        await SendAsync(client, random, Start, 200);
        for (var minute = 0; minute < 90; minute += random.Next(4) == 0 ? random.Next(1, 40) : 1)
        {
            var now = Start.AddMinutes(minute);
            if (random.Next(3) > 0)
                await SendAsync(client, random, now, random.Next(1, 12));
            if (random.Next(25) == 0)
                await ChangePeopleAsync(client, random);
            if (random.Next(40) == 0)
                await EraseAsync(client, random);
            await HoldAsync(watched, now);
            await AssertSameAsync(workspace, watched, now, random);
        }
    }

    readonly Dictionary<Guid, AlertQuery> asked = [];

    IEnumerable<WatchedAlert> Alerts(Random random)
    {
        for (var n = 0; n < 40; n++)
        {
            var isOfRequests = n % 4 == 3;
            var metric = One(random, isOfRequests ? OfRequests : Metrics).Split(':');
            var dimension = One(random, isOfRequests ? DimensionsOfRequests : Dimensions);
            var filter = random.Next(3) > 0 ? null : isOfRequests
                ? Filter("statusCode", "LESS_THAN", 500)
                : random.Next(2) == 0 ? Filter("plan", "NOT_EQUALS", "pro") : Filter("n", "GREATER_THAN", 2.5);
            var id = Guid.NewGuid();
            asked[id] = new AlertQuery(
                isOfRequests ? "requests" : null, [new QueryMetric(metric[0], metric.ElementAtOrDefault(1))],
                isOfRequests || random.Next(2) == 0 ? null : ["a", "b"], dimension is null ? null : [dimension],
                filter is null ? null : [filter]);
            yield return WatchedAlert.Of(id, new NewAlert(
                "n", true, "WARN", asked[id], null, One(random, ["15m", "1h", "1d", "30d"]),
                random.Next(2) == 0 ? new(null, null, new ExactNumber(1)) : new("GREATER_THAN", new ExactNumber(1), null)));
        }
    }

    static UnitFilter Filter(string field, string word, object value) =>
        new(field, word, System.Text.Json.JsonSerializer.SerializeToElement(value));

    // Facts of now, of the windows' ends, of long ago and of the future; some of them again.
    static async Task SendAsync(WorkspaceClient client, Random random, DateTimeOffset now, int count)
    {
        var events = Enumerable.Range(0, count).Select(_ => Event(random, At(random, now))).ToList();
        await client.IngestAsync([.. events, .. events.Where(_ => random.Next(4) == 0).Select(e => e.DeepClone())]);
        await client.TellAsync(Enumerable.Range(0, count).Select(_ => SomeRequests.Request(
            One(random, ["/a", "/b", "/c/1"]), random.Next(1, 2_000) / 7m, One(random, [200, 200, 404, 500, 101]), At(random, now),
            One(random, ["acme", "bob", null]))));
    }

    static DateTimeOffset At(Random random, DateTimeOffset now) => random.Next(8) switch
    {
        0 => now.AddDays(-random.Next(1, 61)).AddSeconds(random.Next(-90, 90)),
        1 => now.AddHours(-random.Next(1, 50)),
        2 => now.AddMinutes(random.Next(1, 30)),
        3 => now.AddMinutes(-15 * random.Next(0, 3)).AddMicroseconds(random.Next(-2, 2)),
        _ => now.AddSeconds(-random.Next(0, 2_000)),
    };

    static JsonObject Event(Random random, DateTimeOffset at)
    {
        var metadata = new JsonObject { ["name"] = One(random, ["x", "y"]) };
        if (One<JsonNode?>(random, ["pro", "free", 1, 1.0m, true, new JsonArray(), JsonValue.Create((string?)null)]) is { } plan)
            metadata["plan"] = plan;
        if (random.Next(5) > 0)
            metadata["n"] = One<JsonNode>(random, [random.Next(5), random.Next(1_000) / 100m, "3", -1.000000000001m, false]);
        metadata[random.Next(3) == 0 ? "deep.n" : "deep"] = random.Next(2) == 0 ? new JsonObject { ["n"] = random.Next(3) } : random.Next(3);
        var customer = One(random, ["acme", "bob", "eve", null]);
        return Some.Event(
            customer is null ? "service.up" : One(random, ["a", "b", "c"]), at, Some.ExternalId, customer, metadata: metadata);
    }

    static async Task ChangePeopleAsync(WorkspaceClient client, Random random)
    {
        var rows = (await client.GetAsync("/api/customers")).GetProperty("data").EnumerateArray().ToList();
        if (rows.Count == 0)
            await client.NewCustomerAsync("bob");
        else
            await client.PatchAsync($"/api/customers/{rows[0].GetProperty("id")}", new { external_id = $"bob{random.Next(3)}" });
    }

    static async Task EraseAsync(WorkspaceClient client, Random random)
    {
        var customer = await client.NewCustomerAsync($"eve{random.Next(10_000)}");
        await client.PatchAsync($"/api/customers/{customer}", new { external_id = "eve" });
        var job = (await client.SendAsync(HttpMethod.Delete, $"/api/customers/{customer}", null, 202)).GetProperty("job_id");
        await Until.HoldsAsync(
            async () => (await client.GetAsync($"/api/erasures/{job}")).GetProperty("status").GetString() == "done", "Nobody is erased.");
    }

    async Task HoldAsync(WatchedWorkspace watched, DateTimeOffset now)
    {
        var end = Rfc3339.Microseconds(now);
        do
        {
            await using var read = await BoundedRead.OpenAsync(api.Store, TestContext.Current.CancellationToken);
            var position = (await WatchPosition.OfAsync(read.Connection, watched.Workspace.Key, read.Cancel))!.Value.AsOf(end);
            var turns = 0;
            await watched.HoldAsync(read, position, end, () => turns++ < 3);
        }
        while (watched.IsFilling);
    }

    async Task AssertSameAsync(Workspace workspace, WatchedWorkspace watched, DateTimeOffset now, Random random)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var reading = scope.ServiceProvider.GetRequiredService<QueryReading>();
        foreach (var held in watched.Alerts)
        {
            if (random.Next(4) > 0)
                continue;
            var alert = held.Alert;
            var length = TimeSpan.FromMicroseconds(alert.Length);
            var current = await AnswerAsync(reading, workspace, alert, now - length, now);
            var before = alert.HasBefore ? await AnswerAsync(reading, workspace, alert, now - 2 * length, now - length) : [];
            var expected = current.Keys.Union(before.Keys)
                .Select(key => $"{key}: {ValueOf(current, key, alert)} {(alert.HasBefore ? ValueOf(before, key, alert) : "")}");
            var told = held.Look()
                .Select(found => $"{AlertKeys.JsonOf(found.Key)}: {Shown(found.Value)} {(alert.HasBefore ? Shown(found.Before) : "")}");
            Assert.Equal(expected.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        }
    }

    static string ValueOf(Dictionary<string, Int128?> answer, string key, WatchedAlert alert) =>
        Shown(answer.TryGetValue(key, out var value) ? value : KeyTally.OfNone(alert.Query!.Metric));

    static string Shown(Int128? value) => value is { } units ? DecimalUnits.Format(units) : "nothing";

    async Task<Dictionary<string, Int128?>> AnswerAsync(
        QueryReading reading, Workspace workspace, WatchedAlert alert, DateTimeOffset from, DateTimeOffset to)
    {
        var range = new TimeRange(from, to, Zones.Find("UTC", []));
        var query = AskedQuery.Of(asked[alert.Id].Asked with { From = Rfc3339.Format(from), To = Rfc3339.Format(to) }, workspace, to);
        var groups = await reading.GroupsAsync(workspace, query, range, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Null(groups.ScannedFrom);
        return groups.All.ToDictionary(
            group => group.Dimensions is [var value] ? Json(value) : "null", group => group.ValueOf(query, query.Metrics[0])?.Units);
    }

    static string Json(object? value) => value switch
    {
        null => "null",
        string text => AlertKeys.JsonOf([(byte)'t', .. Encoding.UTF8.GetBytes(text)]),
        bool truth => truth ? "true" : "false",
        ExactNumber number => DecimalUnits.Format(number.Units),
        _ => value.ToString()!,
    };

    static T One<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];
}
