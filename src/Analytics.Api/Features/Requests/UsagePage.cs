using System.Globalization;
using Analytics.Http;

namespace Analytics.Features.Requests;

/// <summary>
/// A page of usages, sorted by what is shown, between equals by name. Names are looked up for as few as the order hangs on: for
/// thousands that takes longer than everything else.
/// </summary>
sealed class UsagePage(Usages usages, PageRequest page, Func<IEnumerable<int>, Task<Dictionary<int, string>>> namesOf)
{
    const string ByName = "customerId";
    const string ByCumulativeShare = "cumulativeSharePercent";

    readonly Dictionary<int, string> names = [];

    readonly record struct Keyed(Usage Usage, Int128 Key);

    public async Task<Page<CustomerUsage>> ReadAsync()
    {
        if (page.Sort is ByCumulativeShare)
            await LearnAsync(usages.All);
        var last = page.After is { } after ? (Key: Int128.Parse(after.Text(0), CultureInfo.InvariantCulture), Name: after.Text(1)) : default;
        var near = Near(last.Name is null ? null : last.Key);
        await LearnAsync(near.Select(one => one.Usage));
        near.Sort((a, b) => Compare(a.Key, NameOf(a), b.Key, NameOf(b)));
        var rest = near.Where(one => last.Name is null || Compare(one.Key, NameOf(one), last.Key, last.Name) > 0);
        var rows = Page.Of(rest.Take(page.Limit + 1).ToList(), page, one => [one.Key, NameOf(one)]);
        await LearnAsync(rows.Data.SelectMany(one => usages.EqualTo(one.Usage)));
        return new([.. rows.Data.Select(one => usages.Row(one.Usage, names))], rows.Meta);
    }

    /// <summary>In order of the keys alone: those from the last page's key on that this page may be of.</summary>
    List<Keyed> Near(Int128? last)
    {
        var sign = page.Descending ? -1 : 1;
        var all = usages.All.Select(usage => new Keyed(usage, KeyOf(usage)))
            .Where(one => last is not { } key || sign * one.Key.CompareTo(key) >= 0).ToList();
        all.Sort((a, b) => sign * a.Key.CompareTo(b.Key));
        var wanted = all.TakeWhile(one => one.Key == last).Count() + page.Limit + 1;
        return wanted >= all.Count ? all : [.. all.TakeWhile((one, at) => at < wanted || one.Key == all[wanted - 1].Key)];
    }

    int Compare(Int128 key, string name, Int128 otherKey, string otherName)
    {
        var byName = string.CompareOrdinal(name, otherName);
        if (key == otherKey)
            return page.Sort is ByName && page.Descending ? -byName : byName;
        return page.Descending ? otherKey.CompareTo(key) : key.CompareTo(otherKey);
    }

    Int128 KeyOf(Usage usage) => page.Sort switch
    {
        ByName => 0,
        "count" => usage.Totals.Count,
        "totalBytes" => usage.Totals.ResponseBytes.Units,
        "requestBytes" => usage.Totals.RequestBytes.Units,
        "errorRate" => usage.Totals.ErrorRate.Units,
        "avgLatency" => usage.Totals.AverageLatency.Units,
        "sharePercent" => usages.ShareOf(usage).Units,
        ByCumulativeShare => usages.CumulativeShareOf(usage, names).Units,
        "costCents" => usage.Cost,
        "costSharePercent" => usages.CostShareOf(usage).Units,
        _ => throw new InvalidOperationException($"No order by {page.Sort}."),
    };

    string NameOf(Keyed one) => names[one.Usage.Person];

    async Task LearnAsync(IEnumerable<Usage> of)
    {
        foreach (var (person, name) in await namesOf(of.Select(usage => usage.Person).Where(person => !names.ContainsKey(person))))
            names[person] = name;
    }
}
