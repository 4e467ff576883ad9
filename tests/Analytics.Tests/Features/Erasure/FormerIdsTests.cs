using System.Text.Json.Nodes;
using Analytics.Tests.Commands;

namespace Analytics.Tests.Features.Erasure;

/// <summary>An erasure takes what was stored under any external id that the customer ever had, and nothing of anybody else's.</summary>
public sealed class FormerIdsTests(AnalyticsApi api)
{
    [Fact]
    public async Task What_was_stored_under_a_former_external_id_goes_with_its_customer()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob-first");
        await TellAsync(workspace, "bob-first", "Bob one", cost: 1);
        await RenameAsync(workspace, bob, "bob-second");
        await TellAsync(workspace, "bob-second", "Bob two", cost: 2);
        await RenameAsync(workspace, bob, null);
        await TellAsync(workspace, "bob-first", "Bob three", cost: 4);
        await RenameAsync(workspace, bob, "bob-third");
        await TellAsync(workspace, "bob-third", "Bob four", cost: 8);
        var before = await FiguresAsync(workspace);

        await workspace.EraseAsync(bob);

        Assert.Equal(before, await FiguresAsync(workspace));
        await NamesNobodyAsync(workspace, "bob", "Bob", bob.ToString());
        foreach (var id in (string[])["bob-first", "bob-second", "bob-third"])
            Assert.Equal(0, await CountAsync(workspace, $"external_customer_id={id}"));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task One_that_somebody_else_has_now_is_theirs()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("shared");
        await RenameAsync(workspace, bob, "bob-now");
        var ann = await workspace.NewCustomerAsync("shared");
        await TellAsync(workspace, "shared", "Ann here");

        await workspace.EraseAsync(bob);

        await NamesNobodyAsync(workspace, "bob-now", bob.ToString());
        var kept = (await workspace.GetAsync($"/api/events?customer_id={ann}&source=user")).GetProperty("data")[0];
        Assert.Equal("shared", kept.GetProperty("external_customer_id").GetString());
        Assert.Equal("Ann here", kept.GetProperty("metadata").GetProperty("note").GetString());
    }

    [Fact]
    public async Task One_that_went_from_hand_to_hand_goes_with_each_who_had_it_and_is_free_in_between()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("shared");
        await TellAsync(workspace, "shared", "First text");
        await RenameAsync(workspace, bob, "bob-now");
        var ann = await workspace.NewCustomerAsync("shared");
        await TellAsync(workspace, "shared", "Second text");
        await RenameAsync(workspace, ann, null);

        await workspace.EraseAsync(bob);
        await NamesNobodyAsync(workspace, "shared", "First text", "Second text");
        await TellAsync(workspace, "shared", "Third text");
        Assert.Equal(1, await CountAsync(workspace, "external_customer_id=shared"));
        await workspace.EraseAsync(ann);

        await NamesNobodyAsync(workspace, "shared", "Third text");
        Assert.Equal(3, await CountAsync(workspace, "name=note"));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task One_that_was_taken_back_and_one_given_up_twice_go_once()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("one");
        foreach (var id in (string[])["two", "one", "two", "one"])
            await RenameAsync(workspace, bob, id);
        await TellAsync(workspace, "one", "Under one");
        await TellAsync(workspace, "two", "Under two");

        await workspace.EraseAsync(bob);

        await NamesNobodyAsync(workspace, "Under one", "Under two", "\"one\"", "\"two\"");
    }

    [Fact]
    public async Task No_table_keeps_a_former_id()
    {
        var workspace = await api.NewWorkspaceAsync();
        var bob = await workspace.NewCustomerAsync("bob-kept-first");
        await TellAsync(workspace, "bob-kept-first", "bob-kept-text");
        await RenameAsync(workspace, bob, "bob-kept-second");

        await workspace.EraseAsync(bob);

        Assert.Empty(await TablesWithAsync(await workspace.NumberAsync(), "bob-kept"));
        Assert.Empty(await TablesWithAsync(await workspace.NumberAsync(), bob.ToString()));
    }

    static async Task TellAsync(WorkspaceClient workspace, string customer, string note, decimal? cost = null) => await workspace.IngestAsync(
        Some.Event("note", customer: customer, cost: cost, metadata: new JsonObject { ["note"] = note }));

    static async Task RenameAsync(WorkspaceClient workspace, Guid customer, string? externalId) =>
        await workspace.PatchAsync($"/api/customers/{customer}", new { external_id = externalId });

    static async Task NamesNobodyAsync(WorkspaceClient workspace, params string[] traces)
    {
        var readable = (await workspace.GetAsync("/api/events?limit=1000")).GetRawText()
            + (await workspace.GetAsync("/api/customers")).GetRawText();
        foreach (var trace in traces)
            Assert.DoesNotContain(trace, readable, StringComparison.Ordinal);
    }

    static async Task<int> CountAsync(WorkspaceClient workspace, string filter) =>
        (await workspace.GetAsync($"/api/events?source=user&{filter}")).GetProperty("data").GetArrayLength();

    // What everything cost, and how many people it was about.
    static async Task<string> FiguresAsync(WorkspaceClient workspace)
    {
        var today = workspace.Api.Clock.GetUtcNow().UtcDateTime;
        return (await workspace.GetAsync(
            $"/api/metrics?start_date={today.AddDays(-1):yyyy-MM-dd}&end_date={today.AddDays(1):yyyy-MM-dd}&interval=day&metrics=costs"
            + "&metrics=active_users")).GetProperty("totals").GetRawText();
    }

    /// <summary>The tables that have a row of the workspace with the text somewhere in it.</summary>
    async Task<List<string>> TablesWithAsync(int workspace, string text)
    {
        await using var names = api.Store.CreateCommand("""
            select table_name
            from information_schema.columns
            where table_schema = current_schema() and column_name = 'workspace_id'
            """);
        var tables = new List<string>();
        await using (var row = await names.ExecuteReaderAsync())
            while (await row.ReadAsync())
                tables.Add(row.GetString(0));
        Assert.Contains("former_external_ids", tables);
        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var look = api.Store.CreateCommand(
                $"select exists (select from {table} t where workspace_id = $1 and to_jsonb(t)::text like '%' || $2 || '%')");
            look.Parameters.Add(new() { Value = workspace });
            look.Parameters.Add(new() { Value = text });
            if (await look.ExecuteScalarAsync() is true)
                found.Add(table);
        }

        return found;
    }
}
