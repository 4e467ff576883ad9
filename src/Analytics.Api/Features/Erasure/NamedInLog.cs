using System.Text.Json;
using System.Text.Json.Nodes;

namespace Analytics.Features.Erasure;

/// <summary>Who did it and to whom, as an event says for the log: an erased person has its pseudonym there.</summary>
static class NamedInLog
{
    static readonly string[] Members = ["actor_id", "target_id"];

    /// <summary>The metadata with pseudonyms; null when it names nobody who is erased.</summary>
    public static string? Renamed(string metadata, ErasedNames names)
    {
        if (JsonNode.Parse(metadata) is not JsonObject said || said["_log"] is not JsonObject log)
            return null;
        var isNamed = false;
        foreach (var member in Members)
            if (log[member] is JsonValue id && id.GetValueKind() is JsonValueKind.String or JsonValueKind.Number
                && names.IsName($"{id}", out var pseudonym))
                (log[member], isNamed) = (pseudonym, true);
        return isNamed ? said.ToJsonString() : null;
    }
}
