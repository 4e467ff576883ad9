using System.Reflection;

namespace Analytics.Http;

/// <summary>Every answer says which build of the service it is of: a page of another one asks to be loaded anew.</summary>
sealed class VersionHeader(RequestDelegate next)
{
    // The commit is part of it where the build knows one: versions alone stay the same from build to build.
    internal static readonly string Version =
        typeof(VersionHeader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public Task InvokeAsync(HttpContext http)
    {
        // Not before the answer starts: a refusal clears what the route had written.
        http.Response.OnStarting(
            static response =>
            {
                ((HttpResponse)response).Headers["X-Analytics-Version"] = Version;
                return Task.CompletedTask;
            },
            http.Response);
        return next(http);
    }
}
