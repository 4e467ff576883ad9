using System.Text.Json.Nodes;
using Analytics.Storage.Verification;
using Analytics.Tests.Oracle;
using Analytics.Tests.Oracle.Requests;
using NodaTime;

namespace Analytics.Tests.Features.Requests;

[Collection(typeof(Stopped))]
public sealed class EndpointLimitTests(StoppedApi stopped)
{
    const int Slugs = 5_000;
    static readonly Instant Day = Instant.FromUtc(2026, 3, 11, 0, 0);
    static readonly string[] Syllables = ["ba", "den", "fi", "gol", "hu", "ker", "lo", "man", "pi", "rus", "sa", "ton", "vu", "wes"];

    [Fact]
    public async Task Two_thousand_endpoints_a_day_are_told_apart_and_a_rebuild_counts_alike()
    {
        var workspace = await stopped.Api.NewWorkspaceAsync(retentionDays: 3650);
        var (world, random) = (new RequestWorld(), new Random(12));
        var told = Paths(random).Select(Request).ToList();
        foreach (var batch in told.Chunk(500))
            await TellAsync(workspace, world, batch);

        // Of those that count by themselves, and of those that do not: more of them, some again, and some on the next day.
        var more = told.Where((_, number) => number % 7 == 0);
        await TellAsync(workspace, world, [.. more.Select(one => one with { Id = $"{one.Id} once more" })]);
        await TellAsync(workspace, world, [.. told.Where((_, number) => number % 9 == 0)]);
        var later = told.TakeLast(300);
        await TellAsync(
            workspace, world, [.. later.Select(one => one with { Id = $"{one.Id} next day", At = one.At + Duration.FromDays(1) })]);

        var agreement = new RequestsAgreement(workspace, world, "5 000 slugs");
        var upkeep = await Upkeep.OfAsync(workspace);
        RequestsQuestion[] questions =
        [
            new EndpointsQuestion(new("UTC", "2026-03-11", "2026-03-12")) { Limit = 1_000 },
            new EndpointsQuestion(new("Europe/Paris", "2026-03-11", "2026-03-14")) { Limit = 1_000, Sort = "endpoint" },
            new LatencyQuestion(new("UTC", new(2026, 3, 11)), null) { Endpoint = RequestWorld.Other },
            new DashboardQuestion(new("UTC", new(2026, 3, 11))),
        ];
        await agreement.AssertAsync("as told", questions);
        await upkeep.CompactAsync();
        await agreement.AssertAsync("compacted", questions);
        await upkeep.RebuildAsync();
        await agreement.AssertAsync("rebuilt", questions);
        Assert.Empty(await Verifier.DifferencesAsync(stopped.Api.Store, upkeep.Workspace));
    }

    static ToldRequest Request(string path, int number) => new("GET", path, 200, 1_000 * number, Day + Duration.FromSeconds(number * 17))
    {
        Id = $"r{number}",
        Route = number % 10 == 0 ? $"{path}/{{id}}" : null,
    };

    static async Task TellAsync(WorkspaceClient workspace, RequestWorld world, ToldRequest[] batch)
    {
        var answer = await workspace.TellAsync(batch.Select(one => (JsonNode)one.ToJson()));
        Assert.Equal(batch.Count(world.Tell), answer.GetProperty("inserted").GetInt32());
    }

    // Words without digits, which nobody takes for an id.
    static IEnumerable<string> Paths(Random random)
    {
        var known = new HashSet<string>();
        while (known.Count < Slugs)
            if (Word(random) + "-" + Word(random) + "-" + Word(random) is var slug && known.Add(slug))
                yield return $"/posts/{slug}";
    }

    static string Word(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Syllables[random.Next(Syllables.Length)]));
}
