using System.Text.Json.Nodes;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Erasure;

/// <summary>Events of nobody, or of somebody else, that say for the log who did it or to whom: an erased person is its pseudonym there.</summary>
public sealed class LogErasureTests(AnalyticsApi api)
{
    [Fact]
    public async Task Whoever_an_event_of_nobody_names_as_actor_or_target_is_the_pseudonym()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob-first");
        await workspace.PatchAsync($"/api/customers/{bob}", new { external_id = "bob-now", email = "Bob@Mail.example" });
        await workspace.IngestAsync(Some.Event(customer: "bob-now"), Some.Event(customer: "bob-first"));
        await workspace.IngestAsync(
            Logged("login.ok", "bob-now", $"{bob}"), Logged("login.ok", $"{bob}".ToUpperInvariant(), "bob-first"), Logged("login.ok", " bob@mail.EXAMPLE", "door-7"),
            Logged("login.ok", "bob-nowhere", "bob-first-of-all", "ann"));
        var names = await NamesAsync(workspace);

        var done = await workspace.EraseAsync(bob);

        // The person's two, what told of the customer twice, and three that name it.
        Assert.Equal(7, done.GetProperty("events").GetInt64());
        var ids = await LoggedAsync(workspace);
        Assert.Equal(["bob-first-of-all", "bob-nowhere", "door-7"], ids.Where(id => !Guid.TryParse(id, out _)).Order(StringComparer.Ordinal));
        // The id that was given up was another name, and is another pseudonym.
        var pseudonyms = ids.Where(id => Guid.TryParse(id, out _)).CountBy(id => id).ToDictionary();
        Assert.Equal([1, 4], pseudonyms.Values.Order());
        Assert.DoesNotContain($"{bob}", pseudonyms.Keys);
        Assert.Contains((await NamesAsync(workspace)).Except(names).Single(name => pseudonyms.GetValueOrDefault(name) == 4), pseudonyms.Keys);
        Assert.Empty(await workspace.TablesWithAsync(["\"bob-now\"", "\"bob-first\"", "bob@mail", $"{bob}"]));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_number_is_the_customer_only_where_nothing_else_is_said_to_be_meant()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (few, many) = (await workspace.NewCustomerAsync("42"), await workspace.NewCustomerAsync("100234"));
        var acme = await workspace.NewCustomerAsync("acme-now");
        await workspace.IngestAsync(
            To("invoice", "42"), To("invoice", 42), To("order", "100234"), To("customer", "42"), To("EndUser", 42), To(null, "42"), To("invoice", "acme-now"));

        foreach (var customer in (Guid[])[few, many, acme])
            await workspace.EraseAsync(customer);

        var targets = (await workspace.GetAsync("/api/events?limit=1000&source=user")).GetProperty("data").EnumerateArray()
            .Select(told => $"{told.GetProperty("metadata").GetProperty("_log").GetProperty("target_id")}").ToList();
        Assert.Equal(["100234", "42", "42"], targets.Where(id => !Guid.TryParse(id, out _)).Order(StringComparer.Ordinal));
        Assert.Equal([1, 3], targets.Where(id => Guid.TryParse(id, out _)).CountBy(id => id).Select(id => id.Value).Order());
        await VerifyRun.OfAsync(workspace, 0);

        static JsonObject To(string? type, JsonNode id)
        {
            var log = new JsonObject { ["target_id"] = id };
            if (type is not null)
                log["target_type"] = type;
            return Some.Event("login.ok", Some.Day, Some.ExternalId, null, metadata: new() { ["_log"] = log });
        }
    }

    [Fact]
    public async Task Units_that_count_by_whom_the_log_names_count_as_before()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob-now");
        await workspace.PostAsync(
            "/api/v1/billable-units",
            """{"key":"logins","name":"n","unitLabel":"l","aggregation":"COUNT","eventName":"login.ok","filters":[{"field":"_log.actor_id","operator":"EQUALS","value":"bob-now"}]}""", 201);
        await workspace.IngestAsync(Logged("login.ok", "bob-now", "door-7"), Logged("login.ok", "ann", "door-7"));

        await workspace.EraseAsync(bob);

        Assert.Equal(1, (await workspace.GetAsync("/api/v1/analytics/usage/by-billable-unit?from=2026-03-01&to=2026-04-01"))
            .GetProperty("units")[0].GetProperty("total").GetInt32());
        await (await Upkeep.OfAsync(workspace)).RebuildAsync();
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task Whoever_is_told_of_under_an_id_once_the_erasure_was_asked_for_is_somebody_new()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob-now");
        await workspace.IngestAsync(Logged("login.early", "bob-other", "door-7"));
        var job = (await workspace.EraseAsync(bob)).GetProperty("job_id").GetGuid();
        // As if it had not begun.
        await RunAsync($$"""
            update erasures
            set status = 'running', again_at = '2999-01-01Z',
                names = '[{"bob-now":"{{Some.ExternalId}}","bob-other":"the-other"},{"{{bob}}":"the-one"}]'
            where job_id = '{{job}}'
            """);
        // Nobody registers the one, somebody does the other.
        await workspace.IngestAsync(Logged("login.late", "bob-now", "door-7", "bob-now"));
        await workspace.NewCustomerAsync("bob-other");
        await workspace.IngestAsync(Logged("login.late", "door-7", "bob-other"));

        await RunAsync($"update erasures set again_at = now() where job_id = '{job}'");
        await workspace.ErasedAsync($"{job}");

        Assert.Equal(["door-7", "the-other"], (await LoggedAsync(workspace, "&name=login.early")).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["bob-now", "bob-other", "door-7", "door-7"], (await LoggedAsync(workspace, "&name=login.late")).Order(StringComparer.Ordinal));
        Assert.Equal(DBNull.Value, await ScalarAsync($"select names from erasures where job_id = '{job}'"));
    }

    static JsonObject Logged(string name, string actor, string target, string? customer = null) => Some.Event(
        name, Some.Day, customer: customer, metadata: new() { ["_log"] = new JsonObject { ["actor_id"] = actor, ["target_id"] = target } });

    /// <summary>All actors and targets that events tell.</summary>
    static async Task<List<string>> LoggedAsync(WorkspaceClient workspace, string filter = "") =>
        [.. from told in (await workspace.GetAsync($"/api/events?limit=1000&source=user{filter}")).GetProperty("data").EnumerateArray()
            where told.GetProperty("metadata").TryGetProperty("_log", out _)
            from member in (string[])["actor_id", "target_id"]
            select told.GetProperty("metadata").GetProperty("_log").GetProperty(member).GetString()!];

    /// <summary>The names that events have for their customers.</summary>
    static async Task<HashSet<string>> NamesAsync(WorkspaceClient workspace) =>
        [.. (await workspace.GetAsync("/api/events?limit=1000&source=user")).GetProperty("data").EnumerateArray()
            .Select(told => told.GetProperty("external_customer_id").GetString()).OfType<string>()];

    async Task RunAsync(string sql)
    {
        await using var command = api.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    async Task<object?> ScalarAsync(string sql)
    {
        await using var command = api.Store.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
