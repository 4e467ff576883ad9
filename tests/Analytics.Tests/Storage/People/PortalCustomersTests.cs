using System.Text;
using Analytics.Storage.Facts;
using Analytics.Tests.Storage.Traces;

namespace Analytics.Tests.Storage.People;

/// <summary>What a portal key's customer is by the time its events are written counts, not what it was when they were read.</summary>
public sealed class PortalCustomersTests(AnalyticsApi api)
{
    [Theory, InlineData("a"), InlineData(null)]
    public async Task An_erased_customers_key_writes_nothing_and_its_name_is_not_stored_again(string? named)
    {
        var traced = await TracedWorkspace.NewAsync(api);
        var customer = await traced.Client.NewCustomerAsync("a");
        await traced.Client.DeleteAsync($"/api/customers/{customer}", 202);

        var written = await traced.WriteAsync(Event(customer, named));

        Assert.Equal((0, "/customer_id", "unknown_customer"), (written.Inserted, written.Refusals[0].Pointer, written.Refusals[0].Code));
        Assert.Empty((await traced.Client.GetAsync("/api/events?source=user")).GetProperty("data").EnumerateArray());
        Assert.Empty((await traced.Client.GetAsync($"/api/events?external_customer_id=a")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task An_external_id_that_somebody_else_has_by_now_is_refused()
    {
        var traced = await TracedWorkspace.NewAsync(api);
        var customer = await traced.Client.NewCustomerAsync("a");
        await traced.Client.PatchAsync($"/api/customers/{customer}", new { external_id = "b" });
        var next = await traced.Client.NewCustomerAsync("a");

        var written = await traced.WriteAsync(Event(customer, "a"));

        Assert.Equal((0, "/external_customer_id", "other_customer"), (written.Inserted, written.Refusals[0].Pointer, written.Refusals[0].Code));
        Assert.Equal(1, (await traced.WriteAsync(Event(customer, "b"))).Inserted);
        Assert.Empty((await traced.Client.GetAsync($"/api/events?customer_id={next}&source=user")).GetProperty("data").EnumerateArray());
        Assert.Single((await traced.Client.GetAsync($"/api/events?customer_id={customer}&source=user")).GetProperty("data").EnumerateArray());
    }

    static IncomingEvent Event(Guid portal, string? externalCustomer) => new()
    {
        Index = 0,
        Name = "task.done",
        Timestamp = Some.Day.ToUnixTimeMilliseconds() * 1000,
        Portal = portal,
        CustomerId = externalCustomer is null ? portal : null,
        ExternalCustomerId = Encoding.UTF8.GetBytes(externalCustomer ?? ""),
        Metadata = Encoding.UTF8.GetBytes("{}"),
    };
}
