namespace Analytics.Time;

/// <summary>Times that come again and again: every day, Monday or 1st of a month, when the clocks of a zone show a time.</summary>
/// <param name="Every">One of <see cref="Intervals"/>.</param>
/// <param name="At">What the clocks show.</param>
/// <param name="Zone">Whose clocks.</param>
sealed record Schedule(string Every, TimeOnly At, Zone Zone)
{
    public static readonly string[] Intervals = ["day", "week", "month"];

    /// <summary>The first of the times after an instant.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset instant)
    {
        // A date that was skipped altogether ends where the one before does: so one earlier.
        var date = FirstFrom(Zone.DateOf(instant).AddDays(-1));
        while (Zone.FirstInstantOf(date.ToDateTime(At)) <= instant)
            date = FirstFrom(date.AddDays(1));
        return Zone.FirstInstantOf(date.ToDateTime(At));
    }

    /// <summary>The last of the times, from one of them on, that is not after an instant.</summary>
    public DateTimeOffset LastBy(DateTimeOffset first, DateTimeOffset instant)
    {
        var last = first;
        for (var next = NextAfter(last); next <= instant; next = NextAfter(last))
            last = next;
        return last;
    }

    DateOnly FirstFrom(DateOnly date) => Every switch
    {
        "week" => date.AddDays(((int)DayOfWeek.Monday - (int)date.DayOfWeek + 7) % 7),
        "month" => date.Day == 1 ? date : new DateOnly(date.Year, date.Month, 1).AddMonths(1),
        _ => date,
    };
}
