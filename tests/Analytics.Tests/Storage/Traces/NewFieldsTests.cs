using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Traces;
using Analytics.Storage.Verification;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Storage.Traces;

/// <summary>
/// Traces that were written before a field was registered: small ones are summed when they grow, large ones without the lock, and who
/// would have to do that under the lock comes back.
/// </summary>
public sealed class NewFieldsTests(AnalyticsApi api)
{
    const string Question = "/api/events/statistics/timeseries?start_date=2026-03-11&end_date=2026-03-11&interval=day&aggregate_fields=size";

    [Fact]
    public async Task A_small_trace_grows_at_once_and_counts_the_new_field()
    {
        var traces = await TracedWorkspace.NewAsync(api);
        await traces.WriteAsync(Star(40));
        await RegisterAsync(traces);

        await traces.WriteAsync(TracedWorkspace.Event("late", cost: 5, parent: "e7"));

        await SumsAsync(traces, 40 + 5);
    }

    [Theory, InlineData(TraceLinks.MaxMissing + 1, 1), InlineData(TraceLinks.MaxMissing / 10, 12)]
    public async Task Large_traces_and_many_of_them_are_summed_first_and_then_grow(int members, int count)
    {
        var traces = await TracedWorkspace.NewAsync(api);
        for (var trace = 0; trace < count; trace++)
            await traces.WriteAsync(Star(members, $"t{trace} "));
        await RegisterAsync(traces);
        IncomingEvent[] late =
            [.. Enumerable.Range(0, count).Select(trace => TracedWorkspace.Event($"late {trace}", cost: 5, parent: $"t{trace} e7", index: trace))];

        await Assert.ThrowsAsync<OverloadedException>(() => traces.WriteAsync(late));
        await Until.HoldsAsync(() => IsTakenAsync(traces, late), "The traces never know the field.");

        await SumsAsync(traces, count * (members + 5));
    }

    [Fact]
    public async Task A_large_trace_holds_up_no_other()
    {
        var traces = await TracedWorkspace.NewAsync(api);
        await traces.WriteAsync([.. Star(TraceLinks.MaxMissing + 1), .. Star(5, "small ")]);
        await RegisterAsync(traces);

        var large = traces.WriteAsync(TracedWorkspace.Event("late", cost: 5, parent: "e7"));
        var small = traces.WriteAsync(TracedWorkspace.Event("small late", cost: 5, parent: "small e2"));

        await Assert.ThrowsAsync<OverloadedException>(() => large);
        Assert.Equal(1, (await small).Inserted);
    }

    static IncomingEvent[] Star(int members, string of = "") =>
    [
        .. Enumerable.Range(0, members).Select(at => TracedWorkspace.Event($"{of}e{at}", parent: at == 0 ? "" : $"{of}e0", person: "ann", index: at)),
    ];

    static async Task RegisterAsync(TracedWorkspace traces)
    {
        await traces.Client.GetAsync(Question);
        await (await Upkeep.OfAsync(traces.Client)).RegisteredAsync("size");
    }

    static async Task<bool> IsTakenAsync(TracedWorkspace traces, IncomingEvent[] late)
    {
        try
        {
            return (await traces.WriteAsync(late)).Inserted == late.Length;
        }
        catch (OverloadedException)
        {
            return false;
        }
    }

    async Task SumsAsync(TracedWorkspace traces, int size)
    {
        var totals = (await traces.Client.GetAsync(Question)).GetProperty("totals")[0];
        Assert.Equal($"{size}", totals.GetProperty("totals").GetProperty("size").GetString());
        Assert.Empty(await Verifier.DifferencesAsync(api.Store, traces.Workspace.Key));
    }
}
