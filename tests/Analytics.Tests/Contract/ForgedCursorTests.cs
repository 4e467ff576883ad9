using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Analytics.Contract;
using Analytics.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Contract;

/// <summary>Cursors are opaque, but nobody keeps clients from writing their own.</summary>
public sealed class ForgedCursorTests(AnalyticsApi api)
{
    static readonly string?[] Keys =
    [
        null, "", "x", "=", "=x", "='", "0", "=99999999999999999999", "-9223372036854775808", "infinity", "=infinity", "NaN",
        "0001-01-01T00:00:00.0000000+00:00", "9999-12-31T23:59:59.9999999+00:00", "=0001-01-01 BC", "=9999-12-31 23:59:59.9999999+00",
        "00000000-0000-0000-0000-000000000000", "=00000000-0000-0000-0000-000000000000", "\U0001F600",
    ];

    static readonly string[] Ids = [Guid.Empty.ToString(), "ffffffff-ffff-ffff-ffff-ffffffffffff", "x"];

    [Fact]
    public async Task Every_list_answers_or_refuses_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(externalId: "a"), Some.Event("b", externalId: "c", parent: "a"));
        var user = (await api.Root.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }, 201)).GetProperty("id").GetString();
        var failed = new List<string>();
        foreach (var (path, paged, access) in Lists())
        {
            var filled = path.Replace("users/{id}", $"users/{user}").Replace("{id}", $"{workspace.Id}");
            foreach (var sort in paged.Sorts.SelectMany(sort => (string[])[sort, "-" + sort]))
                foreach (var cursor in Forged(sort))
                {
                    using var answer = await (access is RequireScopeAttribute ? workspace : api.Root)
                        .AskAsync(HttpMethod.Get, $"{filled}?sort={sort}&cursor={cursor}");
                    if ((int)answer.StatusCode is not (200 or 400))
                        failed.Add($"{(int)answer.StatusCode} {filled} {Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))}");
                }
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    IEnumerable<(string Path, PagedAttribute Paged, AccessAttribute Access)> Lists() =>
        from endpoint in api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let paged = endpoint.Metadata.GetMetadata<PagedAttribute>()
        where paged is not null
        select ("/" + endpoint.RoutePattern.RawText, paged, endpoint.Metadata.GetRequiredMetadata<AccessAttribute>());

    static IEnumerable<string> Forged(string sort) =>
        from key in Keys
        from id in Ids
        select Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes((string?[])[sort, key, id]));
}
