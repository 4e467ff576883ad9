using System.Buffers.Text;
using System.Text.Json;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage.Schema;
using Analytics.Tests.Features.Business.Alerts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Contract;

/// <summary>Cursors are opaque, but nobody keeps clients from writing their own: what a list did not make itself is none.</summary>
public sealed class ForgedCursorTests(AnalyticsApi api)
{
    static readonly string?[] Keys =
    [
        null, "", "x", "=", "=x", "='", "0", "=99999999999999999999", "-9223372036854775808", "infinity", "=infinity", "NaN",
        "0001-01-01T00:00:00.0000000+00:00", "9999-12-31T23:59:59.9999999+00:00", "=0001-01-01 BC", "=9999-12-31 23:59:59.9999999+00",
        "00000000-0000-0000-0000-000000000000", "=00000000-0000-0000-0000-000000000000", "\U0001F600",
    ];

    // Each is a value of fields of some type, so that it is the id that is refused.
    static readonly string[] GoodKeys = ["0", "=x", "9999-12-31T23:59:59.9999999+00:00"];

    [Fact]
    public async Task Every_list_refuses_what_it_did_not_make()
    {
        var failed = new List<string>();
        await WalkAsync(async (client, path, sort, list) =>
        {
            // What is in an unsigned one is never read: every other content will do.
            var unsigned = Contents(sort).Where((_, at) => at % 2 == 0).Select(Unsigned);
            foreach (var cursor in unsigned.Concat(Contents(sort).Take(3).Select(content => Another(list).Text(content))))
                await AskAsync(client, $"{path}?sort={sort}&cursor={cursor}", [400], failed);
        });

        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    /// <summary>Should the secret be known one day: what is in a cursor is a value of the field, or refused.</summary>
    [Fact]
    public async Task Every_list_answers_or_refuses_what_is_signed()
    {
        var secret = await api.Services.GetRequiredService<Installation>().SecretAsync(TestContext.Current.CancellationToken);
        var failed = new List<string>();
        await WalkAsync(async (client, path, sort, list) =>
        {
            foreach (var content in Contents(sort))
                await AskAsync(client, $"{path}?sort={sort}&cursor={new SignedCursors(secret, list).Text(content)}", [200, 400], failed);
        });

        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    [Fact]
    public async Task A_cursor_that_was_changed_is_none()
    {
        var workspace = await api.NewWorkspaceAsync();
        for (var count = 0; count < 3; count++)
            await workspace.NewCustomerAsync();
        var cursor = (await workspace.GetAsync("/api/customers?limit=1")).GetProperty("meta").GetProperty("next_cursor").GetString()!;

        await workspace.GetAsync($"/api/customers?limit=1&cursor={cursor}");
        for (var at = 0; at < cursor.Length; at += 7)
            await workspace.GetAsync($"/api/customers?limit=1&cursor={cursor[..at]}{(cursor[at] == 'A' ? 'B' : 'A')}{cursor[(at + 1)..]}", 400);
        await workspace.GetAsync($"/api/customers?limit=1&cursor={cursor[..^2]}", 400);
        await workspace.GetAsync($"/api/customers?limit=1&cursor={cursor}{cursor}", 400);
        await workspace.GetAsync($"/api/customers?limit=1&sort=name&cursor={cursor}", 400);
    }

    async Task WalkAsync(Func<ApiClient, string, string, string, Task> ask)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(externalId: "a"), Some.Event("b", externalId: "c", parent: "a"));
        var user = (await api.Root.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }, 201)).GetProperty("id").GetString();
        var alert = (await workspace.PostAsync(SomeAlerts.Path, SomeAlerts.Count(), 201)).GetProperty("id");
        foreach (var (path, paged, access) in Lists())
        {
            var filled = path.Replace("users/{id}", $"users/{user}").Replace("alerts/{id}", $"alerts/{alert}").Replace("{id}", $"{workspace.Id}");
            foreach (var sort in paged.Sorts.SelectMany(sort => (string[])[sort, "-" + sort]))
                await ask(access is RequireScopeAttribute ? workspace : api.Root, filled, sort, path.Trim('/'));
        }
    }

    static async Task AskAsync(ApiClient client, string path, int[] expected, List<string> failed)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path);
        if (!expected.Contains((int)answer.StatusCode))
            failed.Add($"{(int)answer.StatusCode} {path}");
    }

    IEnumerable<(string Path, PagedAttribute Paged, AccessAttribute Access)> Lists() =>
        from endpoint in api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let paged = endpoint.Metadata.GetMetadata<PagedAttribute>()
        where paged is not null
        select ("/" + endpoint.RoutePattern.RawText, paged, endpoint.Metadata.GetRequiredMetadata<AccessAttribute>());

    // The ids are those before all others in the order.
    static IEnumerable<string?[]> Contents(string sort)
    {
        var id = sort.StartsWith('-') ? "ffffffff-ffff-ffff-ffff-ffffffffffff" : $"{Guid.Empty}";
        return (from key in Keys select (string?[])[sort, key, id]).Concat(from key in GoodKeys select (string?[])[sort, key, "x"]);
    }

    static string Unsigned(string?[] content) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content));

    // Signed with the secret of some other installation.
    static SignedCursors Another(string list) => new(new byte[32], list);
}
