using Analytics.Contract;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Business;

/// <summary>Reads the times that a question about the business names, and gathers all that is wrong with the question.</summary>
sealed class BusinessTimes
{
    public const string DefaultPeriod = "30d";

    // The longest period of each letter is about three years, that of hours a month.
    const string Periods = "period must be so many hours, days, weeks or months: 1h to 744h, 1d to 1098d, 1w to 156w or 1m to 36m.";

    static readonly TimeSpan UpToTo = TimeSpan.FromDays(30);

    readonly PeriodRequest request;
    readonly Zone zone;
    readonly DateTimeOffset now;
    readonly List<TimeProblem> problems = [];

    /// <param name="request">As sent.</param>
    /// <param name="workspace">Who is asked about.</param>
    /// <param name="now">The present.</param>
    public BusinessTimes(PeriodRequest request, Workspace workspace, DateTimeOffset now)
    {
        (this.request, this.now) = (request, now);
        zone = Zones.Find(request.Timezone ?? workspace.Timezone, problems);
    }

    /// <summary>All that is wrong so far, the first of each parameter.</summary>
    public IReadOnlyList<Problem> Problems =>
        [.. problems.DistinctBy(p => p.Parameter).Select(p => new Problem(p.Parameter, p.Code, p.Message))];

    /// <summary>Tells another problem of the question.</summary>
    public void Add(string parameter, string code, string message) => problems.Add(new(parameter, code, message));

    /// <summary>The period asked about; a 400 with every problem when there are any.</summary>
    public AskedPeriod Read()
    {
        var period = IsOfLength ? OfLength() : null;
        var range = IsOfLength ? null : OfInstants(null);
        if (problems.Count > 0)
            throw ProblemException.Invalid(Problems);
        return period is not null ? AskedPeriod.Of(period, now) : AskedPeriod.Of(range!, now);
    }

    /// <summary>The time asked about, which may be cut by an interval; null, and a problem told, when there is none.</summary>
    public TimeRange? RangeBy(Interval? interval)
    {
        if (!IsOfLength)
            return OfInstants(interval);
        var range = OfLength()?.Range;
        return interval is not { } by || range?.CheckFits(by, problems, request.Period is null ? "interval" : "period") == true
            ? range
            : null;
    }

    bool IsOfLength => request is { From: null, To: null };

    Period? OfLength()
    {
        if (Period.TryParse(request.Period ?? DefaultPeriod, zone, now, out var period))
            return period;
        Add("period", "invalid", Periods);
        return null;
    }

    TimeRange? OfInstants(Interval? interval)
    {
        if (request.Period is not null)
            Add("period", "conflict", "period cannot be sent together with from or to.");
        var range = TimeRange.FromInstants(request.From, request.To, zone, now, UpToTo, problems);
        var parameter = request.From is null ? "to" : "from";
        if (interval is { } by)
            return range?.CheckFits(by, problems, parameter) == true ? range : null;
        if (range?.Fits(Interval.Day) == false)
            Add(parameter, "range_too_long", $"A range must not be longer than {Interval.Day.MaxDays()} days.");
        return range;
    }
}
