using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Tests.Contract.Calls;
using Analytics.Tests.Features.Apps;
using Analytics.Tests.Features.Export;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Contract;

/// <summary>What the service really takes and answers is what its document says, member by member.</summary>
public sealed class DocumentedAnswersTests(AnalyticsApi api)
{
    [Fact]
    public async Task Every_answer_is_what_the_document_says()
    {
        var document = await Documented.OfAsync(api);
        var seen = new HashSet<string>();
        var root = new HeldClient(api.Root, document, seen);
        var workspace = await api.NewWorkspaceAsync();
        var client = root.As(workspace);

        await TenancyCalls.MakeAllAsync(api, root);
        await FactCalls.MakeAllAsync(client);
        await AppCalls.MakeAllAsync(client);
        await BusinessCalls.MakeAllAsync(api, client, workspace);

        Assert.Equal([], document.Operations.Where(AnswersJson).Select(operation => $"{operation}").Except(seen));
    }

    [Fact]
    public async Task Every_message_of_a_stream_is_what_the_document_says()
    {
        var document = await Documented.OfAsync(api);
        var workspace = await api.NewWorkspaceAsync();
        await using var events = await OpenStream.OfAsync(workspace);
        await using var log = await OpenStream.OpenAsync(workspace, "/api/v1/events/stream");

        await workspace.IngestAsync(Some.Event(metadata: new() { ["_log"] = new JsonObject { ["severity"] = "WARN" } }));

        document.AssertFits(Message(document, "/api/stream/workspaces/{id}"), (await events.NextAsync()).Json, "A message");
        document.AssertFits(Message(document, "/api/v1/events/stream"), (await log.NextAsync()).Json, "A record");
    }

    [Fact]
    public async Task Every_line_of_an_export_is_what_the_document_says()
    {
        var document = await Documented.OfAsync(api);
        var workspace = await api.NewWorkspaceAsync();
        await workspace.IngestAsync(Some.Event(metadata: new() { ["n"] = 1 }));
        await workspace.TellAsync(1);

        foreach (var (kind, path) in ((string, string)[])[("events", "/api/export/{kind}"), ("log", "/api/export/log")])
        {
            var schema = document.Find("GET", path).Answer(200, "application/x-ndjson")!.Value.GetProperty("schema");
            var lines = await workspace.ExportAsync(kind);
            Assert.NotEmpty(lines);
            Assert.All(lines, line => document.AssertFits(schema, line, $"A line of {kind}"));
        }
    }

    [Fact]
    public async Task Every_route_refuses_strangers_as_the_document_says()
    {
        var document = await Documented.OfAsync(api);
        foreach (var operation in document.Operations.Where(operation => operation.Scope != "open"))
        {
            var path = operation.Path.Replace('{', 'a').Replace('}', 'z');
            using var answer = await api.Anonymous.AskAsync(new HttpMethod(operation.Method), path);
            var media = operation.Answer(401, answer.Content.Headers.ContentType!.MediaType!)!.Value;

            Assert.Equal(401, (int)answer.StatusCode);
            var body = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
            document.AssertFits(media.GetProperty("schema"), body, $"{operation}");
        }
    }

    [Fact]
    public async Task Every_example_is_what_its_schema_says()
    {
        var document = await Documented.OfAsync(api);
        var examples =
            from operation in document.Operations
            from holder in operation.Answers.Select(answer => answer.Answer).Concat(operation.Bodies)
            from media in Operation.MediaOf(holder)
            where media.Value.TryGetProperty("example", out _)
            select (operation, media.Value);
        foreach (var (operation, media) in examples)
            document.AssertFits(media.GetProperty("schema"), media.GetProperty("example"), $"The example of {operation}");
    }

    static JsonElement Message(Documented document, string path) =>
        document.Find("GET", path).Answer(200, "text/event-stream")!.Value.GetProperty("schema");

    static bool AnswersJson(Operation operation) => operation.Answers.Where(answer => answer.Status[0] == '2')
        .All(answer => !Operation.MediaOf(answer.Answer).Any() || operation.Answer(int.Parse(answer.Status)) is not null);
}
