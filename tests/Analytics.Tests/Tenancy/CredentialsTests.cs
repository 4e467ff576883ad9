using System.Net;
using System.Text.Json;

namespace Analytics.Tests.Tenancy;

public sealed class CredentialsTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer {0}")]
    [InlineData("Authorization", "{0}")]
    [InlineData("X-API-Key", "{0}")]
    public async Task A_key_may_be_sent_in_several_ways(string header, string form)
    {
        var workspace = await api.NewWorkspaceAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/workspaces/{workspace.Id}");
        request.Headers.TryAddWithoutValidation(header, string.Format(form, workspace.Key));

        using var answer = await api.Anonymous.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("ak_00000000_wrong")]
    [InlineData("ak_short")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public async Task Anything_else_answers_401_and_says_how_to_authenticate(string credential)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/customers");
        request.Headers.TryAddWithoutValidation("Authorization", credential);

        using var answer = await api.Anonymous.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_known_id_with_a_wrong_secret_is_refused()
    {
        var workspace = await api.NewWorkspaceAsync();

        await api.With(workspace.Key![..^1] + (workspace.Key[^1] == 'a' ? 'b' : 'a')).GetAsync("/api/customers", 401);
        await api.With(workspace.Key + "a").GetAsync("/api/customers", 401);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once_and_no_longer_listed()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await workspace.WithScopesAsync("events:read");
        await other.GetAsync("/api/customers");

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{other.KeyId}");

        await other.GetAsync("/api/customers", 401);
        var left = await workspace.GetAsync($"/api/workspaces/{workspace.Id}/keys");
        Assert.DoesNotContain(other.KeyId, left.GetRawText());
        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{other.KeyId}", 404);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999Z")]
    [InlineData("2099-01-01T00:00:00.1234567+05:45", "2098-12-31T18:15:00.123456Z")]
    public async Task An_expiry_is_cut_to_the_microsecond(string sent, string kept)
    {
        var workspace = await api.NewWorkspaceAsync();

        var made = await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys", new { name = "late", scopes = new[] { "events:read" }, expires_at = sent }, 201);
        var listed = (await workspace.GetAsync($"/api/workspaces/{workspace.Id}/keys?sort=-expires_at")).GetProperty("data")[0];

        Assert.Equal((kept, kept), (made.GetProperty("expires_at").GetString(), listed.GetProperty("expires_at").GetString()));
        await api.With(made.GetProperty("key").GetString()).GetAsync("/api/customers");
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_stored_as_a_hash()
    {
        var workspace = await api.NewWorkspaceAsync();
        var secret = workspace.Key!.Split('_')[2];
        Assert.Matches("^ak_[a-z0-9]{8}_[A-Za-z0-9]{32,}$", workspace.Key);

        var listed = await workspace.GetAsync($"/api/workspaces/{workspace.Id}/keys");

        Assert.DoesNotContain(secret, listed.GetRawText());
        await using var command = api.Store.CreateCommand("select to_jsonb(api_keys)::text from api_keys where id = $1");
        command.Parameters.Add(new() { Value = workspace.KeyId });
        Assert.DoesNotContain(secret, (string)(await command.ExecuteScalarAsync())!);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_new_key_is_said_together()
    {
        var workspace = await api.NewWorkspaceAsync();

        var answer = await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys",
            new { name = " ", scopes = new[] { "events:read", "everything" }, expires_at = "2020-01-01T00:00:00Z" }, 400);

        Assert.Equal(["/name", "/scopes/1", "/expires_at"], Pointers(answer));
    }

    [Fact]
    public async Task A_key_is_bound_only_to_a_customer_of_its_workspace()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();
        var foreign = await other.NewCustomerAsync();

        var answer = await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys", new { name = "portal", scopes = new[] { "events:read" }, customer_id = foreign }, 400);

        Assert.Equal(["/customer_id"], Pointers(answer));
    }

    [Fact]
    public async Task Another_workspaces_key_is_not_there_to_be_revoked()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{other.KeyId}", 404);
        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/%00", 400);

        await other.GetAsync("/api/customers");
    }

    static IEnumerable<string> Pointers(JsonElement problem) =>
        problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!);
}
