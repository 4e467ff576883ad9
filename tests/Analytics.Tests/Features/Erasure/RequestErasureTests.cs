using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Requests;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Erasure;

/// <summary>What becomes of an erased customer's API requests.</summary>
public sealed class RequestErasureTests(AnalyticsApi api)
{
    const string Day = "from=2026-03-11&to=2026-03-12";
    static readonly string[] Stays = ["method", "endpoint", "productId", "statusCode", "requestSize", "responseSize", "latencyMs", "timestamp"];

    [Fact]
    public async Task Method_endpoint_product_status_sizes_and_latency_stay_and_nothing_else()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob-external");
        var portal = await workspace.BoundToAsync(bob);
        await workspace.TellAsync(Of("bob-external", "bob-key", "Bob's browser", "bob-1", 700), Of("bob-external", "shared-key", "curl", null), Of("ann", "shared-key", "curl", "ann-1"));
        await portal.TellAsync(Of(null, "bob-key", "Bob's browser", "bob-2"));
        var before = await workspace.RowsAsync($"/api/requests/recent?{Day}", Stays);
        var endpoints = (await workspace.GetAsync($"/api/requests/endpoints?{Day}")).GetRawText();
        var ann = (await AnnsAsync(workspace)).GetRawText();

        var done = await workspace.EraseAsync(bob);

        // Three requests, and the event that told of the customer.
        Assert.Equal(4, done.GetProperty("events").GetInt64());
        var recent = await workspace.GetAsync($"/api/requests/recent?{Day}");
        foreach (var trace in (string[])["bob", "Bob", bob.ToString(), "203.0.113", "/orders/700"])
            Assert.DoesNotContain(trace, recent.GetRawText().Replace(ann, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(before, await workspace.RowsAsync($"/api/requests/recent?{Day}", Stays));
        Assert.Equal(ann, (await AnnsAsync(workspace)).GetRawText());
        foreach (var row in recent.GetProperty("data").EnumerateArray().Where(row => row.GetProperty("customerId").GetString() != "ann"))
            Assert.All(
                (string[])["path", "route", "apiKeyId", "userAgent", "ip", "requestId"], member => Assert.Equal(JsonValueKind.Null, row.GetProperty(member).ValueKind));
        Assert.Equal(endpoints, (await workspace.GetAsync($"/api/requests/endpoints?{Day}")).GetRawText());
        Assert.Empty(await workspace.RowsAsync($"/api/requests/recent?{Day}&apiKeyId=bob-key", "id"));
        Assert.Equal(["ann"], await workspace.RowsAsync($"/api/requests/recent?{Day}&apiKeyId=shared-key", "customerId"));
        await VerifyRun.OfAsync(workspace, 0);
        await (await Upkeep.OfAsync(workspace)).RebuildAsync();
        await VerifyRun.OfAsync(workspace, 0);
        Assert.Equal(endpoints, (await workspace.GetAsync($"/api/requests/endpoints?{Day}")).GetRawText());
    }

    [Fact]
    public async Task A_retried_request_still_is_a_duplicate_and_its_texts_can_be_used_again()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob");
        await workspace.TellAsync(Of("bob", "the-key", "an agent", "once"));
        await workspace.EraseAsync(bob);

        var again = await workspace.TellAsync(Of("bob", "the-key", "an agent", "once"), Of("bob", "the-key", "an agent", "twice"));

        Assert.Equal((1, 1), (again.GetProperty("inserted").GetInt32(), again.GetProperty("duplicates").GetInt32()));
        Assert.Equal(["bob the-key an agent twice"], await workspace.RowsAsync(
            $"/api/requests/recent?{Day}&customerId=bob", "customerId", "apiKeyId", "userAgent", "requestId"));
        Assert.Single(await workspace.RowsAsync($"/api/requests/recent?{Day}&apiKeyId=the-key", "id"));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_text_goes_with_the_last_of_the_few_who_named_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        var people = new Dictionary<string, Guid>();
        foreach (var name in (string[])["ann", "bob", "cid"])
            people.Add(name, await workspace.NewCustomerAsync(name));
        await workspace.TellAsync(Of("ann", "a-key", "an agent", null), Of("bob", "a-key", "an agent", null), Of("ann", null, "everybody's", null));
        await workspace.TellAsync(Of("bob", "a-key", null, null), Of("cid", "c-key", "an agent", null), Of(null, null, "everybody's", null));
        var texts = new Dictionary<string, string[]>
        {
            ["bob"] = ["a-key", "an agent", "c-key", "everybody's"], ["ann"] = ["an agent", "c-key", "everybody's"], ["cid"] = ["everybody's"],
        };

        foreach (var (name, left) in texts)
        {
            await workspace.EraseAsync(people[name]);

            Assert.Equal(left, await TextsAsync(await workspace.NumberAsync()));
        }
    }

    [Fact]
    public async Task An_erasure_of_many_requests_goes_on_in_steps_and_a_second_pass_finds_what_the_first_missed()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob");
        // Far more than a step looks at, most of them of others.
        foreach (var numbers in Enumerable.Range(0, 7_000).Chunk(3_500))
            await workspace.TellAsync(numbers.Select(number => Of(number % 5 == 0 ? "bob" : "ann", null, null, null, number)));
        Assert.Equal(1_401, (await workspace.EraseAsync(bob)).GetProperty("events").GetInt64());

        var number = await workspace.NumberAsync();
        await using (var left = api.Store.CreateCommand("""
            with cut as (
                update erasures set status = 'verifying', part = 'requests', verified_at = null
                where workspace_id = $1
                returning people)
            update requests set path = '/left/over'
            from cut
            where workspace_id = $1 and person = any(cut.people) and latency = 5000
            """))
        {
            left.Parameters.Add(new() { Value = number });
            Assert.Equal(1, await left.ExecuteNonQueryAsync());
        }

        var job = await JobAsync(number);
        Assert.Equal(1_401, (await workspace.ErasedAsync(job)).GetProperty("events").GetInt64());
        await using var rest = api.Store.CreateCommand("select count(*) from requests where workspace_id = $1 and path = '/left/over'");
        rest.Parameters.Add(new() { Value = number });
        Assert.Equal(0L, await rest.ExecuteScalarAsync());
    }

    /// <summary>The API keys and user agents that the store holds, in the order of their names.</summary>
    async Task<string[]> TextsAsync(int workspace)
    {
        await using var command = api.Store.CreateCommand(
            "select coalesce(array_agg(text order by text collate \"C\"), '{}') from request_texts where workspace_id = $1 and kind in (3, 4) and text <> ''");
        command.Parameters.Add(new() { Value = workspace });
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    async Task<string> JobAsync(int workspace)
    {
        await using var command = api.Store.CreateCommand("select job_id from erasures where workspace_id = $1");
        command.Parameters.Add(new() { Value = workspace });
        return $"{await command.ExecuteScalarAsync()}";
    }

    static async Task<JsonElement> AnnsAsync(WorkspaceClient workspace) =>
        (await workspace.GetAsync($"/api/requests/recent?{Day}&customerId=ann")).GetProperty("data")[0];

    static JsonObject Of(string? customer, string? apiKey, string? agent, string? id, int number = 1) => Told.Request(
        Some.Day.AddSeconds(number), $"/orders/{number}", number / 1000.0, customer: customer, route: number == 700 ? "/orders/{id}" : null, id: id, apiKey: apiKey,
        product: "shop", agent: agent, ip: "203.0.113.7", size: number);
}
