using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Analytics.Contract;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Analytics.Http;

/// <summary>One page of a list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Data, PageMeta Meta);

/// <summary>Makes pages.</summary>
static class Page
{
    /// <summary>A page from rows read one beyond the limit, which says whether there is more.</summary>
    public static Page<T> Of<T>(List<T> rows, PageRequest page, Func<T, object?[]> keys)
    {
        var hasMore = rows.Count > page.Limit;
        if (hasMore)
            rows.RemoveRange(page.Limit, rows.Count - page.Limit);
        return new(rows, new PageMeta(hasMore ? page.Cursor(keys(rows[^1])) : null));
    }
}

/// <summary>Where the list goes on.</summary>
/// <param name="NextCursor">The <c>cursor</c> of the page after this one; null on the last.</param>
public sealed record PageMeta(string? NextCursor);

/// <summary>The page a request asks for: how many rows, in which order, after which row.</summary>
sealed record PageRequest(int Limit, string Sort, bool Descending, PageCursor? After, SignedCursors Cursors)
{
    public const int DefaultLimit = 50;
    public const int LargestLimit = 1000;

    /// <summary>The cursor that goes on after the row with these sort keys (the last of them its id).</summary>
    public string Cursor(params IEnumerable<object?> keys) => Cursors.Text([Order, .. keys.Select(PageCursor.KeyText)]);

    string Order => (Descending ? "-" : "") + Sort;

    /// <summary>Reads limit, sort and cursor; what is wrong with them goes to <paramref name="problems"/>.</summary>
    public static PageRequest Read(
        IQueryCollection query, string defaultSort, IReadOnlyList<string> sorts, SignedCursors cursors, List<Problem> problems)
    {
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var limits)
            && (!int.TryParse(limits, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LargestLimit))
            problems.Add(new("limit", "range", $"limit must be 1 to {LargestLimit}."));

        var sort = query.TryGetValue("sort", out var given) ? given.ToString() : defaultSort;
        var field = sort.TrimStart('+').StartsWith('-') ? sort[1..] : sort;
        if (sorts.Count == 0 && sort != defaultSort)
            problems.Add(new("sort", "unknown_field", $"There is no other order than {defaultSort}."));
        else if (sorts.Count > 0 && !sorts.Contains(field))
            problems.Add(new(
                "sort", "unknown_field", "sort must be one of " + string.Join(", ", sorts) + ", with - in front for descending."));

        PageCursor? after = null;
        if (query.TryGetValue("cursor", out var cursor) && (after = PageCursor.Read(cursors.Read(cursor.ToString()), sort)) is null)
            problems.Add(PageCursor.Garbage);
        return new PageRequest(limit, field, sort.StartsWith('-'), after, cursors);
    }
}

/// <summary>The sort keys of the last row of a page, as the client hands them back.</summary>
sealed class PageCursor
{
    public static readonly Problem Garbage = new(
        "cursor", "cursor", "cursor must be the one that meta of the page before holds, of the same list in the same order.");

    readonly string?[] keys;

    PageCursor(string?[] keys) => this.keys = keys;

    public string Text(int at) => Key(at);

    public Guid Guid(int at) => System.Guid.TryParse(Key(at), out var id) ? id : throw Bad();

