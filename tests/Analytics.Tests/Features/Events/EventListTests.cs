using System.Text.Json;
using System.Text.Json.Nodes;
using static Analytics.Tests.Features.Events.ListedEvents;

namespace Analytics.Tests.Features.Events;

/// <summary>What the list of events holds for whom, and its filters.</summary>
public sealed class EventListTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("name=order.paid", "paid")]
    [InlineData("name=order.paid&name=page.seen", "paid seen")]
    [InlineData("name=unknown", "")]
    [InlineData("source=system", "share")]
    [InlineData("source=user&q=order", "paid sent")]
    [InlineData("external_customer_id=globex", "sent")]
    [InlineData("external_customer_id=globex&external_customer_id=acme", "paid sent seen")]
    [InlineData("external_customer_id=globex&name=page.seen", "")]
    [InlineData("start_timestamp=2026-03-11T01:00:00Z&end_timestamp=2026-03-11T03:00:00Z", "sent seen")]
    [InlineData("start_timestamp=2026-03-11T03:00:00%2B02:00&end_timestamp=2026-03-11T04:00:00%2B02:00", "sent")]
    [InlineData("metadata[plan]=pro", "paid seen")]
    [InlineData("metadata[plan]=pro&metadata[plan]=free", "paid sent seen")]
    [InlineData("metadata[plan]=pro&metadata[seats]=3", "paid")]
    [InlineData("metadata[address.city]=Berlin", "paid")]
    [InlineData("metadata[a.b.c]=deep", "seen")]
    [InlineData("metadata[trial]=true", "sent")]
    [InlineData("metadata[plan]=PRO", "")]
    [InlineData("metadata[a'b]=1", "")]
    [InlineData("q=berlin", "paid")]
    [InlineData("q=plan", "")]
    [InlineData("q=true", "")]
    [InlineData("q=3", "")]
    [InlineData("q=%7B", "")]
    [InlineData("q=100%25", "sent")]
    [InlineData("q=1_0", "")]
    [InlineData("q=say%20%22hi%22", "seen")]
    [InlineData("q=order.&q=page", "paid sent seen")]
    [InlineData("root=true&name=page.seen", "seen")]
    [InlineData("root=false", "")]
    [InlineData("event_type_id=00000000-0000-0000-0000-000000000001", "")]
    [InlineData("parent_id=00000000-0000-0000-0000-000000000001", "")]
    [InlineData("customer_id=00000000-0000-0000-0000-000000000001", "")]
    public async Task Filters_choose_events(string query, string expected)
    {
        var workspace = await api.FilledAsync();

        var found = await workspace.GetAsync($"/api/events?sort=timestamp&{query}");

        Assert.Equal(expected, string.Join(' ', ExternalIds(found)));
    }

    [Theory]
    [InlineData("customer_id=nonsense", "customer_id")]
    [InlineData("event_type_id=1", "event_type_id")]
    [InlineData("parent_id=x", "parent_id")]
    [InlineData("source=robot", "source")]
    [InlineData("source=1", "source")]
    [InlineData("source=SYSTEM", "source")]
    [InlineData("source=user,system", "source")]
    [InlineData("start_timestamp=2026-03-11T00:00:00", "start_timestamp")]
    [InlineData("end_timestamp=yesterday", "end_timestamp")]
    [InlineData("start_timestamp=2026-03-12T00:00:00Z&end_timestamp=2026-03-11T00:00:00Z", "end_timestamp")]
    [InlineData("root=maybe", "root")]
    [InlineData("sort=colour", "sort")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("cursor=garbage", "cursor")]
    [InlineData("aggregate_fields=a%20b", "aggregate_fields")]
    public async Task A_bad_parameter_is_named(string query, string pointer)
    {
        var workspace = await api.NewWorkspaceAsync();

        var problem = await workspace.GetAsync($"/api/events?{query}", 400);

        Assert.Equal(pointer, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_nul_in_a_filter_is_bad_input()
    {
        var workspace = await api.FilledAsync();
        foreach (var parameter in new[] { "name", "external_customer_id", "q", "metadata[plan]", "metadata[%00]" })
            await workspace.GetAsync($"/api/events?{parameter}=%00", 400);
    }

    [Theory]
    [InlineData("MÜNCHEN%20ÄRZTE", "here")]
    [InlineData("b_C%25d", "here")]
    [InlineData("%5CX%22", "here")]
    [InlineData("a.*", "here")]
    [InlineData("one%0ATWO", "here")]
    [InlineData("😀%26%27", "here")]
    [InlineData("PAGE%20_se", "here")]
    [InlineData("_", "here")]
    [InlineData("bxc", "")]
    [InlineData("a.b", "")]
    [InlineData("tags", "")]
    [InlineData("7", "")]
    [InlineData("false", "")]
    [InlineData("**", "")]
    public async Task A_text_is_looked_for_in_the_name_and_in_strings_as_it_stands(string text, string expected)
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Some.Event("page _seen", externalId: "here", metadata: Metadata("""
                {"tags":["x",["B_c%D"]],"a":{"b":{"c":"a.*\\x\""}},"seven":7,"no":false,"text":"One\nTwo \u263a",
                "name":"münchen Ärzte","e":"\ud83d\ude00&'"}
                """)),
            Some.Event("other"));

        Assert.Equal(expected, string.Join(' ', ExternalIds(await workspace.GetAsync($"/api/events?q={text}"))));
    }

    [Fact]
    public async Task An_event_is_answered_whole()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Some.Event("order.paid", Some.Day.AddTicks(1234560), "o-1", metadata: new JsonObject { ["n"] = 1 }));

        var found = (await workspace.GetAsync("/api/events?name=order.paid")).GetProperty("data")[0];

        var id = found.GetProperty("id").GetGuid();
        Assert.Equal(
            $$"""{"id":"{{id}}","external_id":"o-1","name":"order.paid","label":"order.paid","source":"user","timestamp":"2026-03-11T00:00:00.123456Z","ingested_at":{{found.GetProperty("ingested_at").GetRawText()}},"workspace_id":"{{workspace.Id}}","customer_id":"{{customer}}","external_customer_id":"acme","parent_id":null,"root_id":"{{id}}","pending_parent_id":null,"child_count":0,"descendant_count":0,"metadata":{"n":1} }""".Replace("} }", "}}"),
            found.GetRawText());
    }

    [Fact]
    public async Task A_customer_is_found_by_either_id_whichever_came_first()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(externalId: "before", customer: "acme", at: Some.Day));
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(
            Some.Event(externalId: "by-id", customerId: customer, at: Some.Day.AddHours(1)),
            Some.Event(externalId: "after", customer: "acme", at: Some.Day.AddHours(2)),
            Some.Event(externalId: "other", customer: "globex", at: Some.Day.AddHours(3)));

        foreach (var query in new[] { $"customer_id={customer}", "external_customer_id=acme", $"customer_id={customer}&external_customer_id=acme" })
        {
            var found = await workspace.GetAsync($"/api/events?source=user&sort=timestamp&{query}");
            Assert.Equal(["before", "by-id", "after"], ExternalIds(found));
            Assert.All(found.GetProperty("data").EnumerateArray(), row => Assert.Equal(customer, row.GetProperty("customer_id").GetGuid()));
        }

        Assert.Empty(ExternalIds(await workspace.GetAsync($"/api/events?customer_id={customer}&external_customer_id=globex")));
    }

    [Fact]
    public async Task A_portal_key_sees_its_customer_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(
            Some.Event(externalId: "top", customer: "acme", at: Some.Day, cost: 1),
            Some.Event(externalId: "theirs", customer: "globex", at: Some.Day.AddHours(1), cost: 2, parent: "top"),
            Some.Event(externalId: "mine", customer: "acme", at: Some.Day.AddHours(2), cost: 4, parent: "theirs"));
        var all = (await workspace.GetAsync("/api/events?source=user")).GetProperty("data").EnumerateArray()
            .ToDictionary(row => row.GetProperty("external_id").GetString()!, Id);
        var portal = await workspace.BoundToAsync(customer);

        var seen = await portal.GetAsync("/api/events?source=user&aggregate_fields=_cost.amount");

        Assert.Equal(["mine", "top"], ExternalIds(seen));
        var top = seen.GetProperty("data")[1];
        Assert.Equal(0, top.GetProperty("child_count").GetInt32());
        Assert.Equal(0, top.GetProperty("descendant_count").GetInt32());
        Assert.Equal("1", top.GetProperty("aggregates").GetProperty("_cost.amount").GetString());
        var mine = seen.GetProperty("data")[0];
        Assert.Equal("theirs", mine.GetProperty("pending_parent_id").GetString());
        Assert.Equal(JsonValueKind.Null, mine.GetProperty("parent_id").ValueKind);
        Assert.Equal(JsonValueKind.Null, mine.GetProperty("root_id").ValueKind);
        await portal.GetAsync($"/api/events/{all["top"]}");
        await portal.GetAsync($"/api/events/{all["theirs"]}", 404);
        Assert.Empty(ExternalIds(await portal.GetAsync("/api/events?external_customer_id=globex")));
        Assert.Empty(ExternalIds(await portal.GetAsync($"/api/events?parent_id={all["theirs"]}")));
    }

    [Fact]
    public async Task Workspaces_never_meet()
    {
        var (ours, theirs) = (await api.FilledAsync(), await api.FilledAsync());
        var (mine, foreign) = (await ours.GetAsync("/api/events"), await theirs.GetAsync("/api/events"));
        var foreignIds = foreign.GetProperty("data").EnumerateArray().Select(Id).ToHashSet();
        Assert.Equal(4, mine.GetProperty("data").GetArrayLength());
        Assert.DoesNotContain(mine.GetProperty("data").EnumerateArray(), row => foreignIds.Contains(Id(row)));

        foreach (var id in foreignIds)
        {
            await ours.GetAsync($"/api/events/{id}", 404);
            Assert.Empty(ExternalIds(await ours.GetAsync($"/api/events?parent_id={id}")));
        }

        await ours.GetAsync($"/api/events/{Guid.NewGuid()}", 404);
        await ours.GetAsync($"/api/events/{Guid.CreateVersion7()}", 404);
        await ours.GetAsync("/api/events/nonsense", 404);
    }

    [Fact]
    public async Task Reading_needs_its_scope()
    {
        var workspace = await api.NewWorkspaceAsync(scopes: "events:write");
        await workspace.GetAsync("/api/events", 403);
        await workspace.GetAsync("/api/events/names", 403);
        await api.Anonymous.GetAsync("/api/events", 401);
    }
}
