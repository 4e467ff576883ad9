using System.Text;
using System.Text.Json;
using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage.Business;

namespace Analytics.Features.Business.Query;

/// <summary>
/// The values by which facts are told apart: texts, numbers and truth values, as a key that no other value has, and as answered.
/// </summary>
static class QueryValue
{
    /// <summary>The key of a value, raw JSON; null for what is no such value.</summary>
    public static string? KeyOf(string json) =>
        new JsonScalar(Encoding.UTF8.GetBytes(json)).Distinct() is { } key ? Encoding.UTF8.GetString(key) : null;

    /// <summary>The key of a text.</summary>
    public static string KeyOfText(string text) => "t" + text;

    /// <summary>What a key is of: a text, a truth value, or a number, as JSON where it is too large or too fine for an exact one.</summary>
    public static object? Of(string? key) => key switch
    {
        null => null,
        ['t', .. var text] => text,
        ['b', .. var truth] => truth == "t",
        ['n', .. var number] => DecimalUnits.TryParse(Encoding.ASCII.GetBytes(number), out var units)
            ? new ExactNumber(units) : JsonElement.Parse(ExactDecimal.Of(Encoding.ASCII.GetBytes(number)).Plain()),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    /// <summary>A number that <see cref="Of"/> gave.</summary>
    public static ExactDecimal NumberOf(object value) => ExactDecimal.Of(
        Encoding.ASCII.GetBytes(value is ExactNumber exact ? DecimalUnits.Format(exact.Units) : ((JsonElement)value).GetRawText()));
}
