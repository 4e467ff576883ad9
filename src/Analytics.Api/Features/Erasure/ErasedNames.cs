using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// What an erased person is called by in questions and findings: every id it ever had, unless somebody else has it now, and its email. The
/// pseudonym takes their place. Found under the workspace's lock, before the ids are forgotten.
/// </summary>
sealed class ErasedNames
{
    const string FormerSql = """
        select external_id
        from former_external_ids former
        where workspace_id = $1
          and customer_id = $2
          and not exists (
              select
              from customers
              where workspace_id = $1
                and external_id = former.external_id)
        """;

    readonly Regex inText;

    ErasedNames(string[] all, Guid pseudonym)
    {
        (All, Pseudonym) = (all, $"{pseudonym}");
        var telling = all.Where(IsTelling).OrderByDescending(name => name.Length).Select(Regex.Escape);
        inText = new(@"(?<!\w)(" + string.Join('|', telling) + @")(?!\w)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
    }

    public string[] All { get; }

    public string Pseudonym { get; }

    public static async Task<ErasedNames> FindAsync(
        NpgsqlConnection connection, Customer customer, Guid pseudonym, CancellationToken cancel)
    {
        var former = await connection.QueryAsync(FormerSql, [customer.WorkspaceKey, customer.Id], row => row.GetString(0), cancel);
        var id = $"{customer.Id}";
        return new([id, id.ToUpperInvariant(), .. former, .. new[] { customer.ExternalId, customer.Email }.OfType<string>()], pseudonym);
    }

    /// <summary>A text in which a name may stand among others.</summary>
    public string InText(string text) => inText.Replace(text, Pseudonym);

    /// <summary>A question whose filters may look for the person.</summary>
    public string InFilters(string query)
    {
        var asked = JsonNode.Parse(query)!;
        foreach (var filter in asked["filters"] as JsonArray ?? [])
            if (filter!["value"] is JsonArray values)
                for (var at = 0; at < values.Count; at++)
                    values[at] = InFilter(values[at]);
            else
                filter["value"] = InFilter(filter["value"]);
        return asked.ToJsonString();
    }

    // Whoever is called 7 is not meant by seven days.
    static bool IsTelling(string name) => name.Length > 5 || (name.Length > 2 && !name.All(char.IsAsciiDigit));

    // A filter may look for the name within a text.
    JsonNode? InFilter(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var said) && !All.Contains(said)
        ? JsonValue.Create(InText(said))
        : Renamed(value);

    /// <summary>The value, or the pseudonym when it is one of the names.</summary>
    public JsonNode? Renamed(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var name) && All.Contains(name)
        ? JsonValue.Create(Pseudonym)
        : value?.DeepClone();
}
