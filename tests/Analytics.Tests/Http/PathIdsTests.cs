using System.Text.Json;
using Analytics.Contract;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Tests.Http;

public sealed class PathIdsTests(AnalyticsApi api, PathIdsTests.Node node) : IClassFixture<PathIdsTests.Node>
{
    [Theory]
    [InlineData("/probe/ids/plain/tables/t", "plain|t")]
    [InlineData("/probe/ids/plain/tables/t/", "plain|t")]
    [InlineData("/probe/ids/a%2Fb/tables/c%2fd", "a/b|c/d")]
    [InlineData("/probe/ids/a%252Fb/tables/c%2Fd", "a%2Fb|c/d")]
    [InlineData("/probe/ids/owner%3Aslug/tables/owner:slug", "owner:slug|owner:slug")]
    [InlineData("/probe/ids/100%25/tables/%25", "100%|%")]
    [InlineData("/probe/ids/%E2%82%AC%2F/tables/a+b", "€/|a+b")]
    [InlineData("/probe/ids/a%2Fb/tables/%20c%20/?q=%2F", "a/b| c ")]
    public async Task Ids_in_paths_are_decoded_whole(string target, string ids)
    {
        var answer = await RawConnection.AskAsync(node.Address, $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.True(RawConnection.StatusOf(answer) == 200, answer);
        Assert.Equal(ids, JsonElement.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..]).GetProperty("ids").GetString());
    }

    [Fact]
    public async Task A_customer_whose_id_has_a_slash_is_not_a_deeper_path()
    {
        var workspace = await api.NewWorkspaceAsync();

        await node.With(workspace.Key).GetAsync("/probe/ids/a%2Fb/tables", 404);
    }

    public sealed class Node(AnalyticsApi api) : ProbeNode(api, typeof(Probe));

    public sealed record Answer(string Ids);

    [ApiController, Open]
    public sealed class Probe : ControllerBase
    {
        /// <summary>Answers what it was asked for.</summary>
        [HttpGet("/probe/ids/{id}/tables/{table}")]
        public ActionResult<Answer> Get(string id, string table) => Ok(new Answer($"{id}|{table}"));
    }
}
