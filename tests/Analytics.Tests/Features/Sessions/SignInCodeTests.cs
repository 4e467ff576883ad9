using System.Text.Json;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Features.Sessions;

/// <summary>Codes that sign in once.</summary>
public sealed class SignInCodeTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_code_signs_in_once_with_the_rights_of_its_key()
    {
        var workspace = await api.NewWorkspaceAsync();
        var reader = await workspace.WithScopesAsync(Scopes.EventsRead);
        var made = await reader.PostAsync("/api/session/codes", null, 201);
        var code = made.GetProperty("code").GetString()!;

        Assert.Equal(["code", "url", "expires_at"], made.EnumerateObject().Select(member => member.Name));
        Assert.Matches("^code_[0-9A-Za-z]{32}$", code);
        Assert.Equal($"{api.Address}ui/open#{code}", made.GetProperty("url").GetString());
        var browser = new Browser(api.Address);
        var session = await browser.SignInAsync(new { code });
        Assert.Equal(Scopes.EventsRead, Assert.Single(session.GetProperty("workspaces")[0].GetProperty("scopes").EnumerateArray()).GetString());
        await browser.GetAsync("/api/customers");
        await browser.PostAsync("/api/customers", new { name = "Ada" }, 403);

        await new Browser(api.Address).SignInAsync(new { code }, 401);
    }

    [Fact]
    public async Task Of_many_who_come_with_a_code_at_once_on_two_nodes_one_gets_in()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api);
        var code = (await workspace.PostAsync("/api/session/codes", null, 201)).GetProperty("code").GetString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            using var answer = await new Browser(n % 2 == 0 ? api.Address : node.Address).AskAsync(HttpMethod.Post, "/api/session", new { code });
            return (int)answer.StatusCode;
        }));

        Assert.Single(answers, 201);
        Assert.Equal(19, answers.Count(status => status == 401));
    }

    [Fact]
    public async Task A_code_dies_with_its_key()
    {
        var workspace = await api.NewWorkspaceAsync();
        var reader = await workspace.WithScopesAsync(Scopes.EventsRead);
        var code = (await reader.PostAsync("/api/session/codes", null, 201)).GetProperty("code").GetString();

        await workspace.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{reader.KeyId}");

        await new Browser(api.Address).SignInAsync(new { code }, 401);
    }

    [Fact]
    public async Task A_session_makes_codes_of_its_key()
    {
        var workspace = await api.NewWorkspaceAsync();
        var portal = await workspace.BoundToAsync(await workspace.NewCustomerAsync("acme"), Scopes.EventsRead);
        var browser = await Browser.SignedInAsync(api.Address, portal.Key);

        var code = (await browser.PostAsync("/api/session/codes", new { expires_in = 60 }, 201)).GetProperty("code").GetString();

        var session = await new Browser(api.Address).SignInAsync(new { code });
        Assert.Equal("acme", session.GetProperty("customer").GetProperty("external_id").GetString());
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(86_401)]
    public async Task A_code_lives_for_a_day_at_most(int seconds)
    {
        var workspace = await api.NewWorkspaceAsync();

        var refusal = await workspace.PostAsync("/api/session/codes", new { expires_in = seconds }, 400);

        Assert.Equal("/expires_in", refusal.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task The_store_keeps_a_hash_of_a_code_and_of_a_key_the_latest_hundred()
    {
        var workspace = await api.NewWorkspaceAsync();
        var codes = new List<string>();
        for (var n = 0; n < 102; n++)
            codes.Add((await workspace.PostAsync("/api/session/codes", null, 201)).GetProperty("code").GetString()!);

        await using var command = api.Store.CreateCommand("select coalesce(jsonb_agg(to_jsonb(c))::text, ''), count(*) from sign_in_codes c where key_id = $1");
        command.Parameters.Add(new() { Value = workspace.KeyId });
        await using (var row = await command.ExecuteReaderAsync())
        {
            await row.ReadAsync();
            Assert.Equal(100, row.GetInt64(1));
            Assert.All(codes, code => Assert.DoesNotContain(code[5..], row.GetString(0)));
        }

        await new Browser(api.Address).SignInAsync(new { code = codes[1] }, 401);
        await new Browser(api.Address).SignInAsync(new { code = codes[2] });
        await new Browser(api.Address).SignInAsync(new { code = codes[^1] });
    }

    [Theory]
    [InlineData(""), InlineData("nonsense"), InlineData("code_"), InlineData("code_00000000000000000000000000000000")]
    [InlineData("code_\u0000000000000000000000000000000000")]
    public async Task What_is_no_code_is_401(string code) => await new Browser(api.Address).SignInAsync(new { code }, 401);
}
