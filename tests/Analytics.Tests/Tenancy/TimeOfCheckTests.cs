using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Tenancy;

/// <summary>Whoever lost the right while a request waited for a lock or in the queue does not write any more.</summary>
[Collection<Timed>]
public sealed class TimeOfCheckTests(TimedApi timed)
{
    [Theory]
    [InlineData("POST", "/api/customers", """{"external_id":"late"}""")]
    [InlineData("PATCH", "/api/customers/{customer}", """{"name":"late"}""")]
    [InlineData("DELETE", "/api/customers/{customer}", null)]
    [InlineData("PATCH", "/api/workspaces/{workspace}", """{"name":"late"}""")]
    [InlineData("DELETE", "/api/workspaces/{workspace}", null)]
    public async Task A_change_that_waits_for_its_workspace_is_not_made_for_a_key_revoked_elsewhere(string method, string path, string? body)
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("before", "before");
        var left = await workspace.WithScopesAsync(Scopes.All);
        var before = await StateAsync(left);
        path = path.Replace("{customer}", customer.ToString()).Replace("{workspace}", workspace.Id.ToString());

        await using var held = await HeldWorkspace.OfAsync(workspace);
        var late = workspace.SendAsync(new HttpMethod(method), path, body, 401);
        await held.WaitsAsync(1);
        await RevokeAsync(workspace);
        timed.Clock.Advance(TimedApi.RightsEnd);

        await late.WaitAsync(Until.Patience, TestContext.Current.CancellationToken);
        await held.LetGoAsync();
        Assert.Equal(before, await StateAsync(left));
    }

    [Fact]
    public async Task Events_in_the_queue_are_not_stored_for_a_key_revoked_elsewhere()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var left = await workspace.WithScopesAsync(Scopes.All);

        await StoreLateAsync(left, workspace, NewCustomer, () => RevokeAsync(workspace));

        await left.IngestAsync(Some.Event("after"));
        Assert.Equal(["after", "first"], await NamesAsync(left));
    }

    [Fact]
    public async Task Events_in_the_queue_are_not_stored_for_a_portal_key_whose_customer_is_erased_elsewhere()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var customer = await workspace.NewCustomerAsync("bob-external");
        var portal = await workspace.BoundToAsync(customer);

        // As an erasure leaves it, that waited for nobody.
        await StoreLateAsync(workspace, portal, (HttpMethod.Patch, $"/api/customers/{customer}"), () => RunAsync($"""
            delete from api_keys where id = '{portal.KeyId}';
            delete from customers where id = '{customer}'
            """));

        Assert.Equal(["first"], await NamesAsync(workspace));
    }

    [Fact]
    public async Task Events_in_the_queue_are_not_stored_for_a_user_who_is_taken_out_of_the_workspace_elsewhere()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var (id, user) = await timed.Api.NewUserAsync((workspace, "member"));

        await StoreLateAsync(workspace, user, NewCustomer, () => RunAsync($"delete from memberships where user_id = '{id}'"), 404);

        Assert.Equal(["first"], await NamesAsync(workspace));
    }

    static (HttpMethod, string) NewCustomer => (HttpMethod.Post, "/api/customers");

    /// <summary>
    /// While the writer waits for the workspace another's events come into the queue, and their sender's rights end. Another change of
    /// the same sender waits beside them: when that is refused, the rights of both were looked at.
    /// </summary>
    async Task StoreLateAsync(
        WorkspaceClient workspace, ApiClient sender, (HttpMethod Method, string Path) change, Func<Task> end, int status = 401)
    {
        await using var held = await HeldWorkspace.OfAsync(workspace);
        var first = workspace.IngestAsync(Some.Event("first"));
        await held.WaitsAsync(1);
        var beside = sender.SendAsync(change.Method, change.Path, new { name = "late" }, status);
        await held.WaitsAsync(2);
        var writer = timed.Api.Services.GetRequiredService<FactWriter>();
        var queued = writer.Queued;
        var late = sender.PostAsync("/api/events/ingest", """{"events":[{"name":"late","external_customer_id":"bob-external"}]}""", status);
        await Until.HoldsAsync(() => writer.Queued > queued, "The events do not come.");
        await end();
        timed.Clock.Advance(TimedApi.RightsEnd);
        await beside.WaitAsync(Until.Patience);
        await held.LetGoAsync();
        await timed.Clock.RunAsync(Task.WhenAll(first, late));
    }

    static async Task<List<string?>> NamesAsync(WorkspaceClient workspace) =>
    [
        .. (await workspace.GetAsync("/api/events?source=user")).GetProperty("data").EnumerateArray()
            .Select(e => e.GetProperty("name").GetString()).Order(StringComparer.Ordinal),
    ];

    static async Task<string> StateAsync(WorkspaceClient workspace) =>
        (await workspace.GetAsync("/api/customers")).GetRawText() + (await workspace.GetAsync($"/api/workspaces/{workspace.Id}")).GetRawText();

    Task RevokeAsync(WorkspaceClient workspace) => RunAsync($"update api_keys set revoked_at = now() where id = '{workspace.KeyId}'");

    async Task RunAsync(string sql)
    {
        await using var command = timed.Api.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
