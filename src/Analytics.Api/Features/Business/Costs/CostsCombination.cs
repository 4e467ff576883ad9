using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.Features.Business.Costs;

/// <summary>A word for each of several groups. Answers with thousands of them keep no dictionaries.</summary>
/// <param name="Groups">Places in <see cref="CostsQuestion.Groups"/>.</param>
/// <param name="Words">One for each, null for whatever names none.</param>
[JsonConverter(typeof(CostsCombinationConverter))]
sealed record CostsCombination(IReadOnlyList<int> Groups, string?[] Words);

/// <summary>Writes a combination as an object with a member for each group; nothing reads it.</summary>
sealed class CostsCombinationConverter : JsonConverter<CostsCombination>
{
    static readonly JsonEncodedText[] Names = [.. CostsQuestion.Groups.Select(name => JsonEncodedText.Encode(name))];

    public override CostsCombination Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        throw new NotSupportedException("Combinations are only answered.");

    public override void Write(Utf8JsonWriter writer, CostsCombination value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        for (var at = 0; at < value.Words.Length; at++)
            writer.WriteString(Names[value.Groups[at]], value.Words[at]);
        writer.WriteEndObject();
    }
}
