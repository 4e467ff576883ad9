using System.Reflection;
using System.Text.Json.Nodes;
using Analytics.Contract;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>Parameters and bodies that actions and filters read by themselves.</summary>
sealed class DocumentedParameters : IOperationFilter
{
    const string WorkspaceText = "The workspace, for users of several. workspace_id and tenantId mean the same.";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (var parameter in metadata.OfType<QueryParameterAttribute>())
            Replace(operation.Parameters, Described(parameter));
        if (metadata.OfType<PagedAttribute>().FirstOrDefault() is { } paged)
            foreach (var parameter in Paging(paged))
                Replace(operation.Parameters, parameter);
        if (metadata.OfType<AccessAttribute>().LastOrDefault()?.WorkspaceInPath is { } inPath)
            operation.Parameters.OfType<OpenApiParameter>().Single(parameter => parameter.Name == inPath).Description =
                "The workspace's id or slug.";
        if (metadata.OfType<RequireScopeAttribute>().LastOrDefault() is { WorkspaceInPath: null })
            Replace(operation.Parameters, Query(WorkspaceName.On(metadata), WorkspaceText, Text("uuid")));
        if (IsQuery(operation, context))
            Replace(operation.Parameters, Format(metadata.OfType<PageForHtmlAttribute>().Any()));
        if (operation.RequestBody is OpenApiRequestBody bound)
            bound.Required = IsNeeded(context.ApiDescription);
        if (metadata.OfType<BodyAttribute>().FirstOrDefault() is { } read)
            operation.RequestBody = Body(context.SchemaGenerator.GenerateSchema(read.Type, context.SchemaRepository));
    }

    // An action that can do without says so by the type of its argument.
    static bool IsNeeded(ApiDescription route) =>
        route.ParameterDescriptions.Single(parameter => parameter.Source == BindingSource.Body).ParameterInfo() is { } argument
        && new NullabilityInfoContext().Create(argument).WriteState == NullabilityState.NotNull;

    static OpenApiRequestBody Body(IOpenApiSchema schema) => new()
    {
        Required = true,
        Content = new Dictionary<string, IOpenApiMediaType> { ["application/json"] = new OpenApiMediaType { Schema = schema } },
    };

    /// <summary>Whether the route answers CSV when asked.</summary>
    public static bool IsQuery(OpenApiOperation operation, OperationFilterContext context) =>
        (context.ApiDescription.HttpMethod == "GET"
            || context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AsksOnlyAttribute>().Any())
        && context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AccessAttribute>().Last() is not OpenAttribute
        && operation.Responses?.GetValueOrDefault("200")?.Content?.ContainsKey("application/json") == true;

    static IEnumerable<OpenApiParameter> Paging(PagedAttribute paged)
    {
        yield return Query("limit", "Rows a page.", new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = "1",
            Maximum = $"{PageRequest.LargestLimit}",
            Default = PageRequest.DefaultLimit,
        });
        yield return Query("cursor", "What meta of the page before says; the first page without it.", Text());
        var order = OneOf(paged.Sorts is [] ? [paged.DefaultSort] : [.. paged.Sorts, .. paged.Sorts.Select(field => "-" + field)]);
        order.Default = paged.DefaultSort;
        yield return Query("sort", "The field to sort by, descending with - in front.", order);
    }

    static OpenApiParameter Format(bool hasPage) => hasPage
        ? Query("format", "csv answers a row a day, html a page that prints well, whatever Accept says.", OneOf("json", "csv", "html"))
        : Query("format", "csv answers the main list as CSV, whatever Accept says.", OneOf("json", "csv"));

    static OpenApiParameter Described(QueryParameterAttribute parameter)
    {
        if (!parameter.IsKeyed)
            return Query(parameter.Name, parameter.Description, Text());
        var family = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Text() };
        var described = Query(parameter.Name, parameter.Description, family);
        (described.Style, described.Explode) = (ParameterStyle.DeepObject, true);
        return described;
    }

    static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    static OpenApiSchema Text(string? format = null) => new() { Type = JsonSchemaType.String, Format = format };

    static OpenApiSchema OneOf(params IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => JsonValue.Create(word))] };

    static void Replace(IList<IOpenApiParameter> parameters, OpenApiParameter parameter)
    {
        if (parameters.FirstOrDefault(known => known.Name == parameter.Name && known.In == ParameterLocation.Query) is { } known)
            parameters.Remove(known);
        parameters.Add(parameter);
    }
}
