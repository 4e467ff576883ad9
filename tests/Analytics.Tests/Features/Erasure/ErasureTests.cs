using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Commands;

namespace Analytics.Tests.Features.Erasure;

public sealed class ErasureTests(AnalyticsApi api)
{
    [Fact]
    public async Task Nothing_readable_names_an_erased_customer()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("bob-external", "Bob Secret");
        var portal = await workspace.BoundToAsync(customer);
        await workspace.IngestAsync(
            Some.Event(customer: "bob-external", externalId: "bob-order-1", cost: 1.5m, metadata: new JsonObject { ["email"] = "bob@secret" }),
            Some.Event(customer: "ann", parent: "bob-order-1"),
            Some.Event(customerId: customer, metadata: new JsonObject { ["note"] = "Bob Secret", ["n"] = 7 }));

        var job = (await workspace.DeleteAsync($"/api/customers/{customer}", 202)).GetProperty("job_id").GetString();
        var done = await workspace.ErasedAsync(job!);

        // Two of the three, and the one that told of the customer.
        Assert.Equal(3, done.GetProperty("events").GetInt64());
        var events = (await workspace.GetAsync("/api/events")).GetRawText();
        foreach (var trace in (string[])["bob", "Bob", customer.ToString()])
            Assert.DoesNotContain(trace, events, StringComparison.Ordinal);
        Assert.Contains("\"n\":7", events.Replace(" ", ""));
        Assert.Contains("1.5", events);
        await workspace.GetAsync($"/api/customers/{customer}", 404);
        await portal.GetAsync("/api/customers", 401);
    }

    [Fact]
    public async Task A_retry_still_is_a_duplicate_and_the_id_is_free_for_a_new_person()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Some.Event(customer: "acme", externalId: "once"));
        var job = (await workspace.DeleteAsync($"/api/customers/{customer}", 202)).GetProperty("job_id").GetString();
        await workspace.ErasedAsync(job!);

        var retried = await workspace.IngestAsync(Some.Event(customer: "acme", externalId: "once"), Some.Event(customer: "acme"));

        Assert.Equal(1, retried.GetProperty("duplicates").GetInt32());
        Assert.Equal(1, retried.GetProperty("inserted").GetInt32());
        var next = await workspace.NewCustomerAsync("acme");
        Assert.NotEqual(customer, next);
        Assert.Single((await workspace.GetAsync($"/api/events?customer_id={next}&source=user")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_retry_that_names_the_customer_by_our_id_still_is_a_duplicate()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Some.Event(customerId: customer, externalId: "once"));
        await workspace.EraseAsync(customer);

        var retried = await workspace.IngestAsync(Some.Event(customerId: customer, externalId: "once"));
        var refused = await workspace.PostAsync(
            "/api/events/ingest", new JsonObject { ["events"] = new JsonArray(Some.Event(customerId: customer, externalId: "twice")) }, 400);

        Assert.Equal((0, 1), (retried.GetProperty("inserted").GetInt32(), retried.GetProperty("duplicates").GetInt32()));
        Assert.Equal("unknown_customer", refused.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_erasure_that_was_cut_off_goes_on()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Some.Events(3).Select(e => { e["external_customer_id"] = "acme"; return e; }));
        var job = (await workspace.DeleteAsync($"/api/customers/{customer}", 202)).GetProperty("job_id").GetString();
        await workspace.ErasedAsync(job!);
        // As a crash would leave it, and one row the first pass missed.
        await using (var command = api.Store.CreateCommand("""
            with cut as (
                update erasures set status = 'verifying', verified_at = null
                where job_id = $1
                returning workspace_id, people)
            update events set external_id = 'left over'
            from cut
            where events.workspace_id = cut.workspace_id and events.person = any(cut.people)
            """))
        {
            command.Parameters.Add(new() { Value = Guid.Parse(job!) });
            await command.ExecuteNonQueryAsync();
        }

        var done = await workspace.ErasedAsync(job!);

        Assert.Equal(4, done.GetProperty("events").GetInt64());
        Assert.DoesNotContain("left over", (await workspace.GetAsync("/api/events?source=user&source=system")).GetRawText());
    }

    [Fact]
    public async Task What_was_sent_before_an_erasure_and_commits_after_it_is_a_new_persons_or_refused()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("bob-external", "Bob Secret");
        Task<JsonElement> erasing, sending;
        await using (var held = await HeldWorkspace.OfAsync(workspace))
        {
            erasing = workspace.DeleteAsync($"/api/customers/{customer}", 202);
            await held.WaitsAsync(1);
            sending = workspace.PostAsync("/api/events/ingest?partial=true", new JsonObject
            {
                ["events"] = new JsonArray(Some.Event("late", customerId: customer), Some.Event("late", customer: "bob-external")),
            });
            await held.WaitsAsync(2);
            await held.LetGoAsync();
        }

        var answer = await sending;
        await workspace.ErasedAsync((await erasing).GetProperty("job_id").GetString()!);

        Assert.Equal(1, answer.GetProperty("inserted").GetInt32());
        var refused = answer.GetProperty("errors")[0];
        Assert.Equal(
            ("/events/0/customer_id", "unknown_customer"),
            (refused.GetProperty("pointer").GetString(), refused.GetProperty("code").GetString()));
        var late = (await workspace.GetAsync("/api/events?name=late")).GetProperty("data")[0];
        Assert.Equal("bob-external", late.GetProperty("external_customer_id").GetString());
        Assert.Equal(JsonValueKind.Null, late.GetProperty("customer_id").ValueKind);
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task An_unknown_erasure_is_404()
    {
        var workspace = await api.NewWorkspaceAsync();

        await workspace.GetAsync($"/api/erasures/{Guid.NewGuid()}", 404);
        await workspace.DeleteAsync($"/api/customers/{Guid.NewGuid()}", 404);
    }
}
