using Analytics.Http;

namespace Analytics.Features.EventTypes;

/// <summary>Keeps of many rows, that come in any order, those of a page.</summary>
sealed class FirstRows
{
    readonly PageRequest page;
    readonly int sign;
    readonly (object? Key, Guid Id)? after;
    readonly List<EventTypeAnswer> rows = [];

    public FirstRows(PageRequest page)
    {
        (this.page, sign) = (page, page.Descending ? -1 : 1);
        if (page.After is { } last)
            after = (last.IsNull(0) ? null : last.Key(0, TypeOf(page.Sort)), last.Guid(1));
    }

    public void Add(EventTypeAnswer row)
    {
        if (after is { } last && Compare(Key(row), row.Id, last.Key, last.Id) <= 0)
            return;
        rows.Add(row);
        if (rows.Count >= 4 * (page.Limit + 1))
            Keep();
    }

    public Page<EventTypeAnswer> ToPage()
    {
        Keep();
        return Page.Of(rows, page, row => [Key(row), row.Id]);
    }

    // One beyond the page says that there is more.
    void Keep()
    {
        rows.Sort((a, b) => Compare(Key(a), a.Id, Key(b), b.Id));
        if (rows.Count > page.Limit + 1)
            rows.RemoveRange(page.Limit + 1, rows.Count - page.Limit - 1);
    }

    // Rows without the field come last, whatever the sign; ties are broken by id.
    int Compare(object? a, Guid idOfA, object? b, Guid idOfB)
    {
        if (a is null != b is null)
            return a is null ? 1 : -1;
        var order = a is string text ? string.CompareOrdinal(text, (string)b!) : Comparer<object>.Default.Compare(a, b);
        return sign * (order != 0 ? order : idOfA.CompareTo(idOfB));
    }

    object? Key(EventTypeAnswer row) => page.Sort switch
    {
        "name" => row.Name,
        "label" => row.Label,
        "label_property_selector" => row.LabelPropertySelector,
        "source" => row.Source.ToString(),
        "occurrences" => row.Occurrences,
        "first_seen" => row.FirstSeen,
        "last_seen" => row.LastSeen,
        _ => row.Id,
    };

    static Type TypeOf(string sort) => sort switch
    {
        "occurrences" => typeof(long),
        "first_seen" or "last_seen" => typeof(DateTimeOffset),
        "id" => typeof(Guid),
        _ => typeof(string),
    };
}
