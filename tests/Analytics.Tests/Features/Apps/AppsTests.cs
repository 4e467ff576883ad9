using System.Text.Json;

namespace Analytics.Tests.Features.Apps;

public sealed class AppsTests(AnalyticsApi api)
{
    const long Gibibyte = 1_073_741_824;

    [Fact]
    public async Task An_app_is_made_read_changed_and_found()
    {
        var workspace = await api.NewWorkspaceAsync();
        var made = await workspace.PostAsync("/api/apps", new { natural_id = "acme:shop", name = "Shop" }, 201);
        var path = $"/api/apps/{made.GetProperty("id").GetGuid()}";

        Assert.Equal(
            ["id", "natural_id", "workspace_id", "name", "quota_bytes", "schema_name", "created_at", "updated_at"],
            made.EnumerateObject().Select(member => member.Name));
        Assert.Equal(workspace.Id, made.GetProperty("workspace_id").GetGuid());
        Assert.Equal(Gibibyte, made.GetProperty("quota_bytes").GetInt64());
        Assert.Equal(JsonValueKind.Null, made.GetProperty("schema_name").ValueKind);

        var changed = await workspace.PatchAsync(path, new { name = "The Shop", quota_bytes = long.MaxValue });
        Assert.Equal("The Shop", changed.GetProperty("name").GetString());
        Assert.Equal("acme:shop", changed.GetProperty("natural_id").GetString());
        Assert.Equal(changed.ToString(), (await workspace.GetAsync(path)).ToString());
        Assert.Contains("9223372036854775807", changed.ToString(), StringComparison.Ordinal);
        foreach (var query in (string[])["", "?q=HOP", "?q=acme", "?natural_id=acme:shop&natural_id=x:y", "?sort=-schema_name"])
            Assert.Equal(path, $"/api/apps/{Assert.Single(Listed(await workspace.GetAsync($"/api/apps{query}"))).GetProperty("id").GetGuid()}");
        Assert.Empty(Listed(await workspace.GetAsync("/api/apps?q=none")));
    }

    [Theory]
    [InlineData("acme:shop", "acme:shop"), InlineData("acme:shop", "acme%3Ashop"), InlineData("a/b:c/d", "a%2Fb%3Ac%2Fd")]
    [InlineData("50%:é", "50%25:%C3%A9"), InlineData("a%2Fb:c", "a%252Fb:c"), InlineData("..:.", "..%3A.")]
    public async Task A_path_names_an_app_by_its_natural_id(string naturalId, string inPath)
    {
        var workspace = await api.NewWorkspaceAsync();
        var id = await workspace.NewAppAsync(naturalId);

        Assert.Equal(id, (await workspace.GetAsync($"/api/apps/{inPath}")).GetProperty("id").GetGuid());
        Assert.Equal(id, (await workspace.GetAsync($"/api/apps/{inPath}/")).GetProperty("id").GetGuid());
        await workspace.GetAsync($"/api/apps/{inPath}x", 404);
    }

