namespace Analytics.Storage.Verification;

/// <summary>An event that a row of shares, payments or refunds points to.</summary>
sealed record ReferencedEvent(Guid Id, int Type, int Share, string? PaymentId);

/// <summary>The events that rows point to: are they there, and what the rows take them for?</summary>
sealed class ReferencedEvents(StoreSnapshot snapshot, DifferenceLog log, string table)
{
    // Their ids tell the time, so each look-up touches one partition.
    const string EventsSql = """
        select e.id, e.type, coalesce(e.share, 0), e.metadata->>'payment_id'
        from unnest($2, $3) as wanted (at, name)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and timestamp = wanted.at
              and id = wanted.name
            offset 0
        ) e
        """;

    readonly Dictionary<Guid, ReferencedEvent> events = [];

    public async Task FindAsync(IEnumerable<Guid> ids, CancellationToken cancel)
    {
        var known = ids.Where(id => EventId.TimeOf(id) is not null).Distinct().ToArray();
        if (known.Length > 0)
            await snapshot.EachAsync(
                EventsSql, [known.Select(id => EventId.TimeOf(id)!.Value).ToArray(), known],
                row => events[row.GetGuid(0)] = new(row.GetGuid(0), row.GetInt32(1), row.GetInt32(2), RawEvent.Text(row, 3)), cancel);
    }

    /// <summary>
    /// The event, when it is there and tells this; reported otherwise, unless raw events of its time are gone.
    /// </summary>
    public ReferencedEvent? Check(string words, string what, Said said, Tells tells)
    {
        var time = EventId.TimestampOf(said.Id);
        if (time is not null)
            log.Compare(table, words, $"time of {what}", said.At, time.Value);
        if (events.TryGetValue(said.Id, out var e) && RawDetails.Of(snapshot.TypeName(e.Type)) == tells)
            return e;
        if (e is not null || time is null || Places.QuarterOf(time.Value) >= snapshot.Horizon)
            log.Add(table, words, what, said, null);
        return null;
    }
}
