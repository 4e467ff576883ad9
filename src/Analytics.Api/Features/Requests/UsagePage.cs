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
        var near = Near(page.Sort is ByName ? 0 : page.After?.Whole(0));
        await LearnAsync(near.Select(one => one.Usage));
        // Two may be shown by one name: a customer by our id, and whoever is known by an external id of that text.
        string NameOf(Keyed one) => $"{names[one.Usage.Person]}\u0001{one.Usage.Person:D10}";
        var rows = new RankedRows<Keyed>(ByName, NameOf, (one, _) => one.Key).PageOf(near, page);
        await LearnAsync(usages.EqualTo(rows.Data.Select(one => one.Usage)));
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

    async Task LearnAsync(IEnumerable<Usage> of)
    {
        foreach (var (person, name) in await namesOf(of.Select(usage => usage.Person).Where(person => !names.ContainsKey(person))))
            names[person] = name;
    }
}
