using System.Text.Json;
using Analytics.Http;

namespace Analytics.Features.Ingestion;

/// <summary>What an API request must satisfy, a row a rule, as <see cref="EventRules"/> has them.</summary>
static class RequestRules
{
    public const int LongestMethod = 32;
    const int LongestPath = 2_048;
    const int LongestUserAgent = 512;
    const long MostBytes = 1L << 53;

    // Of a millisecond; what is finer than a microsecond is cut off.
    const int Decimals = 3;
    const long LatencyEnd = 1_000_000_000_000;

    static ReadOnlySpan<byte> Anonymous => "anonymous"u8;

    public static readonly (string Title, Action<RequestDraft> Check)[] All =
    [
        ("method: 1 to 32 letters, digits, - and _", Method),
        ("path: 1 to 2 048 characters without control characters", Path),
        ("route: 1 to 255 characters", draft => draft.Route = Id(draft, RequestMember.Route)),
        ("statusCode: an integer from 100 to 599", Status),
        ("latencyMs: a number from 0 to below 1e9", Latency),
        ("timestamp: milliseconds since 1970 or RFC 3339, from 2000 to five minutes from now", Timestamp),
        ("customerId: 1 to 255 characters; anonymous is nobody", Customer),
        ("apiKeyId: 1 to 255 characters", draft => draft.ApiKey = Id(draft, RequestMember.ApiKeyId)),
        ("productId: 1 to 255 characters", draft => draft.Product = Id(draft, RequestMember.ProductId)),
        ("requestSize: an integer from 0 to 2^53", draft => draft.RequestSize = Integer(draft, RequestMember.RequestSize, 0, MostBytes)),
        ("responseSize: an integer from 0 to 2^53", draft => draft.ResponseSize = Integer(draft, RequestMember.ResponseSize, 0, MostBytes)),
        ("userAgent: a text, cut at 512 characters", UserAgent),
        ("ip: a text, of which the first address counts", Ip),
        ("requestId: 1 to 255 characters", draft => draft.ExternalId = Id(draft, RequestMember.RequestId)),
    ];

    static void Method(RequestDraft draft)
    {
        var slice = draft[RequestMember.Method];
        if (slice.IsAbsent)
            draft.Refuse(RequestMember.Method, Codes.Required, "A request has a method.");
        else if (!FactRules.TryText(draft, slice, "/method", LongestMethod, out var text))
            return;
        else if (!RequestTarget.IsMethod(text.Span))
            draft.Refuse(RequestMember.Method, Codes.Format, "A method has letters, digits, - and _ only.");
        else
            draft.Method = RequestTarget.InCapitals(text);
    }

    static void Path(RequestDraft draft)
    {
        if (draft[RequestMember.Path].IsAbsent)
            draft.Refuse(RequestMember.Path, Codes.Required, "A request has a path.");
        else if (!TryText(draft, RequestMember.Path, out var text))
            return;
        // The limit is the path's: what is cut off may be as long as it likes.
        else if (RequestTarget.PathOf(text) is var path && (text.IsEmpty || JsonText.Count(path.Span) > LongestPath))
            draft.Refuse(RequestMember.Path, Codes.Length, $"A path has 1 to {LongestPath} characters.");
        else if (JsonText.IsBlank(text.Span))
            draft.Refuse(RequestMember.Path, Codes.Blank, "A path is not blank.");
        else if (RequestTarget.HasControls(text.Span))
            draft.Refuse(RequestMember.Path, Codes.Format, "A path has no control characters.");
        else
            draft.Path = RequestTarget.Rooted(path);
    }

    static void Status(RequestDraft draft)
    {
        if (draft[RequestMember.StatusCode].IsAbsent)
            draft.Refuse(RequestMember.StatusCode, Codes.Required, "A request has a status code.");
        draft.Status = (short)Integer(draft, RequestMember.StatusCode, 100, 599);
    }

