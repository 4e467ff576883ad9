using System.Text.Json;
using Analytics.Reading;

namespace Analytics.Features.Export;

/// <summary>A fact on its way out.</summary>
/// <param name="Place">Where it stands among the others.</param>
/// <param name="Bytes">About how long it is.</param>
/// <param name="Write">Writes it as a JSON object, always with the same members.</param>
readonly record struct ExportLine(FactPlace Place, int Bytes, Action<Utf8JsonWriter> Write)
{
    const int Usual = 400;

    /// <summary>The line of a fact whose type says its members.</summary>
    public static ExportLine Of<T>(FactPlace place, T fact, JsonSerializerOptions options, int more = 0) =>
        new(place, Usual + more, json => JsonSerializer.Serialize(json, fact, options));
}

/// <summary>What a step came to.</summary>
/// <param name="Lines">The facts, in order.</param>
/// <param name="Last">Where it ended: no later than it was to, and earlier where its facts are long.</param>
readonly record struct ExportPage(IReadOnlyList<ExportLine> Lines, FactPlace Last);
