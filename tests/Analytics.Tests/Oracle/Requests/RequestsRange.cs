using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>A time that is asked about: <c>from</c> and <c>to</c> as they are asked, or neither, or one of them.</summary>
sealed record RequestsRange(string Zone, string? From = null, string? To = null)
{
    public IEnumerable<(string, string)> Parameters
    {
        get
        {
            yield return ("timezone", Zone);
            if (From is not null)
                yield return ("from", From);
            if (To is not null)
                yield return ("to", To);
        }
    }

    /// <summary>What it is at an instant, when so much is asked about as a rule.</summary>
    public (Instant From, Instant To) At(Instant now, Duration usual)
    {
        var to = To is null ? now : InstantOf(To);
        return (From is null ? to - usual : InstantOf(From), to);
    }

    public (Instant From, Instant To) At(Instant now) => At(now, Duration.FromDays(1));

    /// <summary>As an instant of a question, with all nine digits.</summary>
    public static string Text(Instant at) => InstantPattern.ExtendedIso.Format(at);

    // A date is the midnight it begins with; digits beyond the microsecond are cut.
    Instant InstantOf(string text)
    {
        if (LocalDatePattern.Iso.Parse(text) is { Success: true } date)
            return Calendar.StartOf(Zone, date.Value);
        var instant = OffsetDateTimePattern.Rfc3339.Parse(text).Value.ToInstant();
        return Instant.FromUnixTimeTicks(instant.ToUnixTimeTicks() / 10 * 10);
    }
}

/// <summary>A day that is asked about; today when none is named.</summary>
sealed record RequestsDay(string Zone, LocalDate? Date)
{
    public IEnumerable<(string, string)> Parameters
    {
        get
        {
            yield return ("timezone", Zone);
            if (Date is { } date)
                yield return ("date", LocalDatePattern.Iso.Format(date));
        }
    }

    public (Instant From, Instant To) At(Instant now)
    {
        var date = Date ?? now.InZone(DateTimeZoneProviders.Tzdb[Zone]).Date;
        return (Calendar.StartOf(Zone, date), Calendar.StartOf(Zone, date.PlusDays(1)));
    }
}
