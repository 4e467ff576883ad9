using Analytics.Contract;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Requests;

/// <summary>Reads the times that questions about requests are about, and tells what is wrong with them.</summary>
sealed class RequestTimes
{
    /// <summary>The longest range that no interval cuts up.</summary>
    public const int MaxDays = 1_100;

    static readonly TimeSpan LastDay = TimeSpan.FromHours(24);

    readonly List<TimeProblem> problems = [];

    /// <param name="timezone">As sent; the workspace's without it.</param>
    /// <param name="workspace">Who is asked about.</param>
    /// <param name="now">The present.</param>
    public RequestTimes(string? timezone, Workspace workspace, DateTimeOffset now)
    {
        Now = now;
        Zone = Zones.Find(timezone ?? workspace.Timezone, problems);
    }

    public DateTimeOffset Now { get; }

    public Zone Zone { get; }

    /// <summary>A calendar date, today without it.</summary>
    public TimeRange? OfDate(string? date) =>
        date is null ? TimeRange.LastDays(1, Zone, Now) : TimeRange.FromDates(date, date, Zone, problems, "date", "date");

    /// <summary>Instants or dates, the last 24 hours without them; at most as long as the interval allows.</summary>
    public TimeRange? Of(string? from, string? to, Interval? interval = null, TimeSpan? otherwise = null)
    {
        var range = TimeRange.FromInstants(from, to, Zone, Now, otherwise ?? LastDay, problems);
        var parameter = from is null ? "to" : "from";
        return range is null || (interval is { } known ? range.CheckFits(known, problems, parameter) : IsShort(range, parameter))
            ? range
            : null;
    }

    /// <summary>The same, however long: for lists of the requests themselves.</summary>
    public TimeRange? OfAnyLength(string? from, string? to) => TimeRange.FromInstants(from, to, Zone, Now, LastDay, problems);

    /// <summary>The same, at most so many days.</summary>
    public TimeRange? OfDays(int longest, string? from, string? to, TimeSpan otherwise)
    {
        var parameter = from is null ? "to" : "from";
        var range = TimeRange.FromInstants(from, to, Zone, Now, otherwise, problems);
        return range is null || IsShort(range, parameter, longest) ? range : null;
    }

    public void Add(string parameter, string code, string message) => problems.Add(new(parameter, code, message));

    /// <summary>Throws a 400 with every problem when there are any.</summary>
    public void Check()
    {
        if (problems.Count > 0)
            throw ProblemException.Invalid(
                [.. problems.DistinctBy(p => p.Parameter).Select(p => new Problem(p.Parameter, p.Code, p.Message))]);
    }

    /// <summary>The range as one bucket; null when nothing is in it.</summary>
    public static Bucket? Whole(TimeRange range) => range.IsEmpty ? null : new Bucket(range.From, range.To, range.From, range.To);

    bool IsShort(TimeRange range, string parameter, int longest = MaxDays)
    {
        var dates = Zone.DateOf(range.To.AddTicks(-1)).DayNumber - Zone.DateOf(range.From).DayNumber + 1;
        if (range.To - range.From <= TimeSpan.FromDays(longest) || dates <= longest)
            return true;
        problems.Add(new(parameter, "range_too_long", $"A range must not be longer than {longest} days."));
        return false;
    }
}
