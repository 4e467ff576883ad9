using System.Text.Json;
using Analytics.Contract;

namespace Analytics.Http;

/// <summary>
/// How a route spells its names, alike in queries, bodies, answers, pointers, CSV and the OpenAPI document: snake_case, unless its
/// controller or action is <see cref="CamelCaseAttribute"/>.
/// </summary>
sealed class Naming
{
    public static readonly Naming Snake = new(Http.Json.Snake);
    public static readonly Naming Camel = new(Http.Json.Camel);

    Naming(JsonSerializerOptions json) => Json = json;

    /// <summary>How bodies are read and answers are written.</summary>
    public JsonSerializerOptions Json { get; }

    public static Naming Of(HttpContext http) => http.GetEndpoint() is { } endpoint ? Of(endpoint.Metadata) : Snake;

    /// <summary>By a route's metadata: an endpoint's, or what the API explorer tells of one.</summary>
    public static Naming Of(IEnumerable<object> metadata) => metadata.OfType<CamelCaseAttribute>().Any() ? Camel : Snake;

    /// <summary>The name of a property of a request or an answer; a name that is spelled so already stays.</summary>
    public string NameOf(string property) => Json.PropertyNamingPolicy!.ConvertName(property);
}
