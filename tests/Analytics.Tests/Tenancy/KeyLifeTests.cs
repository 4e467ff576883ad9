namespace Analytics.Tests.Tenancy;

/// <summary>How long keys live, by a clock that moves only when the test says so.</summary>
[Collection<Timed>]
public sealed class KeyLifeTests(TimedApi timed)
{
    [Fact]
    public async Task A_key_revoked_elsewhere_dies_within_five_seconds()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        await workspace.GetAsync("/api/customers");
        await using (var command = timed.Api.Store.CreateCommand("update api_keys set revoked_at = now() where id = $1"))
        {
            command.Parameters.Add(new() { Value = workspace.KeyId });
            await command.ExecuteNonQueryAsync();
        }

        timed.Clock.Advance(TimedApi.RightsEnd);

        await workspace.GetAsync("/api/customers", 401);
    }

    [Fact]
    public async Task A_key_expires()
    {
        var workspace = await timed.Api.NewWorkspaceAsync();
        var made = await workspace.PostAsync(
            $"/api/workspaces/{workspace.Id}/keys", new { name = "brief", scopes = new[] { "events:read" }, expires_at = timed.Now.AddHours(1) }, 201);
        var brief = timed.Api.With(made.GetProperty("key").GetString());

        timed.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await brief.GetAsync("/api/customers");
        timed.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await brief.GetAsync("/api/customers", 401);
    }
}
