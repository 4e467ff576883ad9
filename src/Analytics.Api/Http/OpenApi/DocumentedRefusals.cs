using System.Text.Json.Nodes;
using Analytics.Contract;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>How a route refuses. Refusals look alike, so each is told once and referred to.</summary>
sealed class DocumentedRefusals : IOperationFilter
{
    static readonly Dictionary<int, string> Meanings = new()
    {
        [400] = "Something about the request is wrong: every problem is listed.",
        [401] = "There is no key, or it is wrong, revoked or expired.",
        [403] = "The key lacks the scope or the role.",
        [404] = "Unknown, or not visible to the caller: both answer alike.",
        [409] = "It conflicts with what is there.",
        [413] = "The body is too large.",
        [415] = "The body is of a type that is not taken.",
        [429] = "More is asked for at once than a workspace's share.",
        [503] = "The store is down or overloaded, or reading took too long.",
    };

    const string NoRequest = "What came is not HTTP: it is refused before routing, without a body.";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var access = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AccessAttribute>().Last();
        operation.Responses ??= [];
        var told = operation.Responses.Keys.Where(status => status[0] == '4').Select(int.Parse).ToList();
        foreach (var status in Refusals(operation, context, access).Union(told))
        {
            var said = operation.Responses.GetValueOrDefault($"{status}")?.Description;
            operation.Responses[$"{status}"] = Response(status, said, context);
        }
        if (!operation.Responses.Keys.Any(status => status[0] == '4'))
            operation.Responses["400"] = new OpenApiResponse { Description = NoRequest };
    }

    static IEnumerable<int> Refusals(OpenApiOperation operation, OperationFilterContext context, AccessAttribute access)
    {
        var hasBody = operation.RequestBody is not null;
        // Whoever is let in may name a workspace, and with that a bad one.
        if (operation.Parameters?.Count > 0 || hasBody || access is not OpenAttribute)
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

    /// <summary>The refusal that all routes share, or this route's own where its action says what it means.</summary>
    static IOpenApiResponse Response(int status, string? said, OperationFilterContext context)
    {
        var own = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<RefusalAttribute>().LastOrDefault()?.Body;
        var refusal = new OpenApiResponse
        {
            Description = said ?? Meanings[status],
            Headers = Headers(status),
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [own is null ? "application/problem+json" : "application/json"] = new OpenApiMediaType
                {
                    Schema = context.SchemaGenerator.GenerateSchema(own ?? typeof(ProblemBody), context.SchemaRepository),
                    Example = own is null ? Problem(status) : null,
                },
            },
        };
        if (said is not null || own is not null)
            return refusal;
        var name = ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal);
        context.Document.AddComponent(name, refusal);
        return new OpenApiResponseReference(name, context.Document);
    }

    static Dictionary<string, IOpenApiHeader>? Headers(int status) => status switch
    {
        401 => new() { ["WWW-Authenticate"] = Header("How to show a key.", JsonSchemaType.String) },
        429 or 503 => new() { ["Retry-After"] = Header("Seconds to wait.", JsonSchemaType.Integer) },
        _ => null,
    };

    static OpenApiHeader Header(string description, JsonSchemaType type) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = type } };

    static JsonObject Problem(int status) => new()
    {
        ["type"] = "about:blank",
        ["title"] = ReasonPhrases.GetReasonPhrase(status),
        ["status"] = status,
        ["detail"] = status == 400 ? "The request is not valid." : Meanings[status],
        ["errors"] = status == 400
            ? new JsonArray(new JsonObject { ["pointer"] = "/name", ["code"] = "required", ["message"] = "Is required." })
            : [],
        ["request_id"] = "01a1fe9baa817f33a322e7f097464491",
    };
}
