using Analytics.Storage.Cells;

namespace Analytics.Storage.Sales;

/// <summary>When something happened, and by which event: of several the earliest counts, ties by id.</summary>
readonly record struct Moment(long At, Guid Id) : IComparable<Moment>
{
    public int CompareTo(Moment other) => At != other.At ? At.CompareTo(other.At) : Id.CompareTo(other.Id);

    public static Moment Earlier(Moment? known, Moment other) => known <= other ? known.Value : other;

    public static bool operator <(Moment one, Moment other) => one.CompareTo(other) < 0;
    public static bool operator >(Moment one, Moment other) => one.CompareTo(other) > 0;
    public static bool operator <=(Moment one, Moment other) => one.CompareTo(other) <= 0;
    public static bool operator >=(Moment one, Moment other) => one.CompareTo(other) >= 0;
}

/// <summary>What a share's created event says; times in microseconds, money in cents.</summary>
sealed record Creation(Moment Moment, int Person, long Price, long Size, long? ExpiresAt);

/// <summary>
/// What is known of a share, from whichever events came so far in whichever order: what made it, what would end it, and how many
/// counted payments name it.
/// </summary>
sealed record Share(int Number, Creation? Creation, Moment? Completed, Moment? Expired, int Payments)
{
    // Quarter hours are numbered up to the year 2478; what ends later does not end.
    const long EndOfTime = 13_569_465_600_000_000; // 2400-01-01

    /// <summary>Whom events count for that name the share and nobody else; 0 for nobody.</summary>
    public int Person => Creation?.Person ?? 0;

    /// <summary>The bytes of a download that does not say how many.</summary>
    public long Size => Creation?.Size ?? 0;

    /// <summary>The time at which the share ends by itself, unless something else ends it before.</summary>
    public long? ExpiryAt =>
        EndingEvent is null && Creation is { ExpiresAt: { } at } made && at > made.Moment.At && at < EndOfTime ? at : null;

    /// <summary>The event that ends it, the first of those that would; null when it ends by itself before, or not at all.</summary>
    public (Guid Id, long At, SalesSum Sum)? EndingEvent
    {
        get
        {
            var isCompleted = Completed is { } completed && !(Expired?.At < completed.At);
            return (isCompleted ? Completed : Expired) is { } end && !(end.At > Creation?.ExpiresAt)
                ? (end.Id, end.At, isCompleted ? SalesSum.CompletedSessions : SalesSum.ExpiredSessions)
                : null;
        }
    }

    bool HadRunOut => EndingEvent is null && Creation is { ExpiresAt: { } at } made && at <= made.Moment.At;

    public Share CreatedBy(Creation other) => Creation?.Moment <= other.Moment ? this : this with { Creation = other };

    /// <summary>Adds what the share counts for; -1 times takes it back.</summary>
    public void AddTo(CommitSales table, int times)
    {
        AddCreation(table, times);
        AddEnd(table, times);
        AddExpiry(table, times);
    }

    /// <summary>What counts at its creation.</summary>
    public void AddCreation(CommitSales table, int times)
    {
        if (Creation is not { } creation)
            return;
        var at = creation.Moment.At;
        table.Add(Number, Person, at, SalesSum.Sessions, times);
        if (creation.Price > 0)
        {
            table.Add(Number, Person, at, SalesSum.PaidSessions, times);
            table.Add(Number, Person, at, SalesSum.PaidPrices, (Int128)creation.Price * times);
            table.Add(Number, Person, at, SalesSum.ConvertedSessions, Payments > 0 ? times : 0);
        }

        if (HadRunOut || EndingEvent?.At <= at)
            table.Add(Number, Person, at, SalesSum.ClosedSessions, times);
    }

    /// <summary>What counts at the event that ends it.</summary>
    public void AddEnd(CommitSales table, int times)
    {
        if (EndingEvent is not { } end)
            return;
        table.Add(Number, Person, end.At, end.Sum, times);
        if (end.At > Creation?.Moment.At)
            table.Add(Number, Person, end.At, SalesSum.ClosedSessions, times);
    }

    /// <summary>What counts at the time it ends by itself, or had ended when it was created. Time begins in 2000.</summary>
    public void AddExpiry(CommitSales table, int times)
    {
        if (HadRunOut)
            table.Add(Number, Person, Math.Max(Creation!.ExpiresAt!.Value, Timeline.Year2000), SalesSum.ExpiredSessions, times);
        if (ExpiryAt is { } expiry)
            table.Add(Number, Person, expiry, SalesSum.SessionExpiries, times);
    }
}
