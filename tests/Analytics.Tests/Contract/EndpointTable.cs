using Analytics.Contract;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Contract;

/// <summary>The routes of the running service, as its own endpoint table has them.</summary>
static class EndpointTable
{
    public static IReadOnlyList<KnownRoute> Of(AnalyticsApi api) =>
    [
        .. from endpoint in api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select new KnownRoute(method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint.Metadata.GetRequiredMetadata<AccessAttribute>())
           into route
           orderby route.Path, route.Method
           select route,
    ];
}

/// <summary>A route and who may call it.</summary>
sealed record KnownRoute(string Method, string Path, AccessAttribute Access)
{
    public override string ToString() => $"{Method} {Path}";
}
