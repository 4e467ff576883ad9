using System.Text.Json;
using Analytics.Tests.Features.Streams;
using Analytics.Tests.Http;

namespace Analytics.Tests.Features.Ingestion;

/// <summary>Costs are stored in the workspace's currency, whatever it was when they were sent or checked.</summary>
public sealed class CurrencyTests(AnalyticsApi api)
{
    const string At = "/events/0/metadata/_cost/currency";

    [Fact]
    public async Task A_body_that_comes_while_the_currency_changes_is_held_against_the_new_one()
    {
        var workspace = await api.NewWorkspaceAsync();
        var body = """{"events":[{"name":"a","external_customer_id":"a","metadata":{"_cost":{"amount":1,"currency":"usd"}}}]}""";
        using var connection = await RawConnection.OpenAsync(api.Address);
        await connection.SendAsync($"""
            POST /api/events/ingest HTTP/1.1
            Host: localhost
            X-API-Key: {workspace.Key}
            Content-Type: application/json
            Connection: close
            Content-Length: {body.Length}
            Expect: 100-continue


            """.ReplaceLineEndings("\r\n"));
        Assert.StartsWith("HTTP/1.1 100 ", await connection.ReceiveAsync());

        await ChangeAsync(workspace, "eur");
        await connection.SendAsync(body);

        var answer = await connection.ReadAsync();
        Assert.Equal(400, RawConnection.StatusOf(answer));
        Assert.Contains(At, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_remembers_the_old_currency_stores_no_cost_in_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api);
        var elsewhere = node.Of(workspace);
        await elsewhere.GetAsync("/api/events");
        await ChangeAsync(workspace, "eur");

        var refused = await elsewhere.PostAsync("/api/events/ingest", Batch("usd"), 400);
        var partly = await elsewhere.PostAsync("/api/events/ingest?partial=true", Batch("usd", null));

        Assert.Equal((At, "currency"), Problem(refused.GetProperty("errors")[0]));
        Assert.Equal((At, "currency"), Problem(partly.GetProperty("errors")[0]));
        Assert.Equal((1, 1), (partly.GetProperty("inserted").GetInt32(), partly.GetProperty("rejected").GetInt32()));
        Assert.Single((await workspace.GetAsync("/api/events")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Nor_when_a_cost_in_the_new_one_came_before()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api);
        var elsewhere = node.Of(workspace);
        await elsewhere.GetAsync("/api/events");
        await ChangeAsync(workspace, "eur");
        await workspace.PostAsync("/api/events/ingest", Batch("eur"));

        var refused = await elsewhere.PostAsync("/api/events/ingest", Batch("usd"), 400);

        Assert.Equal((At, "currency"), Problem(refused.GetProperty("errors")[0]));
        await workspace.PostAsync("/api/events/ingest", Batch("eur"));
        await workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { currency = "usd" }, 409);
    }

    [Fact]
    public async Task Costs_that_wait_for_the_workspace_while_its_currency_changes_are_refused()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (changing, waiting) = (Task.FromResult(default(JsonElement)), Task.FromResult(default(JsonElement)));
        await using (var held = await HeldWorkspace.OfAsync(workspace))
        {
            changing = workspace.PatchAsync($"/api/workspaces/{workspace.Id}", new { currency = "eur" });
            await held.WaitsAsync(1);
            waiting = workspace.PostAsync("/api/events/ingest", Batch("usd"), 400);
            await held.WaitsAsync(2);
            await held.LetGoAsync();
        }

        await changing;
        Assert.Equal((At, "currency"), Problem((await waiting).GetProperty("errors")[0]));
    }

    static async Task ChangeAsync(WorkspaceClient workspace, string currency) =>
        await workspace.Api.Root.PatchAsync($"/api/workspaces/{workspace.Id}", new { currency });

    static object Batch(params string?[] currencies) => new
    {
        events = currencies.Select(currency => new
        {
            name = "a",
            external_customer_id = "a",
            metadata = new { _cost = currency is null ? null : new { amount = 1, currency } },
        }),
    };

    static (string?, string?) Problem(JsonElement problem) =>
        (problem.GetProperty("pointer").GetString(), problem.GetProperty("code").GetString());
}
