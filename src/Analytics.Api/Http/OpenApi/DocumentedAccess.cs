using Analytics.Tenancy;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>Who may call a route, and how it refuses.</summary>
public sealed class DocumentedAccess : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var access = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AccessAttribute>().Last();
        operation.AddExtension("x-scope", new JsonNodeExtension(access.Name));
        operation.Description = Sentence(access) + (operation.Description is { Length: > 0 } said ? " " + said : "");
        if (access is not OpenAttribute)
            operation.Security =
            [
                Requirement(ApiDocument.Bearer, context.Document),
                Requirement(ApiDocument.KeyHeader, context.Document),
            ];

        operation.Responses ??= [];
        foreach (var status in Refusals(operation, context, access))
            Add(operation.Responses, status, context);
    }

    // What the action itself says of a refusal stays; how it looks is the same everywhere.
    static void Add(OpenApiResponses responses, int status, OperationFilterContext context)
    {
        var refusal = Refusal(status, context);
        if (responses.GetValueOrDefault($"{status}") is OpenApiResponse said)
            said.Content = refusal.Content;
        else
            responses.Add($"{status}", refusal);
    }

    static string Sentence(AccessAttribute access) => access switch
    {
        OpenAttribute => "Open to anybody.",
        RequireRootAttribute => "Needs the root key.",
        RequireSelfAttribute => "Needs the root key or the user's own.",
        RequireAdminAttribute => "Needs the root key, or admin in the workspace.",
        _ => $"Needs the scope `{access.Name}`.",
    };

    static IEnumerable<int> Refusals(OpenApiOperation operation, OperationFilterContext context, AccessAttribute access)
    {
        var hasBody = operation.RequestBody is not null;
        if (operation.Parameters?.Count > 0 || hasBody)
            yield return 400;
        if (access is not OpenAttribute)
        {
            yield return 401;
            yield return 403;
        }
        if (access is RequireScopeAttribute || context.ApiDescription.RelativePath?.Contains('{') == true)
            yield return 404;
        if (hasBody)
        {
            foreach (var status in (int[])[409, 413, 415])
                yield return status;
        }
        if (access is RequireScopeAttribute)
            yield return 429;
        yield return 503;
    }

    static OpenApiResponse Refusal(int status, OperationFilterContext context) => new()
    {
        Description = ReasonPhrases.GetReasonPhrase(status),
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["application/problem+json"] = new OpenApiMediaType
            {
                Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemBody), context.SchemaRepository),
            },
        },
    };

    static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
