using System.Text.Json;
using Analytics.Tenancy;

namespace Analytics.Tests.Features.Workspaces;

/// <summary>Whether somebody is here already is nobody's business: an email that is taken looks like a free one, whatever an admin does.</summary>
public sealed class IntroductionsTests(AnalyticsApi api)
{
    [Fact]
    public async Task What_an_admin_sees_of_a_user_is_what_the_admin_sent()
    {
        var before = TimeProvider.System.GetUtcNow();
        var (taken, free) = (await TakenAsync(), Free());
        var admin = await api.NewWorkspaceAsync();

        var ofTaken = await LifeAsync(admin, taken);
        var ofFree = await LifeAsync(admin, free);

        Assert.Equal(ofFree.Select(Told), ofTaken.Select(Told));
        Assert.All(ofTaken, answer => Assert.DoesNotContain("Real", $"{answer}", StringComparison.Ordinal));
        Assert.All(Texts(ofTaken, "created_at"), at => Assert.True(DateTimeOffset.Parse(at) >= before.AddSeconds(-1), at));
    }

    [Fact]
    public async Task An_id_does_not_tell_when_it_was_made()
    {
        var admin = await api.NewWorkspaceAsync();

        var id = (await PostAsync(admin, await TakenAsync(), "Twin")).GetProperty("id").GetGuid();

        Assert.Equal(4, id.Version);
    }

    [Fact]
    public async Task Who_was_not_brought_in_is_not_found()
    {
        var email = await TakenAsync();
        var (owner, admin) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var id = (await PostAsync(owner, email, "Ada")).GetProperty("id").GetString();

        await admin.PutAsync($"/api/workspaces/{admin.Id}/members/{id}", new { role = "viewer" }, 404);
        await owner.PutAsync($"/api/workspaces/{owner.Id}/members/{id}", new { role = "viewer" });
        await admin.PutAsync($"/api/workspaces/{admin.Id}/members/{id}", new { role = "viewer" }, 404);
        await admin.GetAsync($"/api/users/{id}", 404);
        await admin.DeleteAsync($"/api/workspaces/{admin.Id}/members/{id}", 404);
    }

    [Fact]
    public async Task A_member_of_another_of_the_admins_workspaces_may_be_brought_in()
    {
        var (one, other, foreign) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (_, admin) = await api.NewUserAsync((one, "admin"), (other, "admin"));
        var (member, _) = await api.NewUserAsync((one, "viewer"));
        var (stranger, _) = await api.NewUserAsync((foreign, "viewer"));

        var made = await admin.PutAsync($"/api/workspaces/{other.Id}/members/{member}", new { role = "viewer" });
        await admin.PutAsync($"/api/workspaces/{other.Id}/members/{stranger}", new { role = "viewer" }, 404);

        Assert.Equal("Ada", made.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Each_workspace_knows_a_user_by_its_own_name()
    {
        var email = await TakenAsync();
        var (one, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        foreach (var (workspace, name) in new[] { (one, "Eins"), (other, "Zwei") })
        {
            var id = (await PostAsync(workspace, email, name)).GetProperty("id").GetString();
            await workspace.PutAsync($"/api/workspaces/{workspace.Id}/members/{id}", new { role = "viewer" });
            Assert.Equal(name, Name(await workspace.GetAsync($"/api/users/{id}")));
            Assert.Equal(name, Name((await workspace.GetAsync("/api/users?sort=name")).GetProperty("data")[0]));
            Assert.Equal(name, Name((await workspace.GetAsync($"/api/workspaces/{workspace.Id}/members?sort=name")).GetProperty("data")[0]));
            Assert.Equal("Real", Name(await api.Root.GetAsync($"/api/users/{id}")));
        }
    }

    [Fact]
    public async Task Two_who_bring_in_the_same_stranger_at_once_both_do()
    {
        var email = Free();
        var workspaces = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => api.NewWorkspaceAsync()));

        var made = await Task.WhenAll(workspaces.Select(workspace => PostAsync(workspace, email, $"{workspace.Id}")));

        Assert.Single(made.Select(user => user.GetProperty("id").GetGuid()).Distinct());
        Assert.Equal(workspaces.Select(workspace => $"{workspace.Id}"), made.Select(Name));
    }

    /// <summary>All that an admin can do with an email, and what is answered.</summary>
    static async Task<List<JsonElement>> LifeAsync(WorkspaceClient admin, string email)
    {
        var made = await PostAsync(admin, email, "Twin");
        var id = made.GetProperty("id").GetString();
        var member = $"/api/workspaces/{admin.Id}/members/{id}";
        return
        [
            made,
            await admin.GetAsync($"/api/users/{id}", 404),
            await PostAsync(admin, email.ToUpperInvariant(), "Twin again"),
            await admin.PutAsync(member, new { role = "viewer" }),
            await admin.GetAsync($"/api/users/{id}"),
            await admin.GetAsync($"/api/workspaces/{admin.Id}/members"),
            await admin.GetAsync("/api/users"),
            await admin.PostAsync($"/api/users/{id}/keys", new { name = "k" }, 403),
            await admin.DeleteAsync(member),
            await admin.GetAsync($"/api/users/{id}", 404),
        ];
    }

    // Shape and texts, but for what tells one user from another.
    static string Told(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Object => string.Join(',', answer.EnumerateObject().Select(member => $"{member.Name}:"
            + (member.Name is "id" or "user_id" or "email" or "created_at" or "request_id" ? "" : Told(member.Value)))),
        JsonValueKind.Array => string.Join(';', answer.EnumerateArray().Select(Told)),
        JsonValueKind.Undefined => "",
        _ => answer.GetRawText(),
    };

    static IEnumerable<string> Texts(IEnumerable<JsonElement> answers, string name) =>
        from answer in answers
        where answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out _)
        select answer.GetProperty(name).GetString()!;

    async Task<string> TakenAsync()
    {
        var email = Free();
        await api.Root.PostAsync("/api/users", new { email, name = "Real" }, 201);
        // Long enough ago for the times to tell, if they did.
        await using var older = api.Store.CreateCommand($"update users set created_at = created_at - interval '1 day' where email = '{email}'");
        await older.ExecuteNonQueryAsync();
        return email;
    }

    static string Free() => $"{Guid.NewGuid():n}@example.com";

    static Task<JsonElement> PostAsync(ApiClient admin, string email, string name) =>
        admin.PostAsync("/api/users", new { email, name }, 201);

    static string? Name(JsonElement user) => user.GetProperty("name").GetString();
}
