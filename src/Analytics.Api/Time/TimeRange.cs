namespace Analytics.Time;

/// <summary>What is wrong with a parameter that says a time: the parameter's name, a short code, a sentence.</summary>
readonly record struct TimeProblem(string Parameter, string Code, string Message);

/// <summary>The instants [From, To), in UTC, and the zone whose calendar cuts them up.</summary>
sealed record TimeRange(DateTimeOffset From, DateTimeOffset To, Zone Zone)
{
    /// <summary>No event is older.</summary>
    public static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Wide enough for every question, narrow enough for every calculation with the answers.
    static readonly DateOnly FirstDate = new(1900, 1, 1), LastDate = new(2199, 12, 31);

    /// <summary>No time that is asked for is later: the last date begins hours after UTC's in zones behind it.</summary>
    public static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public bool IsEmpty => From >= To;

    public bool Has(DateTimeOffset instant) => instant >= From && instant < To;

    /// <summary>Today and the days before it, so many in all.</summary>
    public static TimeRange LastDays(int days, Zone zone, DateTimeOffset now)
    {
        var today = zone.DateOf(now);
        return new(zone.StartOf(today.AddDays(1 - days)), zone.StartOf(today.AddDays(1)), zone);
    }

    /// <summary>Everything there is, events from a little in the future included.</summary>
    public static TimeRange Everything(Zone zone, DateTimeOffset now) => new(Earliest, now.ToUniversalTime().AddDays(1), zone);

    /// <summary>The calendar dates from one to the other, both included; null, and a problem told, when they are none.</summary>
    public static TimeRange? FromDates(
        string? start, string? end, Zone zone, ICollection<TimeProblem> problems, string startName = "start_date",
        string endName = "end_date")
    {
        var first = Date(start, startName, problems);
        var last = Date(end, endName, problems);
        if (first is null || last is null)
            return null;
        if (last >= first)
            return new(zone.StartOf(first.Value), zone.StartOf(last.Value.AddDays(1)), zone);
        problems.Add(new(endName, "before_start", $"{endName} must not be before {startName}."));
        return null;
    }

    /// <summary>
    /// RFC 3339 instants or dates (midnight in the zone), <paramref name="to"/> excluded. Without <paramref name="to"/> up
    /// to now; without <paramref name="from"/> so long as the default says, or everything when it is null.
    /// </summary>
    public static TimeRange? FromInstants(
        string? from, string? to, Zone zone, DateTimeOffset now, TimeSpan? otherwise, ICollection<TimeProblem> problems,
        string fromName = "from", string toName = "to")
    {
        var told = problems.Count;
        var start = from is null ? null : Instant(from, zone, fromName, problems);
        var end = to is not null ? Instant(to, zone, toName, problems)
            : otherwise is null ? Everything(zone, now).To : now.ToUniversalTime();
        if (from is null)
            start = otherwise is null ? Earliest : end - otherwise;
        if (problems.Count > told)
            return null;
        if (end >= start)
            return new(start!.Value, end!.Value, zone);
        problems.Add(to is null
            ? new(fromName, "before_start", $"{fromName} must not be later than now, where {toName} is not sent.")
            : new(toName, "before_start", $"{toName} must not be before {(from is null ? $"{Earliest:yyyy-MM-dd}" : fromName)}."));
        return null;
    }

    /// <summary>Whether the interval may cut up so long a range: by the dates it touches or by the clock, whichever is kinder.</summary>
    public bool Fits(Interval interval)
    {
        var dates = Zone.DateOf(To.AddTicks(-1)).DayNumber - Zone.DateOf(From).DayNumber + 1;
        return dates <= interval.MaxDays() || To - From <= TimeSpan.FromDays(interval.MaxDays());
    }

    /// <summary>Tells a problem when the range is longer than the interval may cut up.</summary>
    public bool CheckFits(Interval interval, ICollection<TimeProblem> problems, string parameter = "end_date")
    {
        if (Fits(interval))
            return true;
        var most = interval == Interval.Minute ? "48 hours" : $"{interval.MaxDays()} days";
        problems.Add(new(parameter, "range_too_long", $"A range by {interval.Name()} must not be longer than {most}."));
        return false;
    }

    static DateOnly? Date(string? text, string name, ICollection<TimeProblem> problems)
    {
        if (string.IsNullOrEmpty(text))
            problems.Add(new(name, "required", $"{name} is required, as YYYY-MM-DD."));
        else if (!Rfc3339.TryParseDate(text, out var date))
            problems.Add(new(name, "invalid_date", $"{name} must be a calendar date, as YYYY-MM-DD."));
        else if (date < FirstDate || date > LastDate)
            problems.Add(OutOfRange(name));
        else
            return date;
        return null;
    }

    static DateTimeOffset? Instant(string text, Zone zone, string name, ICollection<TimeProblem> problems)
    {
        if (Rfc3339.TryParseDate(text, out var date))
            return Date(text, name, problems) is null ? null : zone.StartOf(date);
        if (!Rfc3339.TryParse(text, out var microseconds))
            problems.Add(new(name, "invalid_timestamp", $"{name} must be an RFC 3339 timestamp with an offset, or a date."));
        else if (microseconds < Rfc3339.Microseconds(FirstDate) || microseconds > Rfc3339.Microseconds(LastDate))
            problems.Add(OutOfRange(name));
        else
            return Rfc3339.ToInstant(microseconds);
        return null;
    }

    static TimeProblem OutOfRange(string name) =>
        new(name, "out_of_range", $"{name} must be between {FirstDate:yyyy-MM-dd} and {LastDate:yyyy-MM-dd}.");
}