    public long Long(int at) => long.TryParse(Key(at), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Bad();

    public Int128 Whole(int at) => Int128.TryParse(Key(at), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Bad();

    public DateTimeOffset Instant(int at) =>
        DateTimeOffset.TryParseExact(Key(at), "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant.ToUniversalTime()
            : throw Bad();

    /// <summary>Whether the last row had no such key.</summary>
    public bool IsNull(int at) => at < keys.Length && keys[at] is null;

    /// <summary>The key as that type: text, instant, id or whole number.</summary>
    public object Key(int at, Type type) =>
        type == typeof(string) ? Text(at)
        : type == typeof(DateTimeOffset) ? Instant(at)
        : type == typeof(Guid) ? Guid(at)
        : type == typeof(int) ? (Long(at) is >= int.MinValue and <= int.MaxValue and var number ? (object)(int)number : throw Bad())
        : Long(at);

    string Key(int at) => at < keys.Length ? keys[at] ?? throw Bad() : throw Bad();

    static ProblemException Bad() => ProblemException.Invalid(Garbage);

    internal static string? KeyText(object? key) => key switch
    {
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => key?.ToString(),
    };

    /// <summary>Null when the parts are not those of a cursor in this order.</summary>
    internal static PageCursor? Read(string?[]? parts, string order) =>
        parts is [var made, _, ..] && made == order && !parts.Any(part => part?.Contains('\0') == true)
            ? new PageCursor(parts[1..])
            : null;
}

/// <summary>What cursors are signed with: the same on every node.</summary>
delegate ValueTask<byte[]> CursorSecret(CancellationToken cancel);

/// <summary>
/// Turns what a cursor holds into text and back. It is signed for its list: what this installation did not make itself, or made for
/// another list, is none, so nobody's own values get into a query.
/// </summary>
/// <param name="secret">The installation's, which any node knows.</param>
/// <param name="list">The list's route.</param>
sealed class SignedCursors(byte[] secret, string list)
{
    const int SignatureBytes = 16;

    public string Text(IEnumerable<string?> parts)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(parts);
        return Base64Url.EncodeToString([.. Signature(content), .. content]);
    }

    /// <summary>Null for what is no cursor of the list.</summary>
    public string?[]? Read(string text)
    {
        if (!Base64Url.IsValid(text, out var length) || length <= SignatureBytes)
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return CryptographicOperations.FixedTimeEquals(Signature(bytes.AsSpan(SignatureBytes)), bytes.AsSpan(0, SignatureBytes))
            ? JsonSerializer.Deserialize<string?[]>(bytes.AsSpan(SignatureBytes))
            : null;
    }

    ReadOnlySpan<byte> Signature(ReadOnlySpan<byte> content)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"cursor of {list}\n"), .. content];
        return HMACSHA256.HashData(secret, signed).AsSpan(0, SignatureBytes);
    }
}

/// <summary>
/// A list action: reads <c>limit</c>, <c>cursor</c> and <c>sort</c> before the action runs, which finds them in
/// <c>HttpContext.Paging</c>, and puts them into the OpenAPI document.
/// </summary>
/// <param name="defaultSort">The order without <c>sort</c>; a minus in front means descending.</param>
/// <param name="sorts">The fields a caller may sort by; without any there is the one order.</param>
[AttributeUsage(AttributeTargets.Method)]
sealed class PagedAttribute(string defaultSort, params string[] sorts) : Attribute, IAsyncActionFilter, IOrderedFilter
{
    // Before the validators, so that its problems are reported with theirs.
    public int Order => ValidRequests.Order - 1;

    public string DefaultSort { get; } = defaultSort;

    public IReadOnlyList<string> Sorts { get; } = sorts;

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var http = context.HttpContext;
        var secret = await http.RequestServices.GetRequiredService<CursorSecret>()(http.RequestAborted);
        var cursors = new SignedCursors(secret, context.ActionDescriptor.AttributeRouteInfo!.Template!);
        var problems = new List<Problem>();
        http.Paging = PageRequest.Read(http.Request.Query, DefaultSort, Sorts, cursors, problems);
        foreach (var problem in problems)
            context.ModelState.AddModelError(problem.Pointer, problem.Message);
        await next();
    }
}

/// <summary>The page the current request asks for.</summary>
static class CurrentPage
{
    static readonly object Item = new();

    extension(HttpContext http)
    {
        public PageRequest Paging
        {
            get => (PageRequest)(http.Items[Item] ?? throw new InvalidOperationException("The action is not [Paged]."));
            set => http.Items[Item] = value;
        }
    }
}
