using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>Gives every body and answer an example: the action's own, or one made from the schema and the members' names.</summary>
sealed class DocumentedExamples : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var own = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ExampleAttribute>().FirstOrDefault();
        var sample = new SampleOfSchema(context.SchemaRepository);
        Only("application/json", operation.RequestBody?.Content);
        foreach (var media in Examples(operation.RequestBody?.Content))
            media.Example ??= own?.Request is { } request ? JsonNode.Parse(request) : sample.Of(media.Schema);
        foreach (var (status, answer) in operation.Responses ?? [])
            foreach (var media in Examples(answer.Content))
                media.Example ??= status[0] == '2' && own?.Answer is { } given ? JsonNode.Parse(given) : sample.Of(media.Schema);
        if (DocumentedParameters.IsQuery(operation, context)
            || context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<LinesAttribute>().Any())
            operation.Responses!["200"].Content!["text/csv"] = Text();
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<PageForHtmlAttribute>().Any())
            operation.Responses!["200"].Content!["text/html"] = Text();
    }

    static OpenApiMediaType Text() => new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    // The other names of JSON say nothing more.
    static void Only(string type, IDictionary<string, IOpenApiMediaType>? content)
    {
        if (content?.ContainsKey(type) == true)
            foreach (var other in content.Keys.Where(name => name != type).ToList())
                content.Remove(other);
    }

    static IEnumerable<OpenApiMediaType> Examples(IDictionary<string, IOpenApiMediaType>? content) =>
        from media in content ?? new Dictionary<string, IOpenApiMediaType>()
        where media.Key != "text/plain" && media.Value is OpenApiMediaType
        select (OpenApiMediaType)media.Value;
}