    [Fact]
    public async Task A_natural_id_belongs_to_one_app_of_a_workspace()
    {
        var (workspace, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var first = await workspace.NewAppAsync("acme:shop");
        var second = await workspace.NewAppAsync("acme:office");

        var problem = await workspace.PostAsync("/api/apps", new { natural_id = "acme:shop", name = "Again" }, 409);
        await workspace.PatchAsync($"/api/apps/{second}", new { natural_id = "acme:shop" }, 409);
        await workspace.NewAppAsync("acme:Shop");
        await other.NewAppAsync("acme:shop");
        await workspace.PatchAsync($"/api/apps/{first}", new { natural_id = "acme:market" });
        await workspace.PatchAsync($"/api/apps/{second}", new { natural_id = "acme:shop" });

        Assert.Equal("/natural_id", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal(second, (await workspace.GetAsync("/api/apps/acme:shop")).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_deleted_app_is_gone_and_its_natural_id_is_free()
    {
        var workspace = await api.NewWorkspaceAsync();
        var first = await workspace.NewAppAsync("acme:shop");

        await workspace.DeleteAsync("/api/apps/acme:shop");

        await workspace.GetAsync($"/api/apps/{first}", 404);
        await workspace.DeleteAsync($"/api/apps/{first}", 404);
        await workspace.PatchAsync($"/api/apps/{first}", new { name = "x" }, 404);
        Assert.Empty(Listed(await workspace.GetAsync("/api/apps")));
        var second = await workspace.NewAppAsync("acme:shop");
        Assert.NotEqual(first, second);
        Assert.Equal([(1, true), (2, false)], await NumbersAsync(workspace));
    }

    [Fact]
    public async Task Apps_that_are_made_at_once_get_a_number_each()
    {
        var workspace = await api.NewWorkspaceAsync();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(at => workspace.NewAppAsync($"acme:{at}")));

        Assert.Equal(Enumerable.Range(1, 12), (await NumbersAsync(workspace)).Select(app => app.Number));
    }

    [Fact]
    public async Task Whoever_reads_may_not_write()
    {
        var workspace = await api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync();
        var (_, viewer) = await api.NewUserAsync((workspace, "viewer"));
        var (_, member) = await api.NewUserAsync((workspace, "member"));
        var reader = await workspace.WithScopesAsync("stats:read");
        var writer = await workspace.WithScopesAsync("apps:write");

        foreach (var client in (ApiClient[])[viewer, reader])
        {
            Assert.Single(Listed(await client.GetAsync("/api/apps")));
            await client.GetAsync($"/api/apps/{app}");
            await client.PostAsync("/api/apps", new { natural_id = "a:b", name = "x" }, 403);
            await client.PatchAsync($"/api/apps/{app}", new { name = "x" }, 403);
            await client.DeleteAsync($"/api/apps/{app}", 403);
        }

        await writer.GetAsync("/api/apps", 403);
        await writer.GetAsync($"/api/apps/{app}", 403);
        await member.PatchAsync($"/api/apps/{app}", new { name = "x" });
        await writer.DeleteAsync($"/api/apps/{app}");
    }

    [Fact]
    public async Task An_app_of_others_is_not_there()
    {
        var (workspace, other) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var app = await workspace.NewAppAsync("acme:shop");

        foreach (var name in (string[])[$"{app}", "acme:shop"])
        {
            await other.GetAsync($"/api/apps/{name}", 404);
            await other.PatchAsync($"/api/apps/{name}", new { name = "x" }, 404);
            await other.DeleteAsync($"/api/apps/{name}", 404);
        }

        Assert.Empty(Listed(await other.GetAsync("/api/apps")));
    }

    [Fact]
    public async Task A_user_who_sees_a_natural_id_twice_names_the_workspace()
    {
        var (one, two) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        var (first, second) = (await one.NewAppAsync("acme:shop"), await two.NewAppAsync("acme:shop"));
        var (_, user) = await api.NewUserAsync((one, "viewer"), (two, "member"));

        await user.GetAsync("/api/apps/acme:shop", 400);
        await user.GetAsync("/api/apps", 400);
        Assert.Equal(first, (await user.GetAsync($"/api/apps/acme:shop?workspace_id={one.Id}")).GetProperty("id").GetGuid());
        Assert.Equal(second, (await user.GetAsync($"/api/apps/acme:shop?tenantId={two.Id}")).GetProperty("id").GetGuid());
        Assert.Equal(first, (await user.GetAsync($"/api/apps/{first}")).GetProperty("id").GetGuid());
        await user.PatchAsync($"/api/apps/{first}", new { name = "x" }, 403);
        await user.PatchAsync($"/api/apps/{second}", new { name = "x" });
        await user.PatchAsync("/api/apps/acme:shop", new { name = "y", workspace_id = two.Id });
    }

    [Fact]
    public async Task A_portal_key_sees_no_apps()
    {
        var workspace = await api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("a"));

        await portal.GetAsync("/api/apps", 403);
        await portal.GetAsync($"/api/apps/{app}", 403);
        await portal.PostAsync("/api/apps", new { natural_id = "a:b", name = "x" }, 403);
        await portal.DeleteAsync($"/api/apps/{app}", 403);
    }

    [Theory]
    [InlineData("""{"name":"x"}""", "/natural_id"), InlineData("""{"natural_id":"a:b"}""", "/name")]
    [InlineData("""{"natural_id":"a","name":"x"}""", "/natural_id"), InlineData("""{"natural_id":"a:","name":"x"}""", "/natural_id")]
    [InlineData("""{"natural_id":":b","name":"x"}""", "/natural_id"), InlineData("""{"natural_id":"a:b:c","name":"x"}""", "/natural_id")]
    [InlineData("""{"natural_id":"a b:c","name":"x"}""", "/natural_id"), InlineData("""{"natural_id":"a:b\u0000","name":"x"}""", "/natural_id")]
    [InlineData("""{"natural_id":"a:b","name":"  "}""", "/name"), InlineData("""{"natural_id":"a:b","name":"x","quota_bytes":0}""", "/quota_bytes")]
    [InlineData("""{"natural_id":"a:b","name":"x","quota_bytes":-1}""", "/quota_bytes")]
    [InlineData("""{"natural_id":"a:b","name":"x","quota_bytes":9223372036854775808}""", "/quota_bytes")]
    [InlineData("""{"natural_id":"a:b","name":"x","quota_bytes":1.5}""", "/quota_bytes")]
    public async Task What_is_no_app_is_refused(string body, string pointer)
    {
        var workspace = await api.NewWorkspaceAsync();

        var problem = await workspace.PostAsync("/api/apps", body, 400);

        Assert.Equal(pointer, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_natural_id_takes_128_characters_on_either_side()
    {
        var workspace = await api.NewWorkspaceAsync();
        var part = string.Concat(Enumerable.Repeat("\U0001F600", 128));

        await workspace.NewAppAsync($"{part}:{part}");

        await workspace.PostAsync("/api/apps", new { natural_id = $"{part}x:{part}", name = "x" }, 400);
        await workspace.PostAsync("/api/apps", new { natural_id = $"{part}:{part}x", name = "x" }, 400);
    }

    [Fact]
    public async Task Apps_are_listed_page_by_page_and_as_csv()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var (slug, quota) in new[] { ("a", 3), ("b", 1), ("c", 2) })
            await workspace.PostAsync("/api/apps", new { natural_id = $"acme:{slug}", name = slug, quota_bytes = quota }, 201);

        var first = await workspace.GetAsync("/api/apps?sort=-quota_bytes&limit=2");
        var cursor = first.GetProperty("meta").GetProperty("next_cursor").GetString();
        var second = await workspace.GetAsync($"/api/apps?sort=-quota_bytes&limit=2&cursor={cursor}");

        Assert.Equal(["a", "c"], Names(first));
        Assert.Equal(["b"], Names(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("meta").GetProperty("next_cursor").ValueKind);
        await workspace.GetAsync("/api/apps?sort=color", 400);
        var csv = await workspace.Http.GetStringAsync("/api/apps?format=csv");
        Assert.Equal("id,natural_id,workspace_id,name,quota_bytes,schema_name,created_at,updated_at", csv.Split("\r\n")[0]);
        Assert.Equal(4, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    async Task<List<(int Number, bool IsDeleted)>> NumbersAsync(WorkspaceClient workspace)
    {
        await using var command = api.Store.CreateCommand("""
            select app, deleted_at is not null from apps join workspaces using (workspace_id) where workspaces.id = $1 order by app
            """);
        command.Parameters.Add(new() { Value = workspace.Id });
        await using var rows = await command.ExecuteReaderAsync();
        var numbers = new List<(int, bool)>();
        while (await rows.ReadAsync())
            numbers.Add((rows.GetInt32(0), rows.GetBoolean(1)));
        return numbers;
    }

    static JsonElement.ArrayEnumerator Listed(JsonElement answer) => answer.GetProperty("data").EnumerateArray();

    static IEnumerable<string?> Names(JsonElement answer) => Listed(answer).Select(app => app.GetProperty("name").GetString());
}
