using System.Text;
using System.Text.Json;
using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Time;

namespace Analytics.Features.Ingestion;

/// <summary>The members of metadata that mean something to us: what they cost, which model worked, what reserved names need.</summary>
static class SpecialMetadata
{
    static readonly byte[][] CostMembers = [[.. "amount"u8], [.. "currency"u8]];

    static readonly byte[][] LlmMembers =
    [
        [.. "vendor"u8], [.. "model"u8], [.. "input_tokens"u8], [.. "output_tokens"u8], [.. "total_tokens"u8],
        [.. "cached_input_tokens"u8], [.. "prompt"u8], [.. "response"u8],
    ];

    public static void Cost(EventDraft draft)
    {
        Span<JsonSlice> members = stackalloc JsonSlice[CostMembers.Length];
        if (!TryObject(draft, "_cost"u8, "/metadata/_cost", CostMembers, members))
            return;

        const string amountAt = "/metadata/_cost/amount", currencyAt = "/metadata/_cost/currency";
        var (amount, currency) = (members[0], members[1]);
        if (amount.IsAbsent)
            draft.Refuse(amountAt, Codes.Required, "A cost has an amount.");
        else if (amount.Kind is not (JsonTokenType.Number or JsonTokenType.String))
            draft.Refuse(amountAt, Codes.Type, "An amount is a number, or a string that holds one.");
        else if (DecimalUnits.TryParseAmount(amount.Content(draft.Body), out var units)
            && JsonNumber.IsStorable(amount.Content(draft.Body)))
            draft.Cost = units;
        else
            draft.Refuse(amountAt, Codes.Range, "An amount has at most 12 decimals and is smaller than 1000000000 either way.");

        if (currency.IsAbsent)
            draft.Refuse(currencyAt, Codes.Required, "A cost has a currency.");
        else if (currency.Kind != JsonTokenType.String)
            draft.Refuse(currencyAt, Codes.Type, "A currency is a string.");
        else if (!IsCurrency(currency, draft))
            draft.Refuse(currencyAt, Codes.Currency, $"The workspace counts in {draft.Scope.Currency}.");
    }

    public static void Llm(EventDraft draft)
    {
        Span<JsonSlice> members = stackalloc JsonSlice[LlmMembers.Length];
        if (!TryObject(draft, "_llm"u8, "/metadata/_llm", LlmMembers, members))
            return;

        (draft.Vendor, draft.Model) = (members[0], members[1]);
        Text(draft, members[0], "/metadata/_llm/vendor", required: true, MetadataReader.LongestString);
        Text(draft, members[1], "/metadata/_llm/model", required: true, MetadataReader.LongestString);
        var input = Count(draft, members[2], "/metadata/_llm/input_tokens", required: true);
        var output = Count(draft, members[3], "/metadata/_llm/output_tokens", required: true);
        var total = Count(draft, members[4], "/metadata/_llm/total_tokens", required: false);
        var cached = Count(draft, members[5], "/metadata/_llm/cached_input_tokens", required: false);
        Text(draft, members[6], "/metadata/_llm/prompt", required: false, mayBeEmpty: true);
        Text(draft, members[7], "/metadata/_llm/response", required: false, mayBeEmpty: true);
        // Where it was left out it is written into what is stored; beyond the limit it is not aggregated, like any number.
        if (members[4].IsAbsent && input + output is { } sum)
        {
            draft.TotalToStore = (long)(sum / DecimalUnits.One);
            total = draft.TotalToStore <= JsonNumber.MaxCounted ? sum : null;
        }
        draft.Tokens = new TokenCounts(input, output, total, cached);
    }

