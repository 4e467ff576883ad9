using Analytics.Contract;

namespace Analytics.Features.Ingestion;

/// <summary>Codes of problems, for programs; the words beside them are for people.</summary>
static class Codes
{
    public const string Json = "json";
    public const string Required = "required";
    public const string Type = "type";
    public const string Length = "length";
    public const string Blank = "blank";
    public const string Format = "format";
    public const string Range = "range";
    public const string Nul = "nul";
    public const string Surrogate = "lone_surrogate";
    public const string Conflict = "conflict";
    public const string Source = "source";
    public const string ReservedName = "reserved_name";
    public const string Cycle = "cycle";
    public const string Currency = "currency";
    public const string TooManyKeys = "too_many_keys";
    public const string TooDeep = "too_deep";
    public const string TooLarge = "too_large";
    public const string UnknownCustomer = "unknown_customer";
    public const string OtherCustomer = "other_customer";
}

/// <summary>Something wrong with the fact at a place in the request.</summary>
sealed record Finding(int Index, Problem Problem);

/// <summary>What is wrong with a request's facts: every rejected fact, and every problem up to a bound.</summary>
/// <param name="list">What their list is called.</param>
/// <param name="partial">Whether the valid ones are stored nevertheless.</param>
sealed class Findings(string list, bool partial)
{
    const int Most = 10_000;
    readonly List<Finding> found = [];
    readonly HashSet<int> rejected = [];

    /// <summary>How many facts have a problem, also beyond the bound.</summary>
    public int Rejected => rejected.Count;

    public bool Any => rejected.Count > 0;

    /// <summary>A customer-bound key named somebody else: the request is forbidden, not just wrong.</summary>
    public bool Forbidden => found.Exists(finding => finding.Problem.Code == Codes.OtherCustomer);

    public bool Has(int index) => rejected.Contains(index);

    /// <summary>The pointer starts at the fact: <c>/metadata/_cost</c>.</summary>
    public void Add(int index, string pointer, string code, string message)
    {
        // In a partial request every rejected fact is named, with at least its first problem.
        var first = rejected.Add(index);
        if (found.Count < Most || (partial && first) || code == Codes.OtherCustomer && !Forbidden)
            found.Add(new Finding(index, new Problem($"/{list}/{index}{pointer}", code, message)));
    }

    /// <summary>In the order of the request.</summary>
    public IReadOnlyList<Finding> InOrder() => [.. found.OrderBy(finding => finding.Index)];

    /// <summary>A 400 with every problem, or as many as there is room for, which it says.</summary>
    public ProblemException Refusal() => found.Count < Most
        ? ProblemException.Invalid(Problems())
        : new(400, $"The request is not valid: of its problems the first {Most} are told.", Problems());

    public IReadOnlyList<Problem> Problems() => [.. InOrder().Take(Most).Select(finding => finding.Problem)];

    public void Clear()
    {
        found.Clear();
        rejected.Clear();
    }
}
