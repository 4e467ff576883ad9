using System.Text.Json;
using Analytics.Http;

namespace Analytics.Features.Ingestion;

/// <summary>What an invocation must satisfy, a row a rule, as <see cref="EventRules"/> has them.</summary>
static class InvocationRules
{
    public const int LongestPath = 2_048;
    public const int LongestError = 2_048;

    // Of a millisecond; what is finer than a microsecond is cut off.
    const int Decimals = 3;
    const long MicrosecondsEach = 1_000;

    public static readonly (string Title, Action<InvocationDraft> Check)[] All =
    [
        ("method: 1 to 32 letters, digits, - and _", Method),
        ("path: 1 to 2 048 characters", draft => draft.Path = Required(draft, InvocationMember.Path, LongestPath)),
        ("username: 1 to 255 characters, or null for nobody", Username),
        ("startedAt: RFC 3339, from 2000 to five minutes from now", StartedAt),
        ("durationMs: a number from 0 on", Duration),
        ("statusCode: an integer from 100 to 599", draft => draft.Status = (short)Integer(draft, InvocationMember.StatusCode, 100, 599)),
        ("memoryPeakBytes: an integer from 0 to 2^63 - 1",
            draft => draft.Memory = Integer(draft, InvocationMember.MemoryPeakBytes, 0, long.MaxValue)),
        ("error: a text, cut at 2 048 characters; an empty one is none", Error),
        ("externalId: 1 to 255 characters", draft => draft.ExternalId =
            FactRules.Id(draft, draft[InvocationMember.ExternalId], InvocationDraft.PointerOf(InvocationMember.ExternalId))),
    ];

    static void Method(InvocationDraft draft)
    {
        var text = Required(draft, InvocationMember.Method, RequestRules.LongestMethod);
        if (text.IsEmpty)
            return;
        if (RequestTarget.IsMethod(text.Span))
            draft.Method = RequestTarget.InCapitals(text);
        else
            draft.Refuse(InvocationMember.Method, Codes.Format, "A method has letters, digits, - and _ only.");
    }

    // Somebody has to be named, but it may be nobody.
    static void Username(InvocationDraft draft)
    {
        if (draft[InvocationMember.Username].Kind != JsonTokenType.Null)
            draft.Username = Required(draft, InvocationMember.Username, FactRules.LongestId);
    }

    static void StartedAt(InvocationDraft draft)
    {
        if (IsThere(draft, InvocationMember.StartedAt))
            FactRules.Timestamp(draft, draft[InvocationMember.StartedAt], InvocationDraft.PointerOf(InvocationMember.StartedAt));
    }

    static void Duration(InvocationDraft draft)
    {
        if (!IsThere(draft, InvocationMember.DurationMs))
            return;
        var slice = draft[InvocationMember.DurationMs];
        if (slice.Kind != JsonTokenType.Number)
            draft.Refuse(InvocationMember.DurationMs, Codes.Type, "durationMs is a number.");
        else if (JsonNumber.TryInteger(slice.In(draft.Body), out var whole) && whole is >= 0 and <= long.MaxValue / MicrosecondsEach)
            draft.Duration = whole * MicrosecondsEach;
        else if (JsonNumber.TryScale(slice.In(draft.Body), Decimals, out var microseconds, out _))
            draft.Duration = microseconds;
        else
            draft.Refuse(
                InvocationMember.DurationMs, Codes.Range, $"durationMs is a number from 0 to {long.MaxValue / MicrosecondsEach}.");
    }

    static void Error(InvocationDraft draft)
    {
        var slice = draft[InvocationMember.Error];
        if (slice.IsAbsent || (slice.Kind == JsonTokenType.String && slice.Length == 0))
            return;
        var fault = slice.Kind == JsonTokenType.String ? JsonText.Inspect(slice.In(draft.Body), slice.Escaped, out _) : TextFault.None;
        if (slice.Kind != JsonTokenType.String)
            draft.Refuse(InvocationMember.Error, Codes.Type, "error is a string.");
        else if (fault != TextFault.None)
            draft.Refuse(InvocationMember.Error, FactRules.CodeOf(fault), FactRules.Words(fault));
        else if ((slice.Escaped ? slice.Unescaped(draft.Body) : draft.Body.AsMemory(slice.Start, slice.Length)) is var text)
            draft.Error = text[..JsonText.BytesOf(text.Span, LongestError)];
    }

    static ReadOnlyMemory<byte> Required(InvocationDraft draft, InvocationMember member, int longest) =>
        IsThere(draft, member) && FactRules.TryText(draft, draft[member], InvocationDraft.PointerOf(member), longest, out var text)
        ? text : default;

    static long Integer(InvocationDraft draft, InvocationMember member, long least, long most)
    {
        if (!IsThere(draft, member))
            return 0;
        var (slice, name) = (draft[member], InvocationDraft.PointerOf(member)[1..]);
        if (slice.Kind != JsonTokenType.Number)
            draft.Refuse(member, Codes.Type, $"{name} is a number.");
        else if (JsonNumber.TryInteger(slice.In(draft.Body), out var value) && value >= least && value <= most)
            return value;
        else
            draft.Refuse(member, Codes.Range, $"{name} is an integer from {least} to {most}.");
        return 0;
    }

    static bool IsThere(InvocationDraft draft, InvocationMember member)
    {
        if (!draft[member].IsAbsent)
            return true;
        draft.Refuse(member, Codes.Required, $"An invocation has {InvocationDraft.PointerOf(member)[1..]}.");
        return false;
    }
}
