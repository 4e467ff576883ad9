using System.Diagnostics;
using Analytics.Storage;
using Analytics.Storage.Traces;
using Analytics.Tests.Storage.Traces;

namespace Analytics.Tests.Features.Events;

/// <summary>Traces as deep as a client likes: what is asked about them takes a few statements, however deep they are.</summary>
public sealed class DeepTraceTests(AnalyticsApi api)
{
    const int Depth = 2_000;
    const int MaxStatements = 20;

    [Theory]
    [InlineData("/api/events/statistics/timeseries?start_date=2026-03-11&end_date=2026-03-11&interval=day&metadata[size]=1")]
    [InlineData("/api/events/statistics/timeseries?start_date=2026-03-11&end_date=2026-03-11&interval=day&aggregate_fields=size")]
    [InlineData("/api/events/{root}?aggregate_fields=size")]
    [InlineData("/api/events?limit=100&aggregate_fields=size")]
    [InlineData("/api/events?limit=100&sort=-descendant_count")]
    [InlineData("/api/events?limit=100&sort=child_count")]
    [InlineData("/api/events?limit=100&sort=root_id")]
    public async Task Whatever_is_asked_of_a_deep_trace_takes_a_few_statements(string question)
    {
        var traces = await DeepAsync();
        using var mine = new Activity("question").Start();
        using var statements = new Statements(mine.TraceId);

        await traces.Client.GetAsync(question.Replace("{root}", $"{(await traces.EventsAsync())["e0"].Id}", StringComparison.Ordinal));

        Assert.InRange(statements.Count, 1, MaxStatements);
    }

    [Fact]
    public async Task Sums_and_counts_of_a_deep_trace_are_exact()
    {
        var traces = await DeepAsync();

        var totals = (await traces.Client.GetAsync(
            "/api/events/statistics/timeseries?start_date=2026-03-11&end_date=2026-03-11&interval=day&aggregate_fields=size&metadata[size]=1"))
            .GetProperty("totals")[0];
        Assert.Equal((1, $"{Depth}"), (totals.GetProperty("occurrences").GetInt32(), totals.GetProperty("totals").GetProperty("size").GetString()));

        var sorted = await PageAsync(traces, "sort=-descendant_count&aggregate_fields=size");
        Assert.Equal(Enumerable.Range(0, 1_000).Select(at => ($"e{at}", Depth - at - 1, $"{Depth - at}")), sorted);
        var rising = await PageAsync(traces, "sort=descendant_count&aggregate_fields=size");
        Assert.Equal(Enumerable.Range(0, 1_000).Select(at => ($"e{Depth - at - 1}", at, $"{at + 1}")), rising);
        var newest = await PageAsync(traces, "aggregate_fields=size");
        Assert.All(newest, e => Assert.Equal((Depth - int.Parse(e.Id[1..]) - 1, $"{Depth - int.Parse(e.Id[1..])}"), (e.Descendants, e.Size)));
    }

    [Fact]
    public async Task What_lies_below_ends_where_there_is_too_much_of_it()
    {
        var traces = await TracedWorkspace.NewAsync(api);
        await traces.WriteAsync([.. Enumerable.Range(0, 12).Select(at => Chained(at))]);
        var root = (await traces.EventsAsync())["e0"].Id;
        await using var connection = await api.Store.OpenConnectionAsync();

        Task WalkAsync(int? max) =>
            new WayDown(connection, traces.Workspace.Key, traces.Workspace.HashKey, [root]) { Max = max }.EachAsync(_ => { }, default);
        await WalkAsync(11);
        await WalkAsync(null);
        await Assert.ThrowsAsync<TooMuchToReadException>(() => WalkAsync(10));
    }

    async Task<TracedWorkspace> DeepAsync()
    {
        var traces = await TracedWorkspace.NewAsync(api);
        await traces.WriteAsync([.. Enumerable.Range(0, Depth).Select(at => Chained(at))]);
        return traces;
    }

    static Analytics.Storage.Facts.IncomingEvent Chained(int at) =>
        TracedWorkspace.Event($"e{at}", parent: at == 0 ? "" : $"e{at - 1}", person: "ann", index: at);

    static async Task<List<(string Id, int Descendants, string Size)>> PageAsync(TracedWorkspace traces, string question) =>
    [
        .. (await traces.Client.GetAsync($"/api/events?limit=1000&{question}")).GetProperty("data").EnumerateArray().Select(e =>
            (e.GetProperty("external_id").GetString()!, e.GetProperty("descendant_count").GetInt32(),
                e.GetProperty("aggregates").GetProperty("size").GetString()!)),
    ];

    /// <summary>Counts the statements of one trace, in the sense of telemetry.</summary>
    sealed class Statements : IDisposable
    {
        readonly ActivityListener listener;
        int count;

        public Statements(ActivityTraceId of)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name.StartsWith("Npgsql", StringComparison.Ordinal)
                    || source.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal),
                Sample = (ref ActivityCreationOptions<ActivityContext> made) =>
                    made.TraceId == of ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
                ActivityStopped = activity => Interlocked.Add(
                    ref count, activity.TraceId == of && activity.Source.Name.StartsWith("Npgsql", StringComparison.Ordinal) ? 1 : 0),
            };
            ActivitySource.AddActivityListener(listener);
        }

        public int Count => Volatile.Read(ref count);

        public void Dispose() => listener.Dispose();
    }
}
