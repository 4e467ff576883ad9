using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Analytics.Contract;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Analytics.Http;

/// <summary>One page of a list. <c>next_cursor</c> is null on the last one.</summary>
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
sealed record PageRequest(int Limit, string Sort, bool Descending, PageCursor? After)
{
    public const int DefaultLimit = 50;
    public const int LargestLimit = 1000;

    /// <summary>The cursor that goes on after the row with these sort keys (the last of them its id).</summary>
    public string Cursor(params IEnumerable<object?> keys) => PageCursor.Text([Order, .. keys.Select(PageCursor.KeyText)]);

    string Order => (Descending ? "-" : "") + Sort;

    /// <summary>Reads limit, sort and cursor; what is wrong with them goes to <paramref name="problems"/>.</summary>
    public static PageRequest Read(IQueryCollection query, string defaultSort, IReadOnlyList<string> sorts, List<Problem> problems)
    {
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var limits)
            && (!int.TryParse(limits, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LargestLimit))
            problems.Add(new("limit", "range", $"limit must be 1 to {LargestLimit}."));

        var sort = query.TryGetValue("sort", out var given) ? given.ToString() : defaultSort;
        var field = sort.TrimStart('+').StartsWith('-') ? sort[1..] : sort;
        if (!sorts.Contains(field))
            problems.Add(new(
                "sort", "unknown_field", "sort must be one of " + string.Join(", ", sorts) + ", with - in front for descending."));

        PageCursor? after = null;
        if (query.TryGetValue("cursor", out var cursor) && (after = PageCursor.Read(cursor.ToString(), sort)) is null)
            problems.Add(PageCursor.Garbage);
        return new PageRequest(limit, field, sort.StartsWith('-'), after);
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

    internal static string Text(IEnumerable<string?> parts) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(parts));

    internal static string? KeyText(object? key) => key switch
    {
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => key?.ToString(),
    };

    /// <summary>Null when the text is no cursor of a list in this order.</summary>
    internal static PageCursor? Read(string text, string order)
    {
        try
        {
            var parts = JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(text));
            var isSound = parts is [var made, _, ..] && made == order && !parts.Any(part => part?.Contains('\0') == true);
            return isSound ? new PageCursor(parts![1..]) : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>
/// A list action: reads <c>limit</c>, <c>cursor</c> and <c>sort</c> before the action runs, which finds them in
/// <c>HttpContext.Paging</c>, and puts them into the OpenAPI document.
/// </summary>
/// <param name="defaultSort">The order without <c>sort</c>; a minus in front means descending.</param>
/// <param name="sorts">The fields a caller may sort by.</param>
[AttributeUsage(AttributeTargets.Method)]
sealed class PagedAttribute(string defaultSort, params string[] sorts) : Attribute, IActionFilter, IOrderedFilter
{
    // Before the validators, so that its problems are reported with theirs.
    public int Order => ValidRequests.Order - 1;

    public string DefaultSort { get; } = defaultSort;

    public IReadOnlyList<string> Sorts { get; } = sorts;

    public void OnActionExecuting(ActionExecutingContext context)
    {
        var problems = new List<Problem>();
        context.HttpContext.Paging = PageRequest.Read(context.HttpContext.Request.Query, DefaultSort, Sorts, problems);
        foreach (var problem in problems)
            context.ModelState.AddModelError(problem.Pointer, problem.Message);
    }

    public void OnActionExecuted(ActionExecutedContext context)
    {
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