    public static void Reserved(EventDraft draft)
    {
        if (draft.Name?.Reserved is not { } name || !draft.MetadataMembers.IsWithinLimits)
            return;
        foreach (var member in name.Members)
        {
            var value = draft.MetadataMembers.Find(member.Utf8);
            switch (member.Kind)
            {
                case MemberKind.Text when IsPlainId(draft, value):
                    break;
                case MemberKind.Text:
                    Text(draft, value, "/metadata/" + member.Name, member.Required);
                    break;
                case MemberKind.Count:
                    Count(draft, value, "/metadata/" + member.Name, member.Required);
                    break;
                case MemberKind.Instant:
                    Instant(draft, value, "/metadata/" + member.Name, member.Required);
                    break;
            }
        }
    }

    static bool TryObject(EventDraft draft, ReadOnlySpan<byte> name, string pointer, byte[][] names, Span<JsonSlice> members)
    {
        var slice = draft.MetadataMembers.Find(name);
        if (slice.IsAbsent || !draft.MetadataMembers.IsWithinLimits)
            return false;
        if (slice.Kind != JsonTokenType.StartObject)
        {
            draft.Refuse(pointer, Codes.Type, $"{Encoding.UTF8.GetString(name)} is an object.");
            return false;
        }
        slice.Members(draft.Body, names, members);
        return true;
    }

    static bool IsCurrency(JsonSlice currency, EventDraft draft) =>
        currency.Length <= 6 * draft.Scope.Currency.Length
        && currency.Text(draft.Body).Equals(draft.Scope.Currency, StringComparison.OrdinalIgnoreCase);

    // Nearly every id: spares making its pointer.
    static bool IsPlainId(EventDraft draft, JsonSlice value) =>
        value is { Kind: JsonTokenType.String, Escaped: false, Length: <= FactRules.LongestId } && !JsonText.IsBlank(value.In(draft.Body));

    static void Text(
        EventDraft draft, JsonSlice value, string pointer, bool required, int longest = FactRules.LongestId, bool mayBeEmpty = false)
    {
        if (IsMissing(draft, value, pointer, required) || IsPlainId(draft, value))
            return;
        if (value.Kind != JsonTokenType.String)
            draft.Refuse(pointer, Codes.Type, $"{pointer["/metadata/".Length..]} is a string.");
        else if (mayBeEmpty || JsonText.Inspect(value.In(draft.Body), value.Escaped, out var characters) != TextFault.None)
            return;
        // One that is too long for any metadata has been told already.
        else if (characters == 0 || (characters > longest && characters <= MetadataReader.LongestString))
            draft.Refuse(pointer, Codes.Length, $"{pointer["/metadata/".Length..]} has 1 to {longest} characters.");
        else if (string.IsNullOrWhiteSpace(value.Text(draft.Body)))
            draft.Refuse(pointer, Codes.Blank, $"{pointer["/metadata/".Length..]} is not blank.");
    }

    static Int128? Count(EventDraft draft, JsonSlice value, string pointer, bool required)
    {
        if (IsMissing(draft, value, pointer, required))
            return null;
        if (value.Kind != JsonTokenType.Number)
            draft.Refuse(pointer, Codes.Type, $"{pointer["/metadata/".Length..]} is a number.");
        else if (JsonNumber.TryCount(value.In(draft.Body), out var units))
            return units;
        else
            draft.Refuse(pointer, Codes.Range, $"{pointer["/metadata/".Length..]} is an integer from 0 to {JsonNumber.MaxCounted}.");
        return null;
    }

    static void Instant(EventDraft draft, JsonSlice value, string pointer, bool required)
    {
        if (IsMissing(draft, value, pointer, required))
            return;
        if (value.Kind != JsonTokenType.String)
            draft.Refuse(pointer, Codes.Type, $"{pointer["/metadata/".Length..]} is a string.");
        else if (!Rfc3339.TryParse(value.Content(draft.Body), out _))
            draft.Refuse(pointer, Codes.Format, $"{pointer["/metadata/".Length..]} is RFC 3339 with an offset.");
    }

    static bool IsMissing(EventDraft draft, JsonSlice value, string pointer, bool required)
    {
        if (value.IsAbsent && required)
            draft.Refuse(pointer, Codes.Required, $"{pointer["/metadata/".Length..]} is missing.");
        return value.IsAbsent;
    }
}
