using static Analytics.Tests.Features.Business.Query.SomeQuestions;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>Whose events a question counts, by whichever name a customer is asked for.</summary>
public sealed class QueryOfCustomersTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_name_and_a_customer_are_the_events_own_and_those_of_the_metadata_are_called_so()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event("a", Some.Day, metadata: new() { ["name"] = "inner", ["customer"] = 5 }));

        var answer = await AskAsync(workspace, """
            "metrics":[{"aggregation":"count"}],"dimensions":["name","metadata.name","customer","metadata.customer"]
            """);

        AssertRows(answer, """["a","inner","acme",5,1]""");
    }

    [Fact]
    public async Task A_registered_customer_is_one_by_whichever_id_it_is_named()
    {
        var workspace = await api.NewWorkspaceAsync();
        var (named, plain) = (await workspace.NewCustomerAsync("acme"), await workspace.NewCustomerAsync());
        await workspace.IngestAsync(
            Some.Event("a", Some.Day), Some.Event("a", Some.Day, customerId: named), Some.Event("a", Some.Day, customerId: plain),
            Some.Event("login.done", Some.Day, customer: null));

        var answer = await AskAsync(workspace, """ "metrics":[{"aggregation":"count"}],"dimensions":["customer"],"orderBy":"customer" """);
        var unique = await AskAsync(workspace, """ "metrics":[{"aggregation":"unique","field":"customer"},{"aggregation":"count","field":"customer"}] """);
        var acme = await AskAsync(workspace, """
            "metrics":[{"aggregation":"count"}],"filters":[{"field":"customer","operator":"EQUALS","value":"acme"}]
            """);
        var others = await AskAsync(workspace, """
            "metrics":[{"aggregation":"count"}],"filters":[{"field":"customer","operator":"NOT_CONTAINS","value":"cm"}]
            """);

        string[] known = [$"[\"{plain}\",1]", "[\"acme\",2]"];
        AssertRows(answer, [.. known.Order(StringComparer.Ordinal), "[null,1]"]);
        AssertRows(unique, "[2,3]");
        AssertRows(acme, "[2]");
        AssertRows(others, "[2]");
    }

    [Fact]
    public async Task A_portal_key_sees_its_customer_only()
    {
        var workspace = await api.NewWorkspaceAsync();
        var acme = await workspace.NewCustomerAsync("acme");
        await workspace.IngestAsync(Some.Event("a", Some.Day), Some.Event("a", Some.Day, customer: "other"));
        var portal = await workspace.BoundToAsync(acme);

        var answer = await AskAsync(portal, """ "metrics":[{"aggregation":"count"}],"dimensions":["customer"] """);

        AssertRows(answer, """["acme",1]""");
    }

    [Theory]
    [InlineData("EQUALS", "\"{0}\"", 3)]
    [InlineData("NOT_EQUALS", "\"{0}\"", 2)]
    [InlineData("IN", "[\"{0}\",\"cid\"]", 4)]
    [InlineData("NOT_IN", "[\"{0}\",\"cid\"]", 1)]
    [InlineData("EQUALS", "\"{1}\"", 1)]
    public async Task A_customer_is_found_by_our_id_as_by_the_products(string comparison, string value, int found)
    {
        var workspace = await api.NewWorkspaceAsync();
        var (ann, bob) = (await workspace.NewCustomerAsync("ann"), (await workspace.PostAsync("/api/customers", new { name = "Bob" }, 201)).GetProperty("id").GetGuid());
        await workspace.IngestAsync(
            Some.Event("a", Some.Day, customer: "ann", metadata: new() { ["n"] = 1 }), Some.Event("b", Some.Day, customer: "ann", metadata: new() { ["n"] = 1 }),
            Some.Event("a", Some.Day, customerId: ann, metadata: new() { ["n"] = 1 }), Some.Event("a", Some.Day, customer: "cid", metadata: new() { ["n"] = 1 }),
            Some.Event("a", Some.Day, customerId: bob, metadata: new() { ["n"] = 1 }));
        var filter = $$"""{"field":"customer","operator":"{{comparison}}","value":{{value.Replace("{0}", $"{ann}").Replace("{1}", $"{bob}".ToUpperInvariant())}}}""";

        // By a rollup, and, as only they know the field, by raw rows.
        AssertRows(await AskAsync(workspace, $$""" "metrics":[{"aggregation":"count"}],"filters":[{{filter}}] """), $"[{found}]");
        AssertRows(await AskAsync(workspace, $$""" "metrics":[{"aggregation":"count","field":"n"}],"filters":[{{filter}}] """), $"[{found}]");
        var (portal, seen) = (await workspace.BoundToAsync(ann), comparison.StartsWith("NOT_", StringComparison.Ordinal) || value.Contains("{1}") ? 0 : 3);
        AssertRows(await AskAsync(portal, $$""" "metrics":[{"aggregation":"count"}],"filters":[{{filter}}] """), $"[{seen}]");
        AssertRows(await AskAsync(portal, $$""" "metrics":[{"aggregation":"count","field":"n"}],"filters":[{{filter}}] """), $"[{seen}]");
    }
}
