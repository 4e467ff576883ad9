using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Contract;

namespace Analytics.Tests.Contract;

public sealed class DocumentTests(AnalyticsApi api)
{
    static readonly string[] WithoutBody =
    [
        "/api/stream/tokens", "/api/apps/{id}/workspace", "/api/apps/{id}/workspace/credentials", "/api/v1/webhooks/{id}/secrets",
        "/api/v1/webhooks/{id}/deliveries/{delivery_id}/retry",
    ];

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_document_holds_the_routes_of_the_running_service_and_no_others()
    {
        var documented = (await Documented.OfAsync(api)).Operations.Select(operation => $"{operation} {operation.Scope}");
        // The dashboard is a page for people.
        var served = EndpointTable.Of(api).Where(route => route.Method != "HEAD" && route.Path != "/ui/{**path}")
            .Select(route => $"{route.Method} {route.Path} {route.Access.Name}");

        Assert.Equal(served.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_with_examples_and_errors()
    {
        foreach (var operation in (await Documented.OfAsync(api)).Operations)
        {
            Assert.True(
                operation.Body.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 5,
                $"{operation} has no summary.");
            var answers = operation.Answers.ToDictionary(answer => answer.Status, answer => answer.Answer);
            Assert.Contains(answers.Keys, status => status[0] == '2');
            foreach (var (status, refusal) in answers.Where(answer => IsRefusal(answer.Key, operation)))
                Assert.True(refusal.TryGetProperty("content", out _), $"{operation} {status} does not say how it looks.");
            foreach (var (status, answer) in answers)
                AssertExamples(answer, $"{operation} {status}");
            if (operation.Method is "POST" or "PUT" or "PATCH" && !WithoutBody.Contains(operation.Path))
                AssertExamples(operation.Body.GetProperty("requestBody"), $"{operation} body");
            if (operation.Scope != "open")
                Assert.All((string[])["401", "403", "503"], status => Assert.True(answers.ContainsKey(status), $"{operation} {status}"));
        }
    }

    [Fact]
    public async Task The_page_is_served()
    {
        using var answer = await api.Anonymous.AskAsync(HttpMethod.Get, "/swagger/index.html");

        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Who_may_call_what_is_written_down()
    {
        var table = new JsonObject();
        foreach (var route in EndpointTable.Of(api))
        {
            var methods = table[route.Path] as JsonObject ?? [];
            methods[route.Method] = route.Access is RequireScopeAttribute { OfCustomer: true } ? $"{route.Access.Name}, portal keys" : route.Access.Name;
            table[route.Path] = methods;
        }
        await AssertWrittenDownAsync("endpoints.json", table);
    }

    /// <summary>Programs call them by these: a name that changes breaks whoever made a client from the document.</summary>
    [Fact]
    public async Task What_operations_are_called_is_written_down()
    {
        var document = await Documented.OfAsync(api);

        Assert.All(document.Operations, operation => Assert.Matches("^[a-z]+[A-Za-z]+$", operation.Id));
        Assert.Equal(document.Operations.Count, document.Operations.DistinctBy(operation => operation.Id).Count());
        await AssertWrittenDownAsync("operations.json", new JsonObject(
            from operation in document.Operations
            orderby operation.Id
            select KeyValuePair.Create(operation.Id, (JsonNode?)$"{operation}")));
    }

    [Fact]
    public async Task It_is_OpenAPI_3_1_at_both_of_its_addresses()
    {
        var document = await api.Anonymous.GetAsync("/openapi.json");
        var same = await api.Anonymous.GetAsync("/swagger/v1/swagger.json");

        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal("/", Assert.Single(document.GetProperty("servers").EnumerateArray()).GetProperty("url").GetString());
        Assert.Equal("Apache-2.0", document.GetProperty("info").GetProperty("license").GetProperty("identifier").GetString());
        Assert.Equal(document.GetRawText(), same.GetRawText());
    }

    [Fact]
    public async Task Every_operation_says_which_credentials_open_it_and_where_it_belongs()
    {
        var document = await Documented.OfAsync(api);
        var schemes = document.Root.GetProperty("components").GetProperty("securitySchemes");
        var described = document.Root.GetProperty("tags").EnumerateArray()
            .Where(tag => tag.GetProperty("description").GetString() is { Length: > 5 })
            .Select(tag => tag.GetProperty("name").GetString()).ToList();

        Assert.All(document.Operations, operation =>
        {
            var credentials = operation.Body.GetProperty("security").EnumerateArray()
                .SelectMany(one => one.EnumerateObject()).Select(one => one.Name).ToList();
            Assert.Equal(operation.Scope == "open", credentials.Count == 0);
            Assert.All(credentials, credential => Assert.True(schemes.TryGetProperty(credential, out _), credential));
            Assert.All(operation.Body.GetProperty("tags").EnumerateArray(), tag => Assert.Contains(tag.GetString(), described));
        });
    }

    [Fact]
    public async Task Members_are_required_where_they_are_always_there_or_have_to_be_sent()
    {
        var schemas = (await Documented.OfAsync(api)).Root.GetProperty("components").GetProperty("schemas");

        Assert.Equal(["created_at", "email", "external_id", "id", "metadata", "name", "updated_at"], Required(schemas, "CustomerAnswer"));
        Assert.Equal(["duplicates", "inserted"], Required(schemas, "IngestAnswer"));
        Assert.Equal(["period_end", "period_start", "stats", "timestamp"], Required(schemas, "TimeseriesPeriod"));
        Assert.Equal(["name", "slug"], Required(schemas, "NewWorkspace"));
        Assert.Equal(["name", "scopes"], Required(schemas, "NewKey"));
        Assert.Equal(["name"], Required(schemas, "IngestedEvent"));
        foreach (var change in (string[])["CustomerChange", "EventTypeChange", "WorkspaceChange", "NewCustomer"])
            Assert.Empty(Required(schemas, change));
    }

    [Fact]
    public async Task Members_say_what_the_validators_let_pass()
    {
        var schemas = (await Documented.OfAsync(api)).Root.GetProperty("components").GetProperty("schemas");

        Says("NewWorkspace", "retention_days", """{"maximum":36500,"minimum":1,"type":["null","integer"],""");
        Says("NewWorkspace", "slug", """{"pattern":"^[a-z0-9-]{1,64}$","type":"string"}""");
        Says("NewMember", "role", """{"enum":["viewer","member","admin","owner"],"type":"string"}""");
        Says("NewUser", "email", """{"maxLength":254,"type":"string","format":"email"}""");
        Says("CustomerChange", "name", """{"maxLength":255,"minLength":1,"type":["null","string"],""");
        Says("EventTypeChange", "label", """{"maxLength":128,"minLength":1,"type":"string",""");
        Says("NewKey", "scopes", """{"maxItems":100,"minItems":1,"type":"array","items":{"enum":["events:write",""");

        void Says(string schema, string member, string start) => Assert.StartsWith(
            start,
            JsonSerializer.Serialize(schemas.GetProperty(schema).GetProperty("properties").GetProperty(member), Relaxed),
            StringComparison.Ordinal);
    }

    // What is no request at all is refused before routing, without a body; a route that looks at nothing has no other 400.
    static bool IsRefusal(string status, Operation operation) => status[0] is '4' or '5'
        && !(status == "400" && operation.Scope == "open" && !operation.Parameters.Any() && !operation.Bodies.Any());

    /// <summary>Set UPDATE_SNAPSHOTS=true to write the file anew; the change shows in the diff.</summary>
    static async Task AssertWrittenDownAsync(string file, JsonObject table)
    {
        var text = table.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        var path = Path.Combine(Path.GetDirectoryName(SourceFile())!, file);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "true")
            await File.WriteAllTextAsync(path, text);

        Assert.Equal((await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n"), text);
    }

    static IEnumerable<string?> Required(JsonElement schemas, string name) =>
        schemas.GetProperty(name).TryGetProperty("required", out var names) ? names.EnumerateArray().Select(one => one.GetString()) : [];

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

    static string SourceFile([CallerFilePath] string path = "") => path;
}
