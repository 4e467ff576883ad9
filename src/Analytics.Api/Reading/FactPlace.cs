using Analytics.Storage;

namespace Analytics.Reading;

/// <summary>Where a fact stands in time, and among those of the same microsecond.</summary>
readonly record struct FactPlace(DateTime Timestamp, Guid Id) : IComparable<FactPlace>
{
    /// <summary>Before every fact of a time and all later ones.</summary>
    public static FactPlace Before(DateTimeOffset time) => new(time.UtcDateTime, Guid.Empty);

    /// <summary>The place of a row that says its time and its id's tail.</summary>
    public static FactPlace Of(long microseconds, long tail) => new(Sql.TimeOf(microseconds), Storage.EventId.Of(microseconds, tail));

    /// <summary>Its time, in UTC.</summary>
    public DateTimeOffset Instant => new(Timestamp);

    // Ids are compared as Postgres does it: byte by byte.
    public int CompareTo(FactPlace other) => Timestamp == other.Timestamp ? Id.CompareTo(other.Id) : Timestamp.CompareTo(other.Timestamp);

    public static bool operator <(FactPlace one, FactPlace other) => one.CompareTo(other) < 0;
    public static bool operator >(FactPlace one, FactPlace other) => one.CompareTo(other) > 0;
    public static bool operator <=(FactPlace one, FactPlace other) => one.CompareTo(other) <= 0;
    public static bool operator >=(FactPlace one, FactPlace other) => one.CompareTo(other) >= 0;
}
