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
        (Int128 Number, string Name)? after = page.After is { } last ? (isByName ? 0 : last.Whole(0), last.Text(1)) : null;

        // As many as a page shows, and one that says whether there are more.
        var first = new Foremost<T, (Int128 Number, string Name)>(page.Limit + 1, Compare);
        foreach (var row in rows)
        {
            var value = isByName ? 0 : number(row, page.Sort);
            // Most come after all of these, and need no name.
            if (first.TryLast(out var worst) && sign * value.CompareTo(worst.Number) > 0)
                continue;
            var rank = (value, name(row));
            if (after is not { } behind || Compare(rank, behind) > 0)
                first.Add(row, rank);
        }

        var shown = Page.Of(first.InOrder(), page, row => [row.Rank.Number, row.Rank.Name]);
        return new([.. shown.Data.Select(row => row.Item)], shown.Meta);

        int Compare((Int128 Number, string Name) one, (Int128 Number, string Name) other) => one.Number != other.Number
            ? sign * one.Number.CompareTo(other.Number)
            : (isByName ? sign : 1) * string.CompareOrdinal(one.Name, other.Name);
    }
}
