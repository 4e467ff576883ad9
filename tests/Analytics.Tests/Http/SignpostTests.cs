using System.Net;

namespace Analytics.Tests.Http;

public sealed class SignpostTests(AnalyticsApi api)
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("application/json", false)]
    [InlineData("text/html;q=0, */*", false)]
    [InlineData("text/html, application/json", false)]
    [InlineData("text/html;q=0.5, application/*", false)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true)]
    [InlineData("text/html", true)]
    [InlineData("application/json;q=0.4, text/html;q=0.5, */*", true)]
    public async Task The_root_leads_people_to_the_page_and_tells_programs_the_paths(string? accept, bool isPage)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (accept is not null)
            request.Headers.Add("Accept", accept);

        using var answer = await api.Anonymous.Http.SendAsync(request);

        Assert.Equal(isPage ? HttpStatusCode.Found : HttpStatusCode.OK, answer.StatusCode);
        if (isPage)
            Assert.Equal("ui/", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Every_path_it_tells_is_there()
    {
        var paths = await api.Anonymous.GetAsync("/");

        Assert.Equal(["dashboard", "openapi", "swagger", "health"], paths.EnumerateObject().Select(path => path.Name));
        foreach (var path in paths.EnumerateObject())
        {
            using var answer = await api.Anonymous.AskAsync(HttpMethod.Get, path.Value.GetString()!);
            Assert.True((int)answer.StatusCode is 200 or 301 or 302, $"{path.Name} answered {(int)answer.StatusCode}.");
        }
    }
}
