namespace Analytics.Storage.Verification;

/// <summary>The events that rows of shares, payments or refunds point to: are they there, and what the rows take them for?</summary>
sealed class ReferencedEvents(StoreSnapshot snapshot, DifferenceLog log, string table)
{
    Dictionary<Guid, FoundEvent> events = [];

    public async Task FindAsync(IEnumerable<Guid> ids, CancellationToken cancel) => events = await snapshot.EventsAsync(ids, cancel);

    /// <summary>The event, when it is there and of this kind; reported otherwise, unless raw events of its time are gone.</summary>
    public FoundEvent? Check(string words, string what, Said said, SaleKind kind)
    {
        var time = EventId.TimestampOf(said.Id);
        if (time is not null)
            log.Compare(table, words, $"time of {what}", said.At, time.Value);
        if (events.TryGetValue(said.Id, out var e) && RawDetails.Of(snapshot.TypeName(e.Type)) == kind)
            return e;
        if (e is not null || time is null || time >= snapshot.Horizon)
            log.Add(table, words, what, said, null);
        return null;
    }
}
