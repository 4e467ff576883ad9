using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Oracle.Apps;

/// <summary>
/// JSON as one line a value, for comparing texts: numbers as they stand, instants in UTC to the microsecond, members by name, and the apps
/// of a breakdown by their ids.
/// </summary>
static class Canonical
{
    const string Instant = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture);

    public static string Of(JsonElement json) => string.Join('\n', Lines(json, ""));

    public static string Of(string json) => Of(JsonElement.Parse(json));

    /// <summary>The first lines that differ, or nothing.</summary>
    public static string? Difference(string expected, JsonElement answer)
    {
        var (should, does) = (Of(expected).Split('\n'), Of(answer).Split('\n'));
        var at = should.Zip(does).TakeWhile(pair => pair.First == pair.Second).Count();
        return at == should.Length && at == does.Length
            ? null
            : $"expected {should.ElementAtOrDefault(at) ?? "no more"}, got {does.ElementAtOrDefault(at) ?? "no more"}";
    }

    static IEnumerable<string> Lines(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Object => Members(json).SelectMany(member => Lines(member.Value, $"{path}/{member.Name}")).Prepend($"{path} {{"),
        JsonValueKind.Array =>
            Items(json, path).SelectMany((item, at) => Lines(item, $"{path}/{at}")).Prepend($"{path} {json.GetArrayLength()} items"),
        JsonValueKind.String => [$"{path} {Text(json.GetString()!)}"],
        _ => [$"{path} {json.GetRawText()}"],
    };

    static IEnumerable<JsonProperty> Members(JsonElement json) =>
        json.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal);

    static IEnumerable<JsonElement> Items(JsonElement json, string path) => path == "/by_app"
        ? json.EnumerateArray().OrderBy(item => item.GetProperty("app_id").GetString(), StringComparer.Ordinal)
        : json.EnumerateArray();

    static string Text(string text) => text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var at)
        ? Time(at)
        : JsonValue.Create(text).ToJsonString();
}
