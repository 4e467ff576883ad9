using Analytics.Contract;
using Analytics.Storage.People;

namespace Analytics.Features.Business.Costs;

/// <summary>Adds costs and revenue up by what a question tells apart.</summary>
/// <param name="question">What is asked.</param>
/// <param name="texts">What people and cost keys are called.</param>
/// <param name="linked">Who has two numbers.</param>
/// <param name="rows">How many sums are added at most.</param>
sealed class CostGroups(CostsQuestion question, CostTexts texts, LinkedPeople linked, int rows)
{
    sealed record Group(string?[] Keys, string?[] Names)
    {
        public CostSums Sums { get; } = new();
    }

    /// <summary>What has more rows is not answered.</summary>
    const int Most = 100_000;

    // By the number of all texts together: each of them has one, and so has each pair of what came before and the next.
    readonly Dictionary<int, Group> groups = new(Math.Min(rows, Most));
    readonly Dictionary<long, int> together = [];
    readonly Dictionary<string, int> numbers = new(Math.Min(rows, Most), StringComparer.Ordinal);

    // By the person or the cost key, of each of what is told apart.
    readonly Dictionary<int, int>[] known = [.. question.GroupBy.Select(_ => new Dictionary<int, int>())];

    public void Add(int person, int costKey, CostSums sums)
    {
        var main = linked.MainOf(person);
        var place = NumberOf(0, main, costKey);
        for (var at = 1; at < question.GroupBy.Length; at++)
        {
            var pair = ((long)place << 32) | (uint)NumberOf(at, main, costKey);
            if (!together.TryGetValue(pair, out place))
                together.Add(pair, place = together.Count + 1);
        }

        if (!groups.TryGetValue(place, out var found))
        {
            if (groups.Count == Most)
                throw ProblemException.Invalid(new Problem(
                    "groupBy", "too_many", $"There are more than {Most} rows: ask for some customers or products, or group by less."));
            groups.Add(place, found = NewGroup(main, costKey));
        }

        found.Sums.Add(sums);
    }

    /// <summary>The biggest cost first, then by key; what has no key comes last of equals.</summary>
    public IReadOnlyList<CostsRow> Rows() =>
    [
        .. groups.Values.Where(group => group.Sums.IsAny(question.HasRevenue))
            .OrderByDescending(group => group.Sums.Cost)
            .ThenBy(group => group.Keys, Comparer<string?[]>.Create(Compare))
            .Select(group => group.Sums.ToRow(Told(group.Keys), Told(group.Names), question.HasRevenue)),
    ];

    Group NewGroup(int person, int costKey)
    {
        var (keys, names) = (new string?[question.GroupBy.Length], new string?[question.GroupBy.Length]);
        for (var at = 0; at < keys.Length; at++)
        {
            keys[at] = KeyOf(question.GroupBy[at], person, costKey);
            names[at] = NameOf(question.GroupBy[at], person, keys[at]);
        }

        return new(keys, names);
    }

    // Several customers or cost keys may say the same. 0 is nothing.
    int NumberOf(int at, int person, int costKey)
    {
        var group = question.GroupBy[at];
        var of = group == CostsQuestion.Customer ? person : costKey;
        if (known[at].TryGetValue(of, out var number))
            return number;
        if (KeyOf(group, person, costKey) is { } text && !numbers.TryGetValue(text, out number))
            numbers.Add(text, number = numbers.Count + 1);
        known[at].Add(of, number);
        return number;
    }

    string? KeyOf(int group, int person, int costKey) =>
        group == CostsQuestion.Customer ? texts.CustomerOf(person) : texts.PartsOf(costKey)[group - 1];

    string? NameOf(int group, int person, string? key) => group switch
    {
        CostsQuestion.Customer => texts.NameOf(person),
        CostsQuestion.Product => texts.NameOfProduct(key),
        _ => key,
    };

    /// <summary>A text of one group, an object of several.</summary>
    object? Told(string?[] words) => words is [var only]
        ? only
        : new CostsCombination(question.GroupBy, words);

    static int Compare(string?[] one, string?[] other)
    {
        for (var at = 0; at < one.Length; at++)
        {
            var order = (one[at], other[at]) switch
            {
                (null, null) => 0,
                (null, _) => 1,
                (_, null) => -1,
                var (a, b) => string.CompareOrdinal(a, b),
            };
            if (order != 0)
                return order;
        }

        return 0;
    }
}
