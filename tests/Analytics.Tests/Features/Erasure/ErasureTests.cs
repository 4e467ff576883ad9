using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Commands;
using Analytics.Tests.Features.Ingestion;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Erasure;

public sealed class ErasureTests(AnalyticsApi api)
{
    const string Ingest = "/api/events/ingest";

    static object Batch(params object[] events) => new { events };

    static (int Inserted, int Duplicates) Taken(JsonElement answer) =>
        (answer.GetProperty("inserted").GetInt32(), answer.GetProperty("duplicates").GetInt32());

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
        var (customer, ann) = (await workspace.NewCustomerAsync("acme"), await workspace.NewCustomerAsync("ann"));
        var once = new { name = "sent", customer_id = customer, external_id = "once" };
        await workspace.PostAsync(Ingest, Batch(once));
        await workspace.EraseAsync(customer);
        var twice = once with { external_id = "twice" };
        // One that has not seen the customer while there was one, and one that has.
        await using var node = await Node.StartAsync(api);
        foreach (var client in (ApiClient[])[node.Of(workspace), workspace])
        {
            foreach (var partial in (string[])["", "?partial=true"])
                Assert.Equal((0, 2), Taken(await client.PostAsync(Ingest + partial, Batch(once, once))));
            var refused = await client.PostAsync(Ingest, Batch(once, twice, new { name = "sent", customer_id = customer }), 400);
            Assert.Equal(
                ["/events/1/customer_id unknown_customer", "/events/2/customer_id unknown_customer"], IngestionTests.Pointers(refused));
        }

        // Of a request's own, what comes first is the one that counts.
        var anns = once with { customer_id = ann, external_id = "anns" };
        var mixed = await node.Of(workspace).PostAsync(
            Ingest + "?partial=true", Batch(once, twice, anns, twice with { external_id = "anns" }));
        Assert.Equal((1, 2), Taken(mixed));
        Assert.Equal(["/events/1/customer_id unknown_customer"], IngestionTests.Pointers(mixed));
        Assert.Equal(2, (await workspace.GetAsync("/api/events?name=sent")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task What_a_portal_key_sent_is_no_duplicate_of_what_the_workspace_sends()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        var once = new { name = "sent", customer_id = customer, external_id = "once" };
        await (await workspace.BoundToAsync(customer)).PostAsync(Ingest, Batch(once));
        await workspace.EraseAsync(customer);

        await using var node = await Node.StartAsync(api);
        var refused = await node.Of(workspace).PostAsync(Ingest, Batch(once), 400);

        Assert.Equal(["/events/0/customer_id unknown_customer"], IngestionTests.Pointers(refused));
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
