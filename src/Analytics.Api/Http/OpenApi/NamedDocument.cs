using Analytics.Contract;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>
/// The document of all routes, each with schemas under its own names. A generator knows one naming only, so there is one for each, and
/// what they make is put together.
/// </summary>
sealed class NamedDocument(
    IOptionsFactory<SwaggerGeneratorOptions> documents, IOptionsFactory<SchemaGeneratorOptions> schemas,
    IApiDescriptionGroupCollectionProvider routes, ShownRules rules) : IAsyncSwaggerProvider
{
    public async Task<OpenApiDocument> GetSwaggerAsync(string documentName, string? host = null, string? basePath = null)
    {
        var document = await Of(Naming.Snake, []).GetSwaggerAsync(documentName, host, basePath);
        Add(document, await Of(Naming.Camel, [.. document.Components!.Schemas!.Keys]).GetSwaggerAsync(documentName, host, basePath));
        return document;
    }

    /// <summary>Makes the part of the routes with a naming, with other names for schemas than those that are taken.</summary>
    SwaggerGenerator Of(Naming naming, HashSet<string> taken)
    {
        var options = documents.Create(Options.DefaultName);
        options.DocInclusionPredicate = (_, route) => Naming.Of(route.ActionDescriptor.EndpointMetadata) == naming
            // Every GET answers it; saying so of each would double the document.
            && route.HttpMethod != HttpMethods.Head;
        var shapes = schemas.Create(Options.DefaultName);
        var nameOf = shapes.SchemaIdSelector;
        shapes.SchemaIdSelector = type => nameOf(type) is var name && taken.Contains(name) && !LooksAlike(type) ? $"Camel{name}" : name;
        shapes.SchemaFilters.Add(new DocumentedMembers(naming.Json, AskedTypes.Of(routes, naming.Json), rules));
        return new(options, routes, new SchemaGenerator(shapes, new Contracts(naming.Json)));
    }

    /// <summary>Problems look the same on every route, and so do words that are spelled so in both namings.</summary>
    static bool LooksAlike(Type type) => type == typeof(ProblemBody) || type == typeof(Problem)
        || (type.IsEnum && Enum.GetNames(type).All(word => Naming.Snake.NameOf(word) == Naming.Camel.NameOf(word)));

    static void Add(OpenApiDocument document, OpenApiDocument part)
    {
        foreach (var (id, schema) in part.Components!.Schemas!)
            document.Components!.Schemas!.TryAdd(id, schema);
        foreach (var (id, response) in part.Components.Responses ?? new Dictionary<string, IOpenApiResponse>())
            document.Components!.Responses!.TryAdd(id, response);
        foreach (var tag in part.Tags ?? new HashSet<OpenApiTag>())
            document.Tags!.Add(tag);
        foreach (var (path, item) in part.Paths)
            if (document.Paths.TryGetValue(path, out var known))
                foreach (var (method, operation) in item.Operations!)
                    known.Operations!.Add(method, operation);
            else
                document.Paths.Add(path, item);
    }
}
