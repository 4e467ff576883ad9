namespace Analytics.Http;

/// <summary>
/// Pages rows that are worked out anew for every page, by a number of theirs or by their name; equal ones by name, ascending. A page goes
/// on behind the number and the name of the last row of the one before.
/// </summary>
/// <param name="named">The field that is the name.</param>
/// <param name="name">A row's name, which no other row has.</param>
/// <param name="number">The number of a row in another field.</param>
sealed class RankedRows<T>(string named, Func<T, string> name, Func<T, string, Int128> number)
{
    /// <summary>The rows of a page, in its order.</summary>
    public Page<T> PageOf(IEnumerable<T> rows, PageRequest page)
    {
        var sign = page.Descending ? -1 : 1;
        var isByName = page.Sort == named;
        var ranked = rows.Select(row => (Number: isByName ? 0 : number(row, page.Sort), Name: name(row), Row: row));
        if (page.After is { } last)
        {
            var after = (Number: isByName ? 0 : last.Whole(0), Name: last.Text(1));
            ranked = ranked.Where(row => Compare((row.Number, row.Name), after) > 0);
        }

        var found = ranked.ToList();
        found.Sort((one, other) => Compare((one.Number, one.Name), (other.Number, other.Name)));
        var shown = Page.Of([.. found.Take(page.Limit + 1)], page, row => [row.Number, row.Name]);
        return new([.. shown.Data.Select(row => row.Row)], shown.Meta);

        int Compare((Int128 Number, string Name) one, (Int128 Number, string Name) other) => one.Number != other.Number
            ? sign * one.Number.CompareTo(other.Number)
            : (isByName ? sign : 1) * string.CompareOrdinal(one.Name, other.Name);
    }
}
