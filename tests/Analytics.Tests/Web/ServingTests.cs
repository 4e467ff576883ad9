using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Web;

public sealed partial class ServingTests(AnalyticsApi api)
{
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    [Theory]
    [InlineData("/ui/")]
    [InlineData("/ui/sign-in")]
    [InlineData("/ui/acme/overview?period=7d")]
    [InlineData("/ui/acme/customers/~jane.doe@example.com")]
    public async Task Every_address_of_the_page_answers_the_shell(string address)
    {
        using var shell = await AskAsync(address, ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));

        Assert.Equal(HttpStatusCode.OK, shell.StatusCode);
        Assert.Equal("text/html; charset=utf-8", shell.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", shell.Headers.CacheControl!.ToString());
        Assert.Contains("<base href=\"/ui/\">", await shell.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_shell_is_asked_for_each_time_and_sent_when_it_changed()
    {
        using var first = await AskAsync("/ui/");
        var tag = first.Headers.ETag!.ToString();
        using var again = await AskAsync("/ui/acme/log", ("If-None-Match", tag));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(tag, again.Headers.ETag!.ToString());
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_shell_says_whether_a_session_came_with_its_request_and_which_version_this_is()
    {
        using var without = await AskAsync("/ui/");
        using var with = await AskAsync("/ui/", ("Cookie", "__Host-analytics_session=any"));
        const string Session = "<meta name=\"session\" content=\"sent\">";

        Assert.DoesNotContain(Session, await without.Content.ReadAsStringAsync());
        Assert.Contains(Session, await with.Content.ReadAsStringAsync());
        Assert.Contains("Cookie", with.Headers.Vary);
        Assert.NotEqual(without.Headers.ETag, with.Headers.ETag);
        Assert.Contains($"<meta name=\"version\" content=\"{Header(with, "X-Analytics-Version").Replace("+", "&#x2B;")}\">", await with.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/ui/main-AAAAAAAA.js", "*/*")]
    [InlineData("/ui/main-AAAAAAAA.js", "text/html")]
    [InlineData("/ui/acme/main-AAAAAAAA.css", "text/css,*/*;q=0.1")]
    [InlineData("/ui/acme/overview", "application/json")]
    [InlineData("/ui/manifest.json", "*/*")]
    [InlineData("/ui/index.html", "text/html")]
    [InlineData("/ui/..%2fAnalytics.Api.dll", "*/*")]
    [InlineData("/uix/", "text/html")]
    [InlineData("/api/nowhere", "text/html")]
    public async Task What_is_no_file_and_no_address_is_not_found(string path, string accept)
    {
        using var answer = await AskAsync(path, ("Accept", accept));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Every_file_that_the_shell_names_has_a_hash_and_is_kept_for_ever()
    {
        var names = await NamesAsync();

        Assert.Contains(names, name => name.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(names, name => name.EndsWith(".css", StringComparison.Ordinal));
        Assert.Contains(names, name => name.StartsWith("icon-", StringComparison.Ordinal));
        foreach (var name in names)
        {
            using var file = await AskAsync("/ui/" + name);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Matches("-[A-Z0-9]{8}[.](js|css|svg|woff2)$", name);
            Assert.Equal("public, max-age=31536000, immutable", file.Headers.CacheControl!.ToString());
            Assert.Equal("nosniff", Assert.Single(file.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip;q=0.5", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("*", "br")]
    [InlineData("identity", null)]
    [InlineData(null, null)]
    public async Task A_file_comes_packed_as_the_client_takes_it(string? taken, string? packing)
    {
        var script = (await NamesAsync()).First(name => name.StartsWith("main-", StringComparison.Ordinal) && name.EndsWith(".js", StringComparison.Ordinal));
        using var plain = await AskAsync("/ui/" + script);
        using var answer = await AskAsync("/ui/" + script, ("Accept-Encoding", taken));

        Assert.Equal(packing, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        Assert.Equal("text/javascript; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(), await UnpackedAsync(answer.Content));
    }

    [Fact]
    public async Task Browsers_are_told_to_run_and_to_ask_nothing_else()
    {
        using var shell = await AskAsync("/ui/");

        Assert.Equal(Policy, Header(shell, "Content-Security-Policy"));
        Assert.Equal("nosniff", Header(shell, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(shell, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(shell, "Cross-Origin-Opener-Policy"));
        Assert.Equal("camera=(), geolocation=(), microphone=()", Header(shell, "Permissions-Policy"));
    }

    [Fact]
    public async Task The_address_without_its_slash_leads_to_the_one_with_it()
    {
        using var answer = await AskAsync("/ui?period=7d");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("ui/?period=7d", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task The_page_is_only_read()
    {
        using var head = await api.Anonymous.AskAsync(HttpMethod.Head, "/ui/");
        using var post = await api.Anonymous.AskAsync(HttpMethod.Post, "/ui/", "{}");

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 0);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact]
    public async Task The_licences_of_what_is_bundled_go_with_it()
    {
        using var answer = await AskAsync("/ui/licenses.txt");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
        Assert.All(["preact 10.", "@tanstack/query-core 5.", "@fontsource-variable/inter 5.", "SIL OPEN FONT LICENSE"], part => Assert.Contains(part, text));
    }

    [Fact]
    public async Task Portals_may_put_the_page_into_a_frame_where_they_are_named()
    {
        await using var node = await Node.StartAsync(api, ("Analytics:FrameAncestors", "https://portal.example.com 'self'"));
        using var shell = await new ApiClient(node.Address, null).AskAsync(HttpMethod.Get, "/ui/");

        Assert.Equal(Policy.Replace("frame-ancestors 'none'", "frame-ancestors https://portal.example.com 'self'"), Header(shell, "Content-Security-Policy"));
    }

    [Fact]
    public async Task Without_built_files_the_page_says_why_and_the_API_answers()
    {
        var empty = Directory.CreateTempSubdirectory("analytics-no-web-");
        await using var node = await Node.StartAsync(api, ("Analytics:Web", empty.FullName));
        var client = new ApiClient(node.Address, null);
        using var page = await client.AskAsync(HttpMethod.Get, "/ui/acme/overview");
        var text = await page.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("Node 18 or newer", text);
        Assert.Contains($"curl -s {node.Address}health/ready", text);
        await client.GetAsync("/health/ready");
        empty.Delete();
    }

    async Task<HttpResponseMessage> AskAsync(string path, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            if (value is not null)
                request.Headers.Add(name, value);
        return await api.Anonymous.Http.SendAsync(request);
    }

    async Task<List<string>> NamesAsync()
    {
        using var shell = await AskAsync("/ui/");
        var text = await shell.Content.ReadAsStringAsync();
        return [.. Named().Matches(text[..text.IndexOf("<body", StringComparison.Ordinal)]).Select(match => match.Groups["name"].Value)];
    }

    static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    static async Task<byte[]> UnpackedAsync(HttpContent content)
    {
        await using var sent = await content.ReadAsStreamAsync();
        await using Stream plain = content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(sent, CompressionMode.Decompress),
            "gzip" => new GZipStream(sent, CompressionMode.Decompress),
            _ => sent,
        };
        using var unpacked = new MemoryStream();
        await plain.CopyToAsync(unpacked);
        return unpacked.ToArray();
    }

    [GeneratedRegex("(?:src|href)=\"(?<name>[^\"/]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Named();
}
