using Analytics.Contract;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Analytics.Http;

/// <summary>
/// Makes requests look as they were sent to the address the service is known by: links, cookies and what counts as the service's own page
/// go by a request's scheme, host and base path.
/// </summary>
static class PublicAddress
{
    /// <summary>Proxies that are trusted are believed, what lies outside the base path is 404, and the public address wins.</summary>
    public static void UsePublicAddress(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<AddressOptions>>().Value;
        if (options.Proxies.Count > 0)
            app.UseForwardedHeaders(Believed(options));
        app.Use((http, next) =>
        {
            EnterBase(http.Request, options.Base);
            if (options.Public is { } known)
                BeKnownBy(http.Request, known);
            return next(http);
        });
    }

    static ForwardedHeadersOptions Believed(AddressOptions options)
    {
        // As many proxies as stand in a row, and no loopback address that nobody named.
        var believed = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
        believed.KnownProxies.Clear();
        believed.KnownIPNetworks.Clear();
        foreach (var network in options.Proxies)
            believed.KnownIPNetworks.Add(network);
        return believed;
    }

    static void EnterBase(HttpRequest request, PathString own)
    {
        // A proxy's prefix may end in a slash, paths of cookies and links must not.
        if (request.PathBase.Value is { } prefix && prefix.EndsWith('/'))
            request.PathBase = prefix.TrimEnd('/');
        if (!own.HasValue)
            return;
        if (!request.Path.StartsWithSegments(own, StringComparison.Ordinal, out var inside))
            throw ProblemException.NotFound();
        request.PathBase += own;
        request.Path = inside;
    }

    static void BeKnownBy(HttpRequest request, Uri known)
    {
        request.AskedHost = request.Host;
        request.Scheme = known.Scheme;
        request.Host = known.IsDefaultPort ? new(known.IdnHost) : new(known.IdnHost, known.Port);
        request.PathBase = known.AbsolutePath.TrimEnd('/');
    }
}
