using System.Collections.Concurrent;
using System.Text.Json;

namespace Analytics.Tests.Contract.Generated;

/// <summary>
/// Thousands of requests made up from the service's own document. Each is answered with a status the document names for its operation and
/// with a body of the shape it says, never with a 500. <c>ANALYTICS_GENERATED_REQUESTS</c> says how many, <c>ANALYTICS_GENERATED_SEED</c>
/// which: the same seed makes the same requests, but for the ids in them.
/// </summary>
public sealed class GeneratedRequestsTests(AnalyticsApi api, ITestOutputHelper output)
{
    const int Workers = 8;
    const int MostTries = 200;
    static readonly int Wanted = Setting("ANALYTICS_GENERATED_REQUESTS") ?? 2_000;
    static readonly int Seed = Setting("ANALYTICS_GENERATED_SEED") ?? Random.Shared.Next();
    readonly ConcurrentDictionary<(string Operation, int Status), int> answers = [];
    readonly ConcurrentQueue<string> faults = [];

    [Fact]
    public async Task No_request_is_answered_otherwise_than_documented()
    {
        var document = await Documented.OfAsync(api);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(document, worker))));
        var asked = answers.Values.Sum();
        await InsistAsync(document);

        output.WriteLine($"Seed {Seed}: {answers.Values.Sum()} requests in {clock.Elapsed.TotalSeconds:0.0} s, "
            + string.Join(", ", answers.GroupBy(answer => answer.Key.Status, answer => answer.Value).OrderBy(status => status.Key)
                .Select(status => $"{status.Key}: {status.Sum()}")));
        Assert.True(faults.IsEmpty, $"Seed {Seed}, {faults.Count} faults:\n\n{string.Join("\n\n", faults.Take(20))}");
        Assert.Equal(Wanted / Workers * Workers, asked);
        // Else it says little: every operation does what it is for now and then, and refuses.
        Assert.Equal([], document.Operations.Where(IsOneSided).Select(operation => $"{operation}"));
    }

    bool IsOneSided(Operation operation) => !Has(operation, status => status < 400)
        || (operation.Scope != "open" && !Has(operation, status => status >= 400));

    // By chance an operation may have been asked nothing but nonsense.
    async Task InsistAsync(Documented document)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        SomeWorld? world = null;
        var all = 0;
        foreach (var operation in document.Operations)
            for (var tries = 0; tries < MostTries && IsOneSided(operation); tries++)
            {
                world = all++ % 20 == 0 ? await SomeWorld.MakeAsync(api) : world;
                await TryAsync(document, http, new RandomRequests(document, world!, new Random(HashCode(Workers, tries))).Next(operation));
            }
    }

    bool Has(Operation operation, Predicate<int> isSo) =>
        answers.Keys.Any(answer => answer.Operation == $"{operation}" && isSo(answer.Status));

    async Task WorkAsync(Documented document, int worker)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        SomeWorld? world = null;
        for (var at = 0; at < Wanted / Workers; at++)
        {
            // What was deleted or revoked meanwhile is there again.
            if (at % 100 == 0)
                world = await SomeWorld.MakeAsync(api);
            var random = new Random(HashCode(worker, at));
            var operation = document.Operations[at % document.Operations.Count];
            await TryAsync(document, http, new RandomRequests(document, world!, random).Next(operation));
        }
    }

    async Task TryAsync(Documented document, HttpClient http, GeneratedRequest request)
    {
        try
        {
            await AskAsync(document, http, request);
        }
        catch (Exception fault)
        {
            faults.Enqueue($"{fault.Message}\n{request.ToCurl(api.Address)}");
        }
    }

    async Task AskAsync(Documented document, HttpClient http, GeneratedRequest request)
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        using var message = request.ToMessage(api.Address);
        using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        var status = (int)answer.StatusCode;
        answers.AddOrUpdate(($"{request.Operation}", status), 1, (_, count) => count + 1);

        if (request.IsRefusedBeforeRouting && status is 400 or 414 && !answer.Headers.Contains("X-Request-Id"))
            return;
        Assert.True(status < 500 || status == 503, $"{request.Operation} answered {status}.");
        var isDocumented = request.Operation.Answers.Any(documented => documented.Status == $"{status}");
        Assert.True(isDocumented, $"{status} of {request.Operation} is not documented.");
        Assert.True(answer.Headers.Contains("X-Request-Id"), $"{status} of {request.Operation} has no X-Request-Id.");
        Assert.True(answer.Headers.CacheControl is { NoStore: true } || answer.Headers.ETag is not null, $"{status} of {request.Operation} may be kept.");
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (type == "text/event-stream")
            return;
        var text = await answer.Content.ReadAsStringAsync(patience.Token);
        var holder = request.Operation.Answers.First(documented => documented.Status == $"{status}").Answer;
        if (request.Method == "HEAD")
            Assert.Empty(text);
        else if (text.Length == 0) // of no facts there are no lines
            Assert.True(
                type?.EndsWith("ndjson", StringComparison.Ordinal) == true || !Operation.MediaOf(holder).Any(),
                $"{status} of {request.Operation} has no body.");
        else if (Operation.Media(holder, type ?? "") is not { } media)
            Assert.Fail($"{status} of {request.Operation} is not documented as {type}: {text}");
        else if (type!.EndsWith("json", StringComparison.Ordinal))
            foreach (var each in type.EndsWith("ndjson", StringComparison.Ordinal) ? text.TrimEnd().Split('\n') : [text])
                document.AssertFits(media.GetProperty("schema"), JsonElement.Parse(each), $"{status} of {request.Operation}");
    }

    // The framework's own differ from run to run.
    static int HashCode(int worker, int at) => unchecked((((Seed * 31) + worker) * 1_000_003) + at);

    static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
