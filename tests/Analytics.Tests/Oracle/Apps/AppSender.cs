using System.Text.Json;

namespace Analytics.Tests.Oracle.Apps;

/// <summary>Sends facts of one app and kind, and sees that the answer tells what the model makes of them.</summary>
static class AppSender
{
    public static async Task TellAsync(AppWorld world, IReadOnlyList<ToldFact> facts)
    {
        var answer = await SendAsync(facts);
        var counted = facts.Count(world.Tell);
        Assert.Equal((counted, facts.Count - counted), Counts(answer));
    }

    /// <summary>The same facts, told by so many at once: each is counted for one of them.</summary>
    public static async Task TellAtOnceAsync(AppWorld world, IReadOnlyList<ToldFact> facts, int tellers)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, tellers).Select(_ => SendAsync(facts)));
        var counted = facts.Count(world.Tell);
        Assert.Equal(counted, answers.Sum(answer => Counts(answer).Inserted));
        Assert.Equal((tellers * facts.Count) - counted, answers.Sum(answer => Counts(answer).Duplicates));
    }

    /// <summary>Facts among which there are others that break a rule: those are told of, and the rest counts.</summary>
    public static async Task TellPartlyAsync(AppWorld world, IReadOnlyList<ToldFact> facts, params (string Json, string Pointer)[] broken)
    {
        var body = Body(facts, broken.Select(one => one.Json));
        var refused = await facts[0].App.Workspace.PostAsync(Path(facts[0]), body, 400);
        AssertErrors(refused, facts, broken);

        var answer = await facts[0].App.Workspace.PostAsync($"{Path(facts[0])}?partial=true", body);

        var counted = facts.Count(world.Tell);
        Assert.Equal((counted, facts.Count - counted), Counts(answer));
        Assert.Equal(broken.Length, answer.GetProperty("rejected").GetInt32());
        var indexes = answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("index").GetInt32());
        Assert.Equal(broken.Select((_, at) => facts.Count + at), indexes);
        AssertErrors(answer, facts, broken);
    }

    static void AssertErrors(JsonElement answer, IReadOnlyList<ToldFact> facts, (string Json, string Pointer)[] broken) => Assert.Equal(
        broken.Select((one, at) => $"/{facts[0].List}/{facts.Count + at}{one.Pointer}"),
        answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()));

    static Task<JsonElement> SendAsync(IReadOnlyList<ToldFact> facts) => facts[0].App.Workspace.PostAsync(Path(facts[0]), Body(facts));

    static string Path(ToldFact fact) => $"/api/apps/{fact.App.Id}/{fact.Route}";

    static string Body(IReadOnlyList<ToldFact> facts, params IEnumerable<string> more) =>
        $$"""{"{{facts[0].List}}":[{{string.Join(',', facts.Select(fact => fact.ToJson().ToJsonString()).Concat(more))}}]}""";

    static (int Inserted, int Duplicates) Counts(JsonElement answer) =>
        (answer.GetProperty("inserted").GetInt32(), answer.GetProperty("duplicates").GetInt32());
}
