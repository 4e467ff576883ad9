using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;

namespace Analytics.Tests.Features.Business.Costs;

/// <summary>Costs and revenue told one by one: who they are counted for, and when that changes.</summary>
public sealed class CostsStoryTests(AnalyticsApi api)
{
    const string Route = "/api/v1/analytics/cogs?from=2026-03-11&to=2026-03-12";

    [Fact]
    public async Task A_shares_customer_that_turns_up_late_takes_its_costs_along_product_by_product()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(
            Cost(1, 5, null, ("share_id", "s"), ("product_id", "api")), Cost(2, 7, null, ("share_id", "s"), ("product_id", "bot")),
            Cost(3, 11, "bob", ("share_id", "s"), ("product_id", "api")), Paid(4, 900, null, ("share_id", "s"), ("product_id", "api")));
        Assert.Equal(
            ["~/bot 7 0", "~/api 5 900", "bob/api 11 0"], (await RowsAsync(workspace, "customer", "product")).Order(StringComparer.Ordinal).Reverse());

        await workspace.IngestAsync(Event("file_share.created", 9, "ann", ("share_id", "s")));
        Assert.Equal(["bob/api 11 0", "ann/bot 7 0", "ann/api 5 900"], await RowsAsync(workspace, "customer", "product"));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_subscriptions_costs_are_the_customers_of_the_earliest_event_that_names_both()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Cost(5, 3, null, ("subscription_id", "sub")));
        Assert.Equal(["~ 3 0"], await RowsAsync(workspace, "customer"));
        await workspace.IngestAsync(Event("task.done", 20, "late", ("subscription_id", "sub")));
        Assert.Equal(["late 3 0"], await RowsAsync(workspace, "customer"));
        await workspace.IngestAsync(Event("subscription.changed", 10, "early", ("subscription_id", "sub")));
        Assert.Equal(["early 3 0"], await RowsAsync(workspace, "customer"));
        await workspace.IngestAsync(
            Event("task.done", 15, "between", ("subscription_id", "sub")), Cost(30, 4, null, ("subscription_id", "sub")));
        Assert.Equal(["early 7 0"], await RowsAsync(workspace, "customer"));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task A_refund_that_comes_before_its_payment_is_of_the_payments_product_and_customer()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Refunded(8, 300));
        Assert.Empty(await RowsAsync(workspace, "product"));
        await workspace.IngestAsync(Paid(4, 1_000, "ann", ("product_id", "api"), ("subscription_id", "sub")));
        Assert.Equal(["api 0 700"], await RowsAsync(workspace, "product"));
        Assert.Equal(["ann/sub 0 700"], await RowsAsync(workspace, "customer", "subscription"));
        await workspace.IngestAsync(Paid(2, 500, "bob", ("product_id", "bot")));
        Assert.Equal(["bob/bot 0 200"], await RowsAsync(workspace, "customer", "product"));
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Fact]
    public async Task An_answer_says_names_and_exact_numbers()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("acme", "Acme Inc.");
        await workspace.IngestAsync(Cost(1, 0.000000000001m, "acme"), Cost(2, 33.1m, "acme"), Paid(3, 100, "acme"), Cost(4, 1, null));
        Assert.Equal("""
            {"rows":[{"key":"acme","name":"Acme Inc.","costCents":33.100000000001,"revenueCents":100,"marginCents":66.899999999999,"marginPercent":66.9},
            {"key":null,"name":null,"costCents":1,"revenueCents":0,"marginCents":-1,"marginPercent":null}],
            "totals":{"costCents":34.100000000001,"revenueCents":100,"marginCents":65.899999999999,"marginPercent":65.9},
            "trend":[{"date":"2026-03-11","costCents":34.100000000001,"revenueCents":100,"marginCents":65.899999999999}]}
            """.Replace("\n", "", StringComparison.Ordinal), (await workspace.GetAsync(Route)).GetRawText());
    }

    [Fact]
    public async Task A_table_has_a_column_for_each_group()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync("acme", "Acme Inc.");
        await workspace.PostAsync("/api/v1/products", new { key = "api", name = "The API", type = "API" }, 201);
        await workspace.IngestAsync(Cost(1, 2.5m, "acme", ("product_id", "api")), Cost(2, 1, null), Paid(3, 100, "acme", ("product_id", "api")));
        Assert.Equal(
            "key,name,costCents,revenueCents,marginCents,marginPercent\r\nacme,Acme Inc.,2.5,100,97.5,97.5\r\n,,1,0,-1,\r\n",
            await CsvAsync(workspace, ""));
        Assert.Equal(
            "key.customer,key.product,name.customer,name.product,costCents,revenueCents,marginCents,marginPercent\r\n"
            + "acme,api,Acme Inc.,The API,2.5,100,97.5,97.5\r\n,,,,1,0,-1,\r\n",
            await CsvAsync(workspace, "&groupBy=customer&groupBy=product"));
    }

    [Fact]
    public async Task Revenue_is_unknown_where_a_vendor_model_or_category_is_told_apart_or_asked_for()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Cost(1, 2, "acme", ("cost_category", "gpu")), Paid(2, 100, "acme"));
        foreach (var question in (string[])["groupBy=vendor", "groupBy=customer&groupBy=model", "category=gpu", "groupBy=category"])
        {
            var answer = await workspace.GetAsync($"{Route}&{question}");
            var sums = answer.GetProperty("rows").EnumerateArray().Append(answer.GetProperty("totals")).ToList();
            Assert.Equal(2, sums.Count);
            Assert.All(sums, one =>
            {
                Assert.Equal(2, one.GetProperty("costCents").GetDecimal());
                foreach (var member in (string[])["revenueCents", "marginCents", "marginPercent"])
                    Assert.Equal(JsonValueKind.Null, one.GetProperty(member).ValueKind);
            });
        }
    }

    [Fact]
    public async Task A_portal_key_sees_its_customers_costs_and_names_no_subscription_of_anybodys()
    {
        var workspace = await api.NewWorkspaceAsync();
        var ann = await workspace.NewCustomerAsync("ann", "Ann");
        var portal = await workspace.BoundToAsync(ann);
        await portal.IngestAsync(Cost(1, 2, "ann", ("subscription_id", "sub")));
        await workspace.IngestAsync(Cost(2, 4, null, ("subscription_id", "sub")), Cost(3, 8, "bob", ("subscription_id", "sub")));
        Assert.Equal(["ann 2 0"], await RowsAsync(portal, "customer"));
        Assert.Equal(["~ 2 0"], await RowsAsync(portal, "subscription"));
        Assert.Equal(["bob 12 0", "ann 2 0"], await RowsAsync(workspace, "customer"));
        Assert.Empty((await portal.GetAsync($"{Route}&customer=bob")).GetProperty("rows").EnumerateArray());
    }

    [Fact]
    public async Task An_erased_customers_costs_stay_under_its_pseudonym()
    {
        var workspace = await api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("ann", "Ann");
        await workspace.IngestAsync(
            Cost(1, 2, "ann", ("product_id", "api"), ("cost_category", "gpu"), ("subscription_id", "sub"), ("note", "Ann's")),
            Cost(2, 4, null, ("subscription_id", "sub")), Paid(3, 100, "ann", ("product_id", "api")));
        var erasure = await workspace.DeleteAsync($"/api/customers/{customer}", 202);
        var job = $"/api/erasures/{erasure.GetProperty("job_id").GetString()}";
        await Until.HoldsAsync(async () => (await workspace.GetAsync(job)).GetProperty("status").GetString() == "done", "It is not erased.");

        var row = Assert.Single((await workspace.GetAsync(Route)).GetProperty("rows").EnumerateArray());
        Assert.True(Guid.TryParse(row.GetProperty("key").GetString(), out var pseudonym) && pseudonym != customer);
        Assert.Equal((6, 100), (row.GetProperty("costCents").GetDecimal(), row.GetProperty("revenueCents").GetDecimal()));
        await VerifyRun.OfAsync(workspace, 0);
        await (await Upkeep.OfAsync(workspace)).RebuildAsync();
        await VerifyRun.OfAsync(workspace, 0);
        Assert.Equal(["api 2 100", "~ 4 0"], (await RowsAsync(workspace, "product")).Order(StringComparer.Ordinal));
        Assert.Equal(["gpu 2 null", "~ 4 null"], (await RowsAsync(workspace, "category")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("groupBy=colour", "groupBy")]
    [InlineData("groupBy=customer&groupBy=", "groupBy")]
    [InlineData("period=7x", "period")]
    [InlineData("period=7d&from=2026-03-11", "period")]
    [InlineData("groupBy=x&period=0d&timezone=Moon", "groupBy", "period", "timezone")]
    public async Task A_question_that_makes_no_sense_is_refused_with_all_that_is_wrong(string question, params string[] pointers)
    {
        var workspace = await api.NewWorkspaceAsync();
        var refusal = await workspace.GetAsync($"/api/v1/analytics/cogs?{question}", 400);
        Assert.Equal(
            pointers, refusal.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_workspace_is_unknown_and_one_without_events_has_no_rows()
    {
        var (workspace, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        await workspace.GetAsync($"{Route}&tenantId={other.Id}", 404);
        await workspace.GetAsync($"{Route}&tenantId={Guid.NewGuid()}", 404);
        var answer = await workspace.GetAsync($"/api/v1/analytics/cogs?tenantId={workspace.Id}&groupBy=customer&groupBy=product&period=2d");
        Assert.Empty(answer.GetProperty("rows").EnumerateArray());
        Assert.Equal("0 0", $"{answer.GetProperty("totals").GetProperty("costCents")} {answer.GetProperty("totals").GetProperty("revenueCents")}");
        Assert.Equal(2, answer.GetProperty("trend").GetArrayLength());
        Assert.Empty((await workspace.GetAsync("/api/v1/analytics/cogs?from=2026-03-11&to=2026-03-11&vendor=x")).GetProperty("trend").EnumerateArray());
    }

    static async Task<List<string>> RowsAsync(WorkspaceClient client, params string[] groups)
    {
        var answer = await client.GetAsync($"{Route}&{string.Join('&', groups.Select(group => $"groupBy={group}"))}");
        return
        [
            .. answer.GetProperty("rows").EnumerateArray().Select(row =>
            {
                var key = row.GetProperty("key");
                var words = groups is [_] ? [key.GetString()] : groups.Select(group => key.GetProperty(group).GetString());
                return $"{string.Join('/', words.Select(word => word ?? "~"))} {row.GetProperty("costCents").GetRawText()} "
                    + row.GetProperty("revenueCents").GetRawText();
            }),
        ];
    }

    static Task<string> CsvAsync(WorkspaceClient workspace, string question) =>
        workspace.Http.GetStringAsync($"{Route}{question}&format=csv", TestContext.Current.CancellationToken);

    static JsonObject Cost(int minute, decimal cents, string? customer, params (string Member, string Text)[] says) =>
        Some.Event("gen_ai.chat", Some.Day.AddMinutes(minute), Some.ExternalId, customer, cost: cents, metadata: Says(says));

    static JsonObject Event(string name, int minute, string? customer, params (string Member, string Text)[] says) =>
        Some.Event(name, Some.Day.AddMinutes(minute), Some.ExternalId, customer, metadata: Says(says));

    static JsonObject Paid(int minute, long cents, string? customer, params (string Member, string Text)[] says) =>
        Some.Event("payment.completed", Some.Day.AddMinutes(minute), Some.ExternalId, customer, metadata: Payment(cents, says));

    static JsonObject Refunded(int minute, long cents) =>
        Some.Event("payment.refunded", Some.Day.AddMinutes(minute), Some.ExternalId, null, metadata: Payment(cents));

    static JsonObject Payment(long cents, params (string Member, string Text)[] says)
    {
        var metadata = Says(says);
        (metadata["payment_id"], metadata["amount_cents"]) = ("p", cents);
        return metadata;
    }

    static JsonObject Says((string Member, string Text)[] says) =>
        new(says.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Member, one.Text)));
}
