namespace Analytics.Storage.Business;

/// <summary>In how many ways filters can come out together: which of them an event passes, and which not.</summary>
static class FilterOutcomes
{
    /// <summary>At most so many.</summary>
    public static double MostOf(IEnumerable<FieldFilter> filters) => filters
        .GroupBy(filter => filter.Path, StringComparer.Ordinal)
        .Aggregate(1.0, (all, field) => all * MostOfField([.. field]));

    // A value is one of those that are named, or none of them. Numbers that are none fall between the bounds; what a text contains may be
    // anything.
    static double MostOfField(List<FieldFilter> filters)
    {
        var named = filters.SelectMany(filter => filter.Named).Distinct(StringComparer.Ordinal).Count();
        var bounds = filters.Count(filter => filter.IsBound);
        var parts = filters.Count(filter => filter.LooksInside);
        return Math.Min(Math.Pow(2, filters.Count), (1 + named + (bounds == 0 ? 0 : 1 + bounds)) * Math.Pow(2, parts));
    }
}
