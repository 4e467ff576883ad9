using Analytics.Tenancy;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>Parameters and bodies that actions and filters read by themselves.</summary>
public sealed class DocumentedParameters : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (var parameter in metadata.OfType<QueryParameterAttribute>())
            Replace(operation.Parameters, Described(parameter));
        if (metadata.OfType<PagedAttribute>().FirstOrDefault() is { } paged)
            foreach (var parameter in Paging(paged))
                Replace(operation.Parameters, parameter);
        if (metadata.OfType<RequireScopeAttribute>().LastOrDefault() is { WorkspaceInPath: null })
            Replace(operation.Parameters, Query(
                Naming.Of(metadata).Workspace, "The workspace, for users of several. workspace_id and tenantId mean the same.", Text("uuid")));
        if (IsQuery(context))
            Replace(operation.Parameters, Query("format", "csv answers the main list as CSV.", Text()));
        if (metadata.OfType<BodyAttribute>().FirstOrDefault() is { } body)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(body.Type, context.SchemaRepository),
                    },
                },
            };
    }

    /// <summary>Whether the route answers CSV when asked.</summary>
    public static bool IsQuery(OperationFilterContext context) =>
        context.ApiDescription.HttpMethod == "GET"
        && context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AccessAttribute>().Last() is not OpenAttribute
        && !context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<EventStreamAttribute>().Any();

    static IEnumerable<OpenApiParameter> Paging(PagedAttribute paged)
    {
        yield return Query("limit", $"Rows a page: 1 to {PageRequest.LargestLimit}, {PageRequest.DefaultLimit} by default.", new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Minimum = "1",
            Maximum = $"{PageRequest.LargestLimit}",
            Default = PageRequest.DefaultLimit,
        });
        yield return Query("cursor", "What meta of the page before says is next.", Text());
        yield return Query(
            "sort", $"One of {string.Join(", ", paged.Sorts)}, with - in front for descending; {paged.DefaultSort} by default.", Text());
    }

    static OpenApiParameter Described(QueryParameterAttribute parameter)
    {
        var schema = new OpenApiSchema { Type = parameter.Type switch
        {
            "integer" => JsonSchemaType.Integer,
            "boolean" => JsonSchemaType.Boolean,
            _ => JsonSchemaType.String,
        } };
        var described = Query(
            parameter.Name, parameter.Description,
            parameter.Repeatable ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema } : schema);
        described.Required = parameter.Required;
        described.Example = parameter.Example;
        return described;
    }

    static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    static OpenApiSchema Text(string? format = null) => new() { Type = JsonSchemaType.String, Format = format };

    static void Replace(IList<IOpenApiParameter> parameters, OpenApiParameter parameter)
    {
        if (parameters.FirstOrDefault(known => known.Name == parameter.Name && known.In == ParameterLocation.Query) is { } known)
            parameters.Remove(known);
        parameters.Add(parameter);
    }
}
