using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Contract;

public sealed class DocumentTests(AnalyticsApi api)
{
    static readonly string[] WithoutBody = ["/api/stream/tokens"];
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task The_document_holds_the_routes_of_the_running_service_and_no_others()
    {
        var document = await api.Anonymous.GetAsync("/swagger/v1/swagger.json");

        var documented = Operations(document).Select(operation => $"{operation.Method} {operation.Path} {operation.Scope}");
        var served = EndpointTable.Of(api).Where(route => route.Method != "HEAD").Select(route => $"{route.Method} {route.Path} {route.Access.Name}");

        Assert.Equal(served.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_with_examples_and_errors()
    {
        var document = await api.Anonymous.GetAsync("/swagger/v1/swagger.json");

        foreach (var (method, path, scope, body) in Operations(document))
        {
            Assert.True(body.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 5, $"{method} {path} has no summary.");
            var responses = body.GetProperty("responses");
            Assert.Contains(responses.EnumerateObject(), response => response.Name[0] == '2');
            foreach (var refusal in responses.EnumerateObject().Where(response => response.Name[0] is '4' or '5' && !path.StartsWith("/health", StringComparison.Ordinal)))
                Assert.True(refusal.Value.TryGetProperty("content", out _), $"{method} {path} {refusal.Name} does not say how it looks.");
            foreach (var response in responses.EnumerateObject())
                AssertExamples(response.Value, $"{method} {path} {response.Name}");
            if ((method is "POST" or "PUT" or "PATCH") && !WithoutBody.Contains(path))
                AssertExamples(body.GetProperty("requestBody"), $"{method} {path} body");
            if (scope != "open")
                Assert.All((string[])["401", "403", "503"], status => Assert.True(responses.TryGetProperty(status, out _), $"{method} {path} {status}"));
        }
    }

    [Fact]
    public async Task The_page_is_served()
    {
        using var answer = await api.Anonymous.AskAsync(HttpMethod.Get, "/swagger/index.html");

        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>Set UPDATE_SNAPSHOTS=true to write the file anew; the change shows in the diff.</summary>
    [Fact]
    public async Task Who_may_call_what_is_written_down()
    {
        var table = new JsonObject();
        foreach (var route in EndpointTable.Of(api))
        {
            var methods = table[route.Path] as JsonObject ?? [];
            methods[route.Method] = route.Access.Name;
            table[route.Path] = methods;
        }
        var text = table.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        var path = Path.Combine(Path.GetDirectoryName(SourceFile())!, "endpoints.json");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "true")
            await File.WriteAllTextAsync(path, text);

        Assert.Equal((await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n"), text);
    }

    static void AssertExamples(JsonElement holder, string where)
    {
        if (!holder.TryGetProperty("content", out var content))
            return;
        foreach (var media in content.EnumerateObject().Where(media => media.Name.Contains("json", StringComparison.Ordinal)))
        {
            Assert.True(media.Value.TryGetProperty("schema", out _), $"{where} has no schema.");
            Assert.True(media.Value.TryGetProperty("example", out _), $"{where} has no example.");
        }
    }

    static IEnumerable<(string Method, string Path, string Scope, JsonElement Body)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name.ToUpperInvariant(), path.Name, operation.Value.GetProperty("x-scope").GetString()!, operation.Value);

    static string SourceFile([CallerFilePath] string path = "") => path;
}
