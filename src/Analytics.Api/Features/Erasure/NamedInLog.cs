using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Features.Erasure;

/// <summary>Who did it and to whom, as an event says for the log: an erased person has its pseudonym there.</summary>
static class NamedInLog
{
    static readonly string[] Sides = ["actor", "target"];

    // Parts of the words by which a type says that it is a person.
    static readonly string[] OfPeople = ["customer", "user", "person", "member", "account", "client"];

    /// <summary>The metadata with pseudonyms; null when it names nobody who is erased.</summary>
    public static string? Renamed(string metadata, ErasedNames names)
    {
        if (JsonNode.Parse(metadata) is not JsonObject said || said["_log"] is not JsonObject log)
            return null;
        var isNamed = false;
        foreach (var side in Sides)
            if (log[$"{side}_id"] is JsonValue id && id.GetValueKind() is JsonValueKind.String or JsonValueKind.Number
                && names.IsName($"{id}", out var pseudonym) && IsMeant(log[$"{side}_type"], $"{id}".Trim()))
                (log[$"{side}_id"], isNamed) = (pseudonym, true);
        return isNamed ? said.ToJsonString() : null;
    }

    // Invoice 42 is not the customer 42.
    static bool IsMeant(JsonNode? type, string id) =>
        type is not JsonValue said || said.GetValueKind() != JsonValueKind.String
        || Array.Exists(OfPeople, word => $"{said}".Contains(word, StringComparison.OrdinalIgnoreCase))
        || (ErasedNames.IsTelling(id) && !id.All(char.IsAsciiDigit));
}
