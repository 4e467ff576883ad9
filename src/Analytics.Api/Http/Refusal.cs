using Analytics.Contract;
using Microsoft.AspNetCore.Routing.Template;

namespace Analytics.Http;

/// <summary>
/// How routes word their refusals whose sources know no problem documents: put one of these on the controller or the action, and all
/// refusals of its routes look like that, also those that come before the action.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
abstract class RefusalAttribute : Attribute
{
    /// <summary>What the body looks like, for the OpenAPI document.</summary>
    public abstract Type Body { get; }

    /// <summary>Writes the body; the status and its headers are set.</summary>
    public abstract Task WriteAsync(HttpContext http, ProblemException problem);

    /// <summary>
    /// That of the request's route, and of a route with the same path where routing did not come to one: it takes another method.
    /// </summary>
    public static RefusalAttribute? Of(HttpContext http) => http.GetEndpoint() is RouteEndpoint endpoint
        ? endpoint.Metadata.GetMetadata<RefusalAttribute>()
        : http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<RefusalAttribute>() is not null && IsAt(route, http.Request.Path))
            .Select(route => route.Metadata.GetMetadata<RefusalAttribute>()).FirstOrDefault();

    static bool IsAt(RouteEndpoint route, PathString path) =>
        new TemplateMatcher(new RouteTemplate(route.RoutePattern), []).TryMatch(path, []);
}
