using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Faults;

/// <summary>What questions cost the process that answers them: little where they are refused, and not more than they say where not.</summary>
[Collection<Faults>, UnsupportedOSPlatform("windows")]
public sealed class LargeAnswersTests(ServiceProcess service, ITestOutputHelper output)
{
    const string Statistics = "/api/events/statistics/timeseries";
    const string Hours = "start_date=2026-03-01&end_date=2026-03-31&interval=hour";
    const int HoursOfMarch = 744;

    [Fact]
    public async Task What_is_too_large_is_refused_before_any_of_it_is_made()
    {
        var client = await ClientAsync(Enumerable.Range(0, 4_000).Select(at => Some.Event($"much.{at}", at: Some.Day)));
        await AskAsync(client, $"{Statistics}?{Hours}", HttpStatusCode.BadRequest);

        var megabytes = await PeakOfAsync(
            () => Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AskAsync(client, $"{Statistics}?{Hours}", HttpStatusCode.BadRequest))));
        output.WriteLine($"16 refusals: {megabytes:0} MB more");

        Assert.InRange(megabytes, 0, 40);
    }

    [Fact]
    public async Task The_largest_answer_there_is_leaves_while_it_is_made()
    {
        const int names = 130;
        var random = new Random(7);
        var client = await ClientAsync(Enumerable.Range(0, 12_000).Select(at => Some.Event(
            $"much.{at % names}", at: Some.Day.AddDays(-10).AddMinutes(random.Next(HoursOfMarch * 60)), cost: random.Next(10_000) / 100m,
            metadata: new() { ["_llm"] = ModelUse(random.Next(9_999), random.Next(9_999)) })));
        var fields = string.Concat(Fields.Select(field => $"&aggregate_fields={field}"));

        foreach (var (format, expected) in new[] { ("json", (HoursOfMarch + 1) * names), ("csv", (HoursOfMarch * names) + 1) })
        {
            var (bytes, rows) = (0L, 0);
            var megabytes = await PeakOfAsync(
                async () => (bytes, rows) = await ReadAsync(client, $"{Statistics}?{Hours}{fields}&format={format}"));
            output.WriteLine($"{format}: {bytes >> 20} MB, {megabytes:0} MB more");

            Assert.Equal(expected, rows);
            Assert.InRange(megabytes, 0, 90);
        }
    }

    static readonly string[] Fields = ["_cost.amount", "_llm.input_tokens", "_llm.output_tokens", "_llm.total_tokens"];

    static JsonObject ModelUse(int inputTokens, int outputTokens) =>
        new() { ["vendor"] = "v", ["model"] = "m", ["input_tokens"] = inputTokens, ["output_tokens"] = outputTokens };

    [Fact]
    public async Task Wide_events_are_no_wider_as_CSV()
    {
        var client = await ClientAsync(Enumerable.Range(0, 300).Select(at => Some.Event(at: Some.Day.AddSeconds(at), metadata: new JsonObject(
            Enumerable.Range(0, 48).Select(key => KeyValuePair.Create($"key.{at}.{key}", (JsonNode?)new string('x', 250)))))));

        var (bytes, rows) = (0L, 0);
        var megabytes = await PeakOfAsync(async () => (bytes, rows) = await ReadAsync(client, "/api/events?limit=300&format=csv"));
        output.WriteLine($"{bytes >> 20} MB, {megabytes:0} MB more");

        Assert.Equal(301, rows);
        Assert.InRange(bytes, 3 << 20, 6 << 20);
        Assert.InRange(megabytes, 0, 40);
    }

    async Task<ApiClient> ClientAsync(IEnumerable<JsonObject> events)
    {
        // A process that did nothing before: what it keeps for the next question does not hide what this one takes.
        await service.KillAsync();
        var client = (await service.NewWorkspaceAsync()).Client(Until.Patience);
        foreach (var some in events.Chunk(5_000))
            await client.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray([.. some]) });
        await AskAsync(client, $"{Statistics}?start_date=2026-03-11&end_date=2026-03-11&interval=day", HttpStatusCode.OK);
        return client;
    }

    async Task<double> PeakOfAsync(Func<Task> work)
    {
        service.ForgetPeak();
        var before = service.PeakMegabytes;
        await work();
        return service.PeakMegabytes - before;
    }

    // A process that has just begun may take longer than the ten seconds of a read while other tests run: it asks to be asked again.
    static async Task<HttpResponseMessage> WithoutHurryAsync(Func<Task<HttpResponseMessage>> ask)
    {
        for (var again = 0; ; again++)
        {
            var answer = await ask();
            if (again == 3 || answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                return answer;
            answer.Dispose();
        }
    }

    static async Task AskAsync(ApiClient client, string path, HttpStatusCode status)
    {
        using var answer = await WithoutHurryAsync(() => client.Http.GetAsync(path));
        Assert.Equal(status, answer.StatusCode);
    }

    // Of JSON each row holds its name once.
    static async Task<(long Bytes, int Rows)> ReadAsync(ApiClient client, string path)
    {
        using var answer = await WithoutHurryAsync(() => client.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead));
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        var mark = path.Contains("csv", StringComparison.Ordinal) ? "\r\n"u8.ToArray() : "\"event_type_id\""u8.ToArray();
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (bytes, rows, kept) = (0L, 0, 0);
        var some = new byte[1 << 16];
        for (int read; (read = await body.ReadAsync(some.AsMemory(kept))) > 0;)
        {
            bytes += read;
            var window = some.AsSpan(0, kept + read);
            rows += window.Count(mark);
            // A mark that is cut in two counts with the next bytes.
            kept = Math.Min(mark.Length - 1, window.Length);
            window[^kept..].CopyTo(some);
        }
        return (bytes, rows);
    }
}
