using Analytics.Storage.Sales;

namespace Analytics.Storage.Verification;

/// <summary>Shares that end by themselves: nobody sends an event then, and it may lie ahead of all events.</summary>
sealed class Expiries(StoreSnapshot snapshot)
{
    const int Enough = 50_000;

    // That the column says what it should is checked share by share.
    const string ExpiriesSql = """
        select share, person, expiry_at
        from shares
        where workspace_id = $1
          and expiry_at >= $2
          and expiry_at < $3
        """;

    const string RunOutSql = $"""
        select {ShareRow.Columns}
        from shares s
        where s.workspace_id = $1
          and s.expires_at >= $2
          and s.expires_at < $3
          and s.expires_at <= s.created_at
        """;

    const string EnoughSql = """
        select expiry_at
        from shares
        where workspace_id = $1
          and expiry_at >= $2
        order by expiry_at
        offset $3
        limit 1
        """;

    /// <summary>Gives share, person, time and sum of every end in a time.</summary>
    public async Task EachAsync(long from, long to, Action<int, int, long, SalesSum> each, CancellationToken cancel)
    {
        var (first, end) = (Sql.TimeOf(from), Sql.TimeOf(to));
        await snapshot.EachAsync(
            ExpiriesSql, [first, end],
            row => each(row.GetInt32(0), row.GetInt32(1), row.Microseconds(2), SalesSum.SessionExpiries), cancel);
        await snapshot.EachAsync(RunOutSql, [first, end], row =>
        {
            // What had run out when it was created is never active, and expired at its time; time begins in 2000.
            if (ShareRow.Read(row) is { HasRunOut: true } share)
                each(share.Number, share.Person, Math.Max(SlotCalendar.Year2000, share.ExpiresAt!.Value), SalesSum.ExpiredSessions);
        }, cancel);
    }

    /// <summary>The end of the day by which enough shares expire after this time; null when there are not that many.</summary>
    public async Task<long?> EndAsync(long after, CancellationToken cancel)
    {
        var last = await snapshot.ReadAsync(EnoughSql, [Sql.TimeOf(after), Enough], row => row.Microseconds(0), cancel);
        return last is [var time] ? SlotCalendar.EndOfDay(time) : null;
    }
}
