using System.Text.Json;

namespace Analytics.Tests.Http;

public sealed class PagingTests(AnalyticsApi api)
{
    [Theory]
    [InlineData("name")]
    [InlineData("-name")]
    [InlineData("external_id")]
    [InlineData("-email")]
    [InlineData("created_at")]
    [InlineData("-created_at")]
    [InlineData("-updated_at")]
    [InlineData("id")]
    public async Task Pages_hold_every_row_once_in_order(string sort)
    {
        var workspace = await api.NewWorkspaceAsync();
        for (var number = 0; number < 7; number++)
            // Some share a name, some have no external id: ties are broken by id, nothing is lost behind a null.
            await workspace.NewCustomerAsync(number % 3 == 0 ? null : $"x{number}", $"name {number / 2}");

        var whole = await workspace.GetAsync($"/api/customers?sort={sort}");
        var paged = await AllAsync(workspace, $"/api/customers?sort={sort}&limit=2");

        Assert.Equal(Ids(whole.GetProperty("data")), paged);
        Assert.Equal(7, paged.Distinct().Count());
    }

    [Fact]
    public async Task Every_field_of_a_row_orders_its_list()
    {
        var workspace = await api.NewWorkspaceAsync();
        var user = (await api.Root.PostAsync("/api/users", new { email = $"{Guid.NewGuid():n}@example.com", name = "Ada" }, 201)).GetProperty("id").GetString();
        await api.Root.PutAsync($"/api/workspaces/{workspace.Id}/members/{user}", new { role = "viewer" });
        await api.Root.PostAsync($"/api/users/{user}/keys", new { name = "never expires" }, 201);
        await api.Root.PostAsync($"/api/users/{user}/keys", new { name = "expires", expires_at = "2099-01-01T00:00:00Z" }, 201);
        await workspace.NewCustomerAsync("acme");
        foreach (var path in (string[])["/api/workspaces", "/api/users", $"/api/users/{user}/keys", $"/api/workspaces/{workspace.Id}/keys", $"/api/workspaces/{workspace.Id}/members"])
            await AssertOrdersByEveryFieldAsync(api.Root, path);
        foreach (var path in (string[])["/api/customers", "/api/events", "/api/event-types", "/api/events/names"])
            await AssertOrdersByEveryFieldAsync(workspace, path);
    }

    static async Task AssertOrdersByEveryFieldAsync(ApiClient client, string path)
    {
        var row = (await client.GetAsync(path)).GetProperty("data")[0];
        foreach (var field in row.EnumerateObject().Where(field => field.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object) && field.Name != "metadata"))
        {
            var first = await client.GetAsync($"{path}?limit=1&sort=-{field.Name}");
            if (first.GetProperty("meta").GetProperty("next_cursor").GetString() is { } cursor)
                await client.GetAsync($"{path}?limit=1&sort=-{field.Name}&cursor={cursor}");
        }
    }

    [Theory]
    [InlineData("customers", "external_id", "a b - -")]
    [InlineData("customers", "-external_id", "b a - -")]
    [InlineData("workspaces/{0}/keys", "expires_at", "2098-01-01T00:00:00Z 2099-01-01T00:00:00Z - -")]
    [InlineData("workspaces/{0}/keys", "-expires_at", "2099-01-01T00:00:00Z 2098-01-01T00:00:00Z - -")]
    [InlineData("event-types", "label_property_selector", "a b - -")]
    [InlineData("event-types", "-label_property_selector", "b a - -")]
    [InlineData("events", "external_id", "a b - -")]
    [InlineData("events", "-external_id", "b a - -")]
    public async Task What_has_no_such_field_comes_last_up_and_down(string list, string sort, string values)
    {
        var workspace = await api.NewWorkspaceAsync();
        string?[] ids = ["b", null, "a", null];
        await workspace.IngestAsync(ids.Select((id, number) => Some.Event($"type {number}", externalId: id)));
        var types = (await workspace.GetAsync("/api/event-types?source=user")).GetProperty("data");
        for (var number = 0; number < ids.Length; number++)
        {
            await workspace.PatchAsync($"/api/event-types/{types[number].GetProperty("id").GetString()}", new { label_property_selector = ids[number] });
            await workspace.NewCustomerAsync(ids[number]);
        }
        foreach (var expires in (string?[])["2099-01-01T00:00:00Z", null, "2098-01-01T00:00:00Z"])
            await workspace.PostAsync($"/api/workspaces/{workspace.Id}/keys", new { name = "k", scopes = (string[])["events:read"], expires_at = expires }, 201);

        var found = new List<string>();
        for (var (path, cursor) = ($"/api/{string.Format(list, workspace.Id)}?source=user&limit=1&sort={sort}", (string?)""); cursor is not null;)
        {
            var page = await workspace.GetAsync(cursor.Length == 0 ? path : $"{path}&cursor={cursor}");
            found.Add(page.GetProperty("data")[0].GetProperty(sort.TrimStart('-')).GetString() ?? "-");
            cursor = page.GetProperty("meta").GetProperty("next_cursor").GetString();
        }

        Assert.Equal(values, string.Join(' ', found));
    }

    [Fact]
    public async Task Rows_inserted_meanwhile_neither_repeat_nor_hide_others()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var name in (string[])["b", "d", "f", "h"])
            await workspace.NewCustomerAsync(name: name);
        var first = await workspace.GetAsync("/api/customers?sort=name&limit=2");
        await workspace.NewCustomerAsync(name: "a");
        await workspace.NewCustomerAsync(name: "e");

        var cursor = first.GetProperty("meta").GetProperty("next_cursor").GetString();
        var second = await workspace.GetAsync($"/api/customers?sort=name&limit=10&cursor={cursor}");

        Assert.Equal(["e", "f", "h"], second.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("sort=hash_key", "sort")]
    [InlineData("sort=", "sort")]
    [InlineData("cursor=garbage", "cursor")]
    [InlineData("cursor=", "cursor")]
    [InlineData("cursor=W10", "cursor")]
    [InlineData("cursor=WyItY3JlYXRlZF9hdCIsIm5vIGRhdGUiLCJubyBpZCJd", "cursor")]
    [InlineData("limit=0&sort=x", "sort limit")]
    public async Task Bad_paging_answers_400_and_names_the_parameter(string query, string pointers)
    {
        var workspace = await api.NewWorkspaceAsync();

        var answer = await workspace.GetAsync($"/api/customers?{query}", 400);

        Assert.Equal(pointers, string.Join(' ', answer.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString())));
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewCustomerAsync();
        await workspace.NewCustomerAsync();
        var first = await workspace.GetAsync("/api/customers?sort=name&limit=1");

        var cursor = first.GetProperty("meta").GetProperty("next_cursor").GetString();

        await workspace.GetAsync($"/api/customers?sort=-name&limit=1&cursor={cursor}", 400);
    }

    static async Task<List<string>> AllAsync(WorkspaceClient workspace, string path)
    {
        var all = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await workspace.GetAsync(cursor is null ? path : $"{path}&cursor={cursor}");
            all.AddRange(Ids(page.GetProperty("data")));
            cursor = page.GetProperty("meta").GetProperty("next_cursor").GetString();
            if (cursor is null)
                return all;
        }
    }

    static IEnumerable<string> Ids(JsonElement rows) => rows.EnumerateArray().Select(row => row.GetProperty("id").GetString()!);
}
