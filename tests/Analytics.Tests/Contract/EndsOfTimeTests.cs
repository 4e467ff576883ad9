using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Contract.Generated;

namespace Analytics.Tests.Contract;

/// <summary>The first and the last instant and date that can be written: each is refused, or kept and answered as any other.</summary>
public sealed class EndsOfTimeTests(AnalyticsApi api)
{
    const string Last = "9999-12-31T23:59:59.9999999Z";

    static readonly string[] Ends =
    [
        "0001-01-01", "9999-12-31", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000001Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-14:00", Last,
        "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+14:00", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z", "-4713-01-01T00:00:00Z", "294276-12-31T23:59:59Z", "infinity", "-infinity",
    ];

    /// <summary>Every parameter of every route that the document says to be a time.</summary>
    [Fact]
    public async Task Every_parameter_takes_or_refuses_them()
    {
        var document = await Documented.OfAsync(api);
        var world = await SomeWorld.MakeAsync(api);
        var client = api.With(world.GoodKeys.Use[0]);
        var asked = 0;
        foreach (var operation in document.Operations.Where(operation => operation.Method == "GET" && !operation.Path.Contains('{')))
            foreach (var time in operation.Parameters.Where(IsTime))
                foreach (var end in Ends)
                    foreach (var zone in (string[])["UTC", "Pacific/Kiritimati", "Pacific/Niue"])
                    {
                        using var answer = await client.AskAsync(HttpMethod.Get, $"{operation.Path}?{Query(document, operation, time, end, world)}&timezone={zone}");
                        Assert.True((int)answer.StatusCode is 200 or 400, $"{operation}: {Name(time)}={end} in {zone} answered {answer.StatusCode}.");
                        asked++;
                    }
        Assert.InRange(asked, 100, int.MaxValue);
    }

    [Theory, InlineData("keys"), InlineData("users")]
    public async Task A_key_that_expires_at_the_last_instant_is_a_key(string of)
    {
        var workspace = await api.NewWorkspaceAsync();
        var (user, _) = await api.NewUserAsync((workspace, "viewer"));
        var path = of == "keys" ? $"/api/workspaces/{workspace.Id}/keys" : $"/api/users/{user}/keys";
        var scopes = (string[])["events:read"];

        var made = await api.Root.PostAsync(path, new { name = "k", scopes, expires_at = Last }, 201);
        foreach (var end in Ends.Except([Last, "9999-12-31T23:59:59.999999Z"]))
        {
            using var answer = await api.Root.AskAsync(HttpMethod.Post, path, new { name = "k", scopes, expires_at = end });
            Assert.True((int)answer.StatusCode is 201 or 400, $"{end} answered {answer.StatusCode}.");
        }

        Assert.Equal("9999-12-31T23:59:59.999999Z", made.GetProperty("expires_at").GetString());
        await api.With(made.GetProperty("key").GetString()).GetAsync("/api/event-types");
        foreach (var sort in (string[])["expires_at", "-expires_at"])
            Assert.Contains(await AllAsync(api.Root, $"{path}?sort={sort}&limit=1"), key => key.GetProperty("id").GetString() == made.GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_event_takes_or_refuses_them()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var end in Ends)
        {
            var late = new JsonObject { ["name"] = "a", ["external_customer_id"] = "x", ["timestamp"] = end };
            await workspace.PostAsync("/api/events/ingest", new JsonObject { ["events"] = new JsonArray(late) }, 400);
            var share = new JsonObject { ["share_id"] = end, ["expires_at"] = end };
            using var answer = await workspace.AskAsync(HttpMethod.Post, "/api/events/ingest", new JsonObject
            {
                ["events"] = new JsonArray(Some.Event("file_share.created", customer: null, metadata: share)),
            });
            Assert.True((int)answer.StatusCode is 200 or 400, $"{end} answered {answer.StatusCode}.");
        }

        var metrics = await workspace.GetAsync($"/api/metrics?start_date=2026-01-01&end_date={TimeProvider.System.GetUtcNow():yyyy-MM-dd}&interval=day");

        Assert.InRange(metrics.GetProperty("totals").GetProperty("file_share_sessions").GetInt32(), 1, Ends.Length);
    }

    static string Query(Documented document, Operation operation, JsonElement time, string end, SomeWorld world) => string.Join('&',
        from parameter in operation.Parameters
        let isAsked = Name(parameter) == Name(time)
        where isAsked || (parameter.TryGetProperty("required", out var required) && required.GetBoolean())
        let value = isAsked ? end : RandomJson.Parameter(document.Root, parameter.GetProperty("schema"), new Random(1), world.Ids)
        select $"{Name(parameter)}={Uri.EscapeDataString(value)}");

    static bool IsTime(JsonElement parameter) =>
        parameter.GetProperty("schema").TryGetProperty("format", out var format) && format.GetString() is "date" or "date-time";

    static string Name(JsonElement parameter) => parameter.GetProperty("name").GetString()!;

    static async Task<List<JsonElement>> AllAsync(ApiClient client, string path)
    {
        var rows = new List<JsonElement>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await client.GetAsync(cursor.Length == 0 ? path : $"{path}&cursor={cursor}");
            rows.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("meta").GetProperty("next_cursor").GetString();
        }
        return rows;
    }
}
