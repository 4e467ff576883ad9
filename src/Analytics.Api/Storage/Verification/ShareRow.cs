using Analytics.Storage.Sales;
using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>Which event said something, and when.</summary>
sealed record Said(long At, Guid Id)
{
    public bool IsBefore(Said other) => At < other.At || (At == other.At && Id.CompareTo(other.Id) < 0);

    public override string ToString() => $"event {Id}";

    /// <summary>A time and the id after it; half of them is more than nothing, so that it is noticed.</summary>
    public static Said? Read(NpgsqlDataReader row, int column) => (Time(row, column), row.GetFieldValue<Guid?>(column + 1)) switch
    {
        (null, null) => null,
        var (at, id) => new Said(at ?? 0, id ?? Guid.Empty),
    };

    public static long? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Microseconds(column);
}

/// <summary>What ends a share: an event that counts as this, or, without either, its own time.</summary>
sealed record ShareEnd(long At, Guid? Event, SalesSum? Counts);

/// <summary>A row of <c>shares</c> as it stands.</summary>
sealed record ShareRow(
    int Number, Guid Key, Said? Created, int Person, long Price, long Size, long? ExpiresAt, Said? Completed, Said? Expired, int Payments,
    long? ExpiryAt)
{
    public const string Columns = """
        s.share, s.key, s.created_at, s.created_id, s.person, s.price, s.size, s.expires_at, s.completed_at, s.completed_id,
        s.expired_at, s.expired_id, s.payments, s.expiry_at
        """;

    public const int Width = 14;

    public static ShareRow Read(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetGuid(1), Said.Read(row, 2), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6), Said.Time(row, 7),
        Said.Read(row, 8), Said.Read(row, 10), row.GetInt32(12), Said.Time(row, 13));

    /// <summary>The first of what would end it; at one moment completion goes before expiry, and both before running out.</summary>
    public ShareEnd? End
    {
        get
        {
            var ends = new List<ShareEnd>();
            if (Completed is { } completed)
                ends.Add(new ShareEnd(completed.At, completed.Id, SalesSum.CompletedSessions));
            if (Expired is { } expired)
                ends.Add(new ShareEnd(expired.At, expired.Id, SalesSum.ExpiredSessions));
            if (Created is not null && ExpiresAt is { } at)
                ends.Add(new ShareEnd(at, null, null));
            return ends.Count == 0 ? null : ends.First(end => ends.TrueForAll(other => end.At <= other.At));
        }
    }

    /// <summary>Whether it had run out by itself when it was created.</summary>
    public bool HasRunOut => End is { Event: null } end && end.At <= Created!.At;

    /// <summary>When it ends by itself after it was created.</summary>
    public long? Expiry => End is { Event: null } end && end.At > Created!.At && end.At < SlotCalendar.EndOfTime ? end.At : null;

    /// <summary>What it counts for at its creation.</summary>
    public IEnumerable<(SalesSum Sum, Int128 Amount)> AtCreation()
    {
        yield return (SalesSum.Sessions, 1);
        if (Price > 0)
        {
            yield return (SalesSum.PaidSessions, 1);
            yield return (SalesSum.PaidPrices, Price);
            yield return (SalesSum.ConvertedSessions, Payments > 0 ? 1 : 0);
        }

        // What expires later is taken from the active ones then, by SessionExpiries.
        if (End is { } end && end.At <= Created!.At)
            yield return (SalesSum.ClosedSessions, 1);
    }

    /// <summary>What it counts for at the event that ends it.</summary>
    public IEnumerable<(SalesSum Sum, Int128 Amount)> AtEnd()
    {
        yield return (End!.Counts!.Value, 1);
        if (End.At > Created?.At)
            yield return (SalesSum.ClosedSessions, 1);
    }
}
