using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using Analytics.Storage.Business;
using Analytics.Storage.Schema;

namespace Analytics.Features.Erasure;

/// <summary>
/// What an erased person is called by, and the pseudonym that takes the place of each: every id it ever had, unless somebody else has it
/// now, and its email and its name where nobody else is called so. Found under the workspace's lock, before the ids are forgotten; kept
/// with the job until it is done.
/// </summary>
sealed class ErasedNames
{
    /// <summary>The field that says whose facts are, as questions call it.</summary>
    public const string Customer = "customer";

    // Whatever stands there is somebody's name and no other word.
    static readonly string[] OfPeople = [Customer, "_log.actor_id"];

    readonly Dictionary<string, string> ids;
    readonly Dictionary<string, string> calls;
    readonly Regex inText;

    /// <param name="ids">Pseudonyms by ids, which mind upper and lower case.</param>
    /// <param name="calls">Pseudonyms by what does not: the UUID, the email and the name.</param>
    ErasedNames(Dictionary<string, string> ids, IEnumerable<KeyValuePair<string, string>> calls)
    {
        this.ids = ids;
        this.calls = new(calls, StringComparer.OrdinalIgnoreCase);
        inText = new(
            $@"(?<!\w)({Telling(ids.Keys)}|(?i:{Telling(this.calls.Keys)}))(?!\w)",
            RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
    }

    /// <summary>Every name, as it was spelled.</summary>
    public string[] All => [.. ids.Keys, .. calls.Keys];

    /// <summary>Every name as it was spelled, and in lower case where that is the same.</summary>
    public string[] Spelled => [.. ids.Keys.Select(id => id.Trim()), .. calls.Keys, .. calls.Keys.Select(call => call.ToLowerInvariant())];

    /// <summary>The pseudonyms by the ids that mind upper and lower case, as JSON.</summary>
    public string Ids => JsonSerializer.Serialize(ids);

    /// <summary>The pseudonyms by what does not mind it, in lower case, as JSON.</summary>
    public string Calls => JsonSerializer.Serialize(calls.ToDictionary(call => call.Key.ToLowerInvariant(), call => call.Value));

    /// <summary>What keeps the names for as long as the job takes, as JSON.</summary>
    public string Kept => $"[{Ids},{Calls}]";

    /// <summary>In SQL the pseudonym of a field's value, in JSON too; null of one that is no name.</summary>
    /// <param name="value">A JSON value.</param>
    /// <param name="field">The field, as questions call it.</param>
    /// <param name="ids">What <see cref="Ids"/> gives.</param>
    /// <param name="calls">What <see cref="Calls"/> gives.</param>
    public static string PseudonymSql(string value, string field, string ids, string calls) => $"""
        case when jsonb_typeof({value}) = 'string' and {IsMeantSql(field, $"btrim({value} #>> array[]::text[])")} then coalesce(
            {ids}::jsonb -> ({value} #>> array[]::text[]),
            {ids}::jsonb -> btrim({value} #>> array[]::text[]),
            {calls}::jsonb -> lower(btrim({value} #>> array[]::text[])))
        end
        """;

    /// <summary>The names of a customer, after its people got their pseudonyms.</summary>
    /// <param name="customer">Who is erased.</param>
    /// <param name="pseudonyms">What each of its ids became.</param>
    /// <param name="shared">Which of its email and its name somebody else is called by too.</param>
    public static ErasedNames Of(Customer customer, IReadOnlyDictionary<string, string> pseudonyms, IReadOnlyCollection<string> shared)
    {
        var others = pseudonyms.Where(named => named.Key != $"{customer.Id}").ToDictionary();
        var (pseudonym, calls) = (pseudonyms[$"{customer.Id}"], new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
        foreach (var call in (string[])[$"{customer.Id}", customer.Email?.Trim() ?? "", TellingName(customer.Name?.Trim() ?? "")])
            if (call != "" && !shared.Contains(call))
                calls.TryAdd(call, pseudonym);
        return new(others, calls);
    }

    /// <summary>Those that a job kept; none when it keeps none any more.</summary>
    public static ErasedNames OfKept(string? kept) =>
        JsonSerializer.Deserialize<Dictionary<string, string>[]>(kept ?? "[{},{}]") is [var keptIds, var keptCalls]
            ? new(keptIds, keptCalls)
            : throw new InvalidOperationException("An erasure keeps names that are no names.");

    /// <summary>Whether a text is one of the names, with blanks around it or not; and its pseudonym.</summary>
    public bool IsName(string text, [NotNullWhen(true)] out string? pseudonym) =>
        ids.TryGetValue(text, out pseudonym)
        || ids.TryGetValue(text.Trim(), out pseudonym)
        || calls.TryGetValue(text.Trim(), out pseudonym);

    /// <summary>The value of a field, or the pseudonym when the person is meant by it.</summary>
    public string Renamed(string field, string value) =>
        IsMeant(field, value.Trim()) && IsName(value, out var pseudonym) ? pseudonym : value;

    /// <summary>What events or a field are called. Those called by a word or by a number are no person, whoever is called so too.</summary>
    public string RenamedTerm(string term) =>
        term.Any(char.IsLetter) && !term.All(IsOfWord) && IsName(term, out var pseudonym) ? pseudonym : term;

    /// <summary>A text in which names may stand among others.</summary>
    public string InText(string text) =>
        inText.Replace(text, found => IsName(found.Value, out var pseudonym) ? pseudonym : found.Value);

    /// <summary>Whether a name says by itself who is meant: whoever is called 7 is not meant by seven days.</summary>
    public static bool IsTelling(string name) => name.Length > 5 || (name.Length > 2 && !name.All(char.IsAsciiDigit));

    static string Telling(IEnumerable<string> names)
    {
        var telling = names.Where(IsTelling).OrderByDescending(name => name.Length).Select(Regex.Escape).ToList();
        return telling.Count > 0 ? string.Join('|', telling) : "(?!)";
    }

    static bool IsMeant(string field, string name) =>
        OfPeople.Contains(field) || (IsTelling(name) && !StayingTexts.OfAny.Contains(field));

    static string IsMeantSql(string field, string name) => $"""
        case
            when {field} in ('{string.Join("', '", OfPeople)}') then true
            when {field} in ('{string.Join("', '", StayingTexts.OfAny)}') then false
            else length({name}) > 5 or (length({name}) > 2 and {name} !~ '^[0-9]*$')
        end
        """;

    static bool IsOfWord(char c) => char.IsLetter(c) || c is '_' or '.' or '-';

    // Whoever is called Ann may be any Ann.
    static string TellingName(string name) => name.Length > 5 || name.Contains(' ', StringComparison.Ordinal) ? name : "";
}
