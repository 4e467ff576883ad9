using System.Net.Http.Headers;
using System.Text;

namespace Analytics.Tests.Http;

/// <summary>What bodies routes take, and what they say to broken ones.</summary>
public sealed class BodiesTests(AnalyticsApi api)
{
    const string Item = """{"name":"Ada"}""";

    [Theory]
    [InlineData("application/json", 201)]
    [InlineData("Application/JSON; charset=UTF-8", 201)]
    [InlineData("text/plain", 201)]
    [InlineData("text/plain;charset=\"utf-8\"", 201)]
    [InlineData(null, 201)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("text/json", 415)]
    [InlineData("application/problem+json", 415)]
    [InlineData("text/csv", 415)]
    [InlineData("application/octet-stream", 415)]
    [InlineData("json", 415)]
    public async Task JSON_comes_as_itself_or_as_plain_text(string? mediaType, int status)
    {
        var workspace = await api.NewWorkspaceAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Item));
        if (mediaType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        await workspace.PostAsync("/api/customers", content, status);
    }

    [Fact]
    public async Task A_workspace_is_found_in_plain_text_too()
    {
        var workspace = await api.NewWorkspaceAsync();
        var other = await api.NewWorkspaceAsync();
        var content = new StringContent($$"""{"name":"Ada","workspace_id":"{{other.Id}}"}""", new MediaTypeHeaderValue("text/plain"));

        await workspace.PostAsync("/api/customers", content, 404);
    }

    [Fact]
    public async Task A_packed_body_is_not_taken_in_disguise()
    {
        var workspace = await api.NewWorkspaceAsync();
        var content = new StringContent(Item, Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", ["identity", "gzip"]);

        await workspace.PostAsync("/api/customers", content, 415);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "80000000\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "ffffffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "-2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "xyz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "2\n{}\n0\n\n")]
    [InlineData("Transfer-Encoding: chunked", "2;a=\"\n\"\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "2{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "2\r\n{}0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "3\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\nbad trailer\r\n\r\n")]
    [InlineData("Content-Length: -1", "{}")]
    [InlineData("Content-Length: 99999999999999999999", "{}")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3", "{}")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: gzip", "{}")]
    public async Task A_broken_body_is_a_bad_request(string headers, string body) =>
        await AssertAsync(headers, body, ends: false, answer => RawConnection.StatusOf(answer) == 400);

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "")]
    [InlineData("Transfer-Encoding: chunked", "2\r\n{}\r\n")]
    [InlineData("Transfer-Encoding: chunked", "7fffffff\r\n{}")]
    [InlineData("Content-Length: 100", "{}")]
    public async Task One_that_ends_too_early_is_no_error_of_ours(string headers, string body) =>
        await AssertAsync(headers, body, ends: true, answer => answer.Length == 0 || RawConnection.StatusOf(answer) == 400);

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "d;a=b\r\n{\"events\":[]}\r\n0\r\nX: y\r\n\r\n")]
    [InlineData("Content-Length: 13", "{\"events\":[]}")]
    public async Task A_sound_one_is_taken(string headers, string body) =>
        await AssertAsync(headers, body, ends: false, answer => RawConnection.StatusOf(answer) is 200 or 201);

    async Task AssertAsync(string headers, string body, bool ends, Func<string, bool> isRight)
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var path in (string[])["/api/customers", "/api/events/ingest"])
        {
            using var connection = await RawConnection.OpenAsync(api.Address);
            await connection.SendAsync(Head(path, workspace, headers) + body);
            if (ends)
                connection.End();
            var answer = await connection.ReadAsync();
            Assert.True(isRight(answer), $"{path} with {headers} and {body}: {answer}");
        }
    }

    [Theory, InlineData("/api/customers"), InlineData("/api/events/ingest"), InlineData("/api/workspaces/{0}")]
    public async Task A_key_that_is_revoked_while_the_body_comes_is_refused(string route)
    {
        var workspace = await api.NewWorkspaceAsync();
        using var connection = await RawConnection.OpenAsync(api.Address);
        var path = string.Format(route, workspace.Id);
        var head = Head(path, workspace, "Content-Length: 13\nExpect: 100-continue");
        await connection.SendAsync(path.Contains("workspaces", StringComparison.Ordinal) ? head.Replace("POST", "PATCH") : head);
        // Said when the body is wanted, and with that after the key was found good.
        Assert.StartsWith("HTTP/1.1 100 ", await connection.ReceiveAsync());

        await api.Root.DeleteAsync($"/api/workspaces/{workspace.Id}/keys/{workspace.KeyId}");
        await connection.SendAsync("{\"events\":[]}");

        Assert.Equal(401, RawConnection.StatusOf(await connection.ReadAsync()));
    }

    static string Head(string path, WorkspaceClient workspace, string headers) => $"""
        POST {path} HTTP/1.1
        Host: localhost
        X-API-Key: {workspace.Key}
        Content-Type: application/json
        Connection: close
        {headers}


        """.ReplaceLineEndings("\r\n");
}
