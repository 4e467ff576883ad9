using System.Text.RegularExpressions;
using Analytics.Contract;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Contract;

/// <summary>
/// Every route of the endpoint table with a portal key: either it is closed, or no answer differs by what others did. A route that is opened
/// to portal keys needs <see cref="PortalCalls"/>.
/// </summary>
public sealed partial class PortalMatrixTests(AnalyticsApi api)
{
    [Fact]
    public void Every_route_that_is_open_to_portal_keys_has_calls() => Assert.Equal(
        Routes(isOpen: true).Where(route => route.Method != "HEAD").Select(route => $"{route}").Order(StringComparer.Ordinal),
        PortalCalls.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Every_other_route_is_closed_to_portal_keys()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("a"));
        Assert.NotEmpty(Routes(isOpen: false));
        foreach (var route in Routes(isOpen: false))
            foreach (var id in (Guid[])[workspace.Id, Guid.NewGuid()])
            {
                object? body = route.Method is "GET" or "HEAD" or "DELETE" ? null : "{}";
                using var answer = await portal.AskAsync(new HttpMethod(route.Method), Parameter().Replace(route.Path, $"{id}"), body);
                Assert.True((int)answer.StatusCode is 403 or 404, $"{route} answered {(int)answer.StatusCode}");
            }
    }

    [Fact]
    public async Task No_answer_differs_by_what_others_did()
    {
        var (quiet, busy) = (await PortalWorld.MakeAsync(api, isBusy: false), await PortalWorld.MakeAsync(api, isBusy: true));
        Assert.Equal(quiet.Streamed.Select(Normal), busy.Streamed.Select(Normal));

        await AssertAlikeAsync(quiet, busy, "right after ingestion", hasHeads: true);
        foreach (var world in (PortalWorld[])[quiet, busy])
            await (await Upkeep.OfAsync(world.Backend)).CompactAsync();
        await AssertAlikeAsync(quiet, busy, "compacted");
        foreach (var world in (PortalWorld[])[quiet, busy])
            await (await Upkeep.OfAsync(world.Backend)).RebuildAsync();
        await AssertAlikeAsync(quiet, busy, "rebuilt");
    }

    // A HEAD does what the GET does, whose answers are compared at every moment.
    async Task AssertAlikeAsync(PortalWorld quiet, PortalWorld busy, string moment, bool hasHeads = false)
    {
        foreach (var route in Routes(isOpen: true).Where(route => hasHeads || route.Method != "HEAD"))
            foreach (var call in PortalCalls.All[$"{route}".Replace("HEAD ", "GET ", StringComparison.Ordinal)])
            {
                var (one, two) = (await AnswerAsync(quiet, route, call), await AnswerAsync(busy, route, call));
                Assert.True(one == two, $"{moment}, {route} {call.Path} {call.Body}:\n{Difference(one, two)}");
            }
    }

    static async Task<string> AnswerAsync(PortalWorld world, KnownRoute route, PortalCall call)
    {
        var path = route.Path.Split("/{")[0] + await FilledAsync(world, call.Path);
        using var answer = await world.Portal.AskAsync(new HttpMethod(route.Method), path, call.Body is null ? null : await FilledAsync(world, call.Body));
        Assert.True((int)answer.StatusCode < 500, $"{route} {path} answered {(int)answer.StatusCode}");
        return $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType} {Normal(await answer.Content.ReadAsStringAsync())}";
    }

    static async Task<string> FilledAsync(PortalWorld world, string text)
    {
        foreach (var name in Name().Matches(text).Select(match => match.Groups["name"].Value).Distinct())
            text = text.Replace($"{{{name}}}", $"{await IdAsync(world, name)}", StringComparison.Ordinal);
        return text;
    }

    static async Task<object> IdAsync(PortalWorld world, string name) => name switch
    {
        "link to a" => await LinkAsync(world, "a"),
        "link to b" => await LinkAsync(world, "b"),
        "customer" => world.Customer,
        "other customer" => world.OtherCustomer,
        "other event" => world.OtherEvent,
        _ => world.Found.TryGetValue(name, out var found) ? found : world.Found[name] = await FindAsync(world, name),
    };

    static async Task<Guid> FindAsync(PortalWorld world, string name) => name switch
    {
        "type" => await TypeAsync(world.Portal, "run") ?? throw new InvalidOperationException("There is no such type."),
        "other type" => await TypeAsync(world.Backend, "only.bs") ?? Guid.CreateVersion7(),
        _ => await world.OwnAsync(name),
    };

    static async Task<string> LinkAsync(PortalWorld world, string customer) =>
        (await world.Portal.PostAsync($"/api/requests/customers/{customer}/report/links", null, 201)).GetProperty("url").GetString()!.Split('/')[^1];

    static async Task<Guid?> TypeAsync(ApiClient reader, string name) => (await reader.GetAsync("/api/event-types?limit=1000")).GetProperty("data").EnumerateArray()
        .Where(type => type.GetProperty("name").GetString() == name).Select(type => (Guid?)type.GetProperty("id").GetGuid()).FirstOrDefault();

    IEnumerable<KnownRoute> Routes(bool isOpen) => EndpointTable.Of(api)
        .Where(route => route.Access is not OpenAttribute && isOpen == route.Access is RequireScopeAttribute { OfCustomer: true });

    /// <summary>Ids by the order in which they come; times of today, cursors, tokens and request ids by nothing.</summary>
    static string Normal(string answer)
    {
        var seen = new Dictionary<string, string>();
        var text = Uuid().Replace(answer, match => seen.TryGetValue(match.Value, out var known) ? known : seen[match.Value] = $"#{seen.Count}");
        text = Slug().Replace(text, "test");
        text = Time().Replace(text, match => match.Value.StartsWith("2026-03", StringComparison.Ordinal) ? match.Value : "now");
        return Secret().Replace(text, match => $"\"{match.Groups["name"]}\":\"...\"");
    }

    static string Difference(string one, string two)
    {
        var at = one.Zip(two).TakeWhile(pair => pair.First == pair.Second).Count();
        string Around(string text) => text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 300)];
        return $"{Around(one)}\n{Around(two)}";
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\{(?<name>[a-z][a-z0-9 -]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Name();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Uuid();

    [GeneratedRegex("test-[0-9a-f]{32}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Slug();

    [GeneratedRegex(@"20\d\d-\d\d-\d\dT[0-9:.]+Z", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Time();

    [GeneratedRegex("""
        "(?<name>next_cursor|nextCursor|token|request_id|url|code)":"[^"]*"
        """, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Secret();
}
