using System.Text;
using System.Text.Json;
using Analytics.Time;

namespace Analytics.Features.Ingestion;

/// <summary>What the rules of every kind of fact have in common.</summary>
static class FactRules
{
    public const int LongestId = 255;
    const long Microseconds = 1_000_000;
    const long MaxAhead = 5 * 60 * Microseconds;
    static readonly long Earliest = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() * Microseconds;

    const string UsualPointer = "/timestamp";

    /// <summary>A text with RFC 3339, within the bounds of time; <paramref name="kinds"/> says what else a timestamp may be.</summary>
    public static void Timestamp(FactDraft draft, JsonSlice slice, string pointer = UsualPointer, string kinds = "a string")
    {
        if (slice.IsAbsent)
            return;
        if (slice.Kind != JsonTokenType.String)
            draft.Refuse(pointer, Codes.Type, $"A timestamp is {kinds}.");
        else if (!Rfc3339.TryParse(slice.Content(draft.Body), out var microseconds))
            draft.Refuse(pointer, Codes.Format, "A timestamp is RFC 3339 with an offset, like 2026-03-27T10:00:00Z.");
        else
            Timestamp(draft, microseconds, pointer);
    }

    /// <summary>A time within the bounds: neither before 2000 nor more than five minutes from now.</summary>
    public static void Timestamp(FactDraft draft, long microseconds, string pointer = UsualPointer)
    {
        if (microseconds < Earliest)
            draft.Refuse(pointer, Codes.Range, "A timestamp is not before 2000-01-01.");
        else if (microseconds > draft.Scope.Now + MaxAhead)
            draft.Refuse(pointer, Codes.Range, "A timestamp is at most five minutes in the future.");
        else
            draft.Timestamp = microseconds;
    }

    /// <summary>An id, empty when none was sent or it is refused.</summary>
    public static ReadOnlyMemory<byte> Id(FactDraft draft, JsonSlice slice, string pointer) =>
        !slice.IsAbsent && TryText(draft, slice, pointer, LongestId, out var text) ? text : default;

    /// <summary>
    /// A string of 1 to <paramref name="longest"/> characters, not all of them blanks, that can be stored; says what is wrong otherwise.
    /// </summary>
    public static bool TryText(FactDraft draft, JsonSlice slice, string pointer, int longest, out ReadOnlyMemory<byte> text)
    {
        text = default;
        if (slice.Kind != JsonTokenType.String)
        {
            draft.Refuse(pointer, Codes.Type, $"{pointer[1..]} is a string.");
            return false;
        }
        var fault = JsonText.Inspect(slice.In(draft.Body), slice.Escaped, out var characters);
        if (characters == 0 || characters > longest)
            draft.Refuse(pointer, Codes.Length, $"{pointer[1..]} has 1 to {longest} characters.");
        if (fault != TextFault.None)
            draft.Refuse(pointer, CodeOf(fault), Words(fault));
        if (characters == 0 || characters > longest || fault != TextFault.None)
            return false;

        text = slice.Escaped ? slice.Unescaped(draft.Body) : draft.Body.AsMemory(slice.Start, slice.Length);
        if (!JsonText.IsBlank(text.Span))
            return true;
        draft.Refuse(pointer, Codes.Blank, $"{pointer[1..]} is not blank.");
        return false;
    }

    public static string CodeOf(TextFault fault) => fault == TextFault.Nul ? Codes.Nul : Codes.Surrogate;

    public static string Words(TextFault fault) =>
        fault == TextFault.Nul ? "A text holds no NUL character." : "A text holds no half of a surrogate pair.";

    /// <summary>Whether it is that text; the same characters make the same bytes.</summary>
    public static bool IsText(ReadOnlySpan<byte> utf8, string? text) => text is not null && Encoding.UTF8.GetString(utf8) == text;
}
