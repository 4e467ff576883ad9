using Analytics.Contract;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>What a route does, and who may call it.</summary>
sealed class DocumentedAccess : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var access = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AccessAttribute>().Last();
        operation.AddExtension("x-scope", new JsonNodeExtension(access.Name));
        if (access is RequireScopeAttribute { OfCustomer: true })
            operation.AddExtension("x-of-customer", new JsonNodeExtension(true));
        operation.Security = [.. Credentials(access).Select(scheme => Requirement(scheme, context.Document))];
        (operation.Summary, var after) = FirstSentence(operation.Summary ?? "");
        string?[] sentences = [after, operation.Description, Sentence(access)];
        operation.Description = string.Join(" ", sentences.Where(text => text is { Length: > 0 }));
    }

    // It says what an action does; lists of routes show no more of it.
    static (string First, string After) FirstSentence(string comment)
    {
        var text = string.Join(' ', comment.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        return text.IndexOf(". ", StringComparison.Ordinal) is var end and > 0 ? (text[..end], text[(end + 2)..]) : (text.TrimEnd('.'), "");
    }

    static IEnumerable<string> Credentials(AccessAttribute access) => access switch
    {
        OpenAttribute or RequireScopeAttribute { LinkInPath: not null } => [],
        RequireScopeAttribute { TakesToken: true } =>
            [ApiDocument.Bearer, ApiDocument.KeyHeader, ApiDocument.StreamToken, ApiDocument.Session],
        _ => [ApiDocument.Bearer, ApiDocument.KeyHeader, ApiDocument.Session],
    };

    static string Sentence(AccessAttribute access) => access switch
    {
        OpenAttribute { IsForOwnPage: true } => "Open to anybody, from the service's own page.",
        OpenAttribute => "Open to anybody.",
        RequireScopeAttribute { LinkInPath: not null } => "Open to whoever has the link, as long as its key has the scope.",
        RequireRootAttribute => "Needs the root key.",
        RequireSelfAttribute => "Needs the root key or the user's own.",
        RequireAdminAttribute => "Needs the root key, or admin in the workspace.",
        RequireScopeAttribute scope => $"{Needs(scope)} {(scope.OfCustomer ? OfCustomer : OfAll)}",
        _ => throw new InvalidOperationException($"Nothing says what {access.Name} means."),
    };

    const string OfCustomer = "A customer-bound key sees and writes its customer only.";

    const string OfAll = "Not for customer-bound keys.";

    static string Needs(RequireScopeAttribute access) => access.Scope == RequireScopeAttribute.AnyKey
        ? "Needs any key of the workspace."
        : $"Needs the scope `{access.Name}`.";

    static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
