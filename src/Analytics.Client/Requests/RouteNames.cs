using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Analytics.Client.Requests;

/// <summary>What requests of a route are counted under: its template, from a slash on. Made once a route.</summary>
sealed partial class RouteNames
{
    const int Longest = 255;

    // Weak: endpoints come and go where a host's routes change while it runs.
    readonly ConditionalWeakTable<RouteEndpoint, string> names = [];

    public string? Of(RouteEndpoint? endpoint) =>
        endpoint is not null && names.GetValue(endpoint, static route => NameOf(route.RoutePattern)) is { Length: > 0 } name ? name : null;

    // Too long to be told is none: the service goes by the path then.
    static string NameOf(RoutePattern pattern) => pattern.RawText is { } template && Filled(template, pattern) is { Length: < Longest } name
        ? name.StartsWith('/') ? name : "/" + name
        : "";

    // {controller=Home}/{action=Index}/{id?} is the template of many endpoints; each knows its controller and action.
    static string Filled(string template, RoutePattern pattern) => pattern.RequiredValues.Count == 0
        ? template
        : Chosen().Replace(template, part => pattern.RequiredValues.GetValueOrDefault(part.Groups["name"].Value) as string ?? part.Value);

    [GeneratedRegex(@"\{(?<name>area|controller|action|page)\b[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Chosen();
}