    static void Latency(RequestDraft draft)
    {
        var slice = draft[RequestMember.LatencyMs];
        if (slice.IsAbsent)
            draft.Refuse(RequestMember.LatencyMs, Codes.Required, "A request has a latency.");
        else if (slice.Kind != JsonTokenType.Number)
            draft.Refuse(RequestMember.LatencyMs, Codes.Type, "latencyMs is a number.");
        else if (JsonNumber.TryScale(slice.In(draft.Body), Decimals, out var microseconds, out _) && microseconds < LatencyEnd)
            draft.Latency = microseconds;
        else
            draft.Refuse(RequestMember.LatencyMs, Codes.Range, "latencyMs is not negative and smaller than 1000000000.");
    }

    static void Timestamp(RequestDraft draft)
    {
        var slice = draft[RequestMember.Timestamp];
        if (slice.Kind != JsonTokenType.Number)
            FactRules.Timestamp(draft, slice, kinds: "milliseconds since 1970, or a string");
        else if (JsonNumber.TryScale(slice.In(draft.Body), Decimals, out var microseconds, out _))
            FactRules.Timestamp(draft, microseconds);
        else
            draft.Refuse(RequestMember.Timestamp, Codes.Range, "A timestamp is in milliseconds since 1970.");
    }

    // Who sends for one customer only sends for that one, also where it says that nobody is there.
    static void Customer(RequestDraft draft)
    {
        var id = Id(draft, RequestMember.CustomerId);
        var isNobody = id.IsEmpty || id.Span.SequenceEqual(Anonymous);
        if (draft.Scope.Bound is not { } bound)
            draft.ExternalCustomerId = isNobody ? default : id;
        else if (isNobody || FactRules.IsText(id.Span, bound.Id.ToString()))
            draft.CustomerId = bound.Id;
        else if (FactRules.IsText(id.Span, bound.ExternalId))
            draft.ExternalCustomerId = id;
        else
            draft.Refuse(RequestMember.CustomerId, Codes.OtherCustomer, "The key writes for its own customer only.");
    }

    static void UserAgent(RequestDraft draft)
    {
        if (!TryText(draft, RequestMember.UserAgent, out var text))
            return;
        var kept = text[..JsonText.BytesOf(text.Span, LongestUserAgent)];
        if (!RequestTarget.IsNone(kept.Span))
            draft.UserAgent = kept;
    }

    static void Ip(RequestDraft draft)
    {
        if (TryText(draft, RequestMember.Ip, out var text))
            draft.Address = ClientAddress.NetworkOf(text.Span);
    }

    static ReadOnlyMemory<byte> Id(RequestDraft draft, RequestMember member) =>
        FactRules.Id(draft, draft[member], RequestDraft.Pointers[(int)member]);

    /// <summary>A text of any length that can be stored; false when it is left out or refused.</summary>
    static bool TryText(RequestDraft draft, RequestMember member, out ReadOnlyMemory<byte> text)
    {
        text = default;
        var slice = draft[member];
        if (slice.IsAbsent)
            return false;
        var fault = slice.Escaped ? JsonText.Inspect(slice.In(draft.Body), slice.Escaped, out _) : TextFault.None;
        if (slice.Kind != JsonTokenType.String)
            draft.Refuse(member, Codes.Type, $"{RequestDraft.NameOf(member)} is a string.");
        else if (fault != TextFault.None)
            draft.Refuse(member, FactRules.CodeOf(fault), FactRules.Words(fault));
        else
            text = slice.Escaped ? slice.Unescaped(draft.Body) : draft.Body.AsMemory(slice.Start, slice.Length);
        return slice.Kind == JsonTokenType.String && fault == TextFault.None;
    }

    /// <summary>0 when it is left out or refused.</summary>
    static long Integer(RequestDraft draft, RequestMember member, long least, long most)
    {
        var slice = draft[member];
        if (slice.IsAbsent)
            return 0;
        if (slice.Kind != JsonTokenType.Number)
            draft.Refuse(member, Codes.Type, $"{RequestDraft.NameOf(member)} is a number.");
        else if (JsonNumber.TryScale(slice.In(draft.Body), 0, out var value, out var isCut) && !isCut && value >= least && value <= most)
            return value;
        else
            draft.Refuse(member, Codes.Range, $"{RequestDraft.NameOf(member)} is an integer from {least} to {most}.");
        return 0;
    }
}
