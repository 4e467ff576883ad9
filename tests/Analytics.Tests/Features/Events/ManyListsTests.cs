using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Events;

/// <summary>More questions at once than the node has connections to the store.</summary>
public sealed class ManyListsTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("/api/events?limit=10&name=rare")]
    [InlineData("/api/events?limit=10&name=rare&external_customer_id=acme")]
    [InlineData("/api/events?limit=10&external_customer_id=acme&sort=timestamp")]
    [InlineData("/api/events/statistics/timeseries?interval=day&start_date=2026-03-01&end_date=2026-03-11&name=rare")]
    [InlineData("/api/event-types")]
    public async Task A_question_never_waits_for_a_connection_while_it_holds_one(string question)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync([.. Enumerable.Range(0, 60).Select(
            n => Some.Event(n % 5 == 0 ? "rare" : "usual", Some.Day.AddHours(-5 * n), customer: n % 10 == 0 ? "acme" : "globex"))]);
        await using var node = await Node.StartAsync(api);
        var asked = node.Of(workspace);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => asked.AskAsync(HttpMethod.Get, question)));

        Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
    }
}
