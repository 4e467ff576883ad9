using Analytics.Reading;

namespace Analytics.Features.Requests;

/// <summary>An endpoint or a customer, by its number and by its name, and its requests.</summary>
sealed record NamedTotals(int Number, string Name, RequestTotals Totals);

/// <summary>Those with the most requests.</summary>
static class Busiest
{
    /// <summary>So many of some totals, equal ones by name; names are asked of no more than may be among them.</summary>
    public static async Task<List<NamedTotals>> OfAsync(
        IReadOnlyDictionary<int, RequestTotals> totals, int shown, Func<IEnumerable<int>, Task<Dictionary<int, string>>> namesOf)
    {
        var least = totals.Values.Select(total => total.Count).OrderDescending().Take(shown).LastOrDefault();
        var candidates = totals.Where(total => total.Value.Count >= Math.Max(1, least)).ToList();
        var names = await namesOf(candidates.Select(total => total.Key));
        return
        [
            .. candidates.Select(total => new NamedTotals(total.Key, names[total.Key], total.Value))
                .OrderByDescending(total => total.Totals.Count).ThenBy(total => total.Name, StringComparer.Ordinal).Take(shown),
        ];
    }
}
