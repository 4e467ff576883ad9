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

    /// <summary>Tells another problem of the question.</summary>
    public void Add(string parameter, string code, string message) => problems.Add(new(parameter, code, message));

    /// <summary>The period asked about; a 400 with every problem when there are any.</summary>
    public AskedPeriod Read()
    {
        var period = request is { From: null, To: null } ? OfLength() : OfInstants();
        if (problems.Count > 0)
            throw ProblemException.Invalid(
                [.. problems.DistinctBy(p => p.Parameter).Select(p => new Problem(p.Parameter, p.Code, p.Message))]);
        return period!;
    }

    AskedPeriod? OfLength()
    {
        if (Period.TryParse(request.Period ?? DefaultPeriod, zone, now, out var period))
            return AskedPeriod.Of(period!, now);
        Add("period", "invalid", Periods);
        return null;
    }

    AskedPeriod? OfInstants()
    {
        if (request.Period is not null)
            Add("period", "conflict", "period cannot be sent together with from or to.");
        var range = TimeRange.FromInstants(request.From, request.To, zone, now, UpToTo, problems);
        return range?.CheckFits(Interval.Day, problems, request.From is null ? "to" : "from") == true ? AskedPeriod.Of(range, now) : null;
    }
}
