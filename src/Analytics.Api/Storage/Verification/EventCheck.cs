namespace Analytics.Storage.Verification;

/// <summary>Do raw events stand as they should: numbers that exist, keys that lead to them, the parents they were sent with?</summary>
sealed class EventCheck(StoreSnapshot snapshot, DifferenceLog log)
{
    const string Rollup = "events";

    public async Task RunAsync(IReadOnlyList<RawEvent> events, CancellationToken cancel)
    {
        foreach (var e in events)
            Stands(e);
        var hashes = events.SelectMany(e => new[] { (e.Portal, Text: e.ExternalId), (e.Portal, Text: e.ParentRef) })
            .Where(name => name.Text is not null).Distinct()
            .ToDictionary(name => (name.Portal, name.Text!), name => snapshot.Counters.HashOf(name.Text!, KeyKind.Event, name.Portal));
        var keys = await snapshot.KeysAsync(hashes.Values, cancel);
        var ids = events.SelectMany(e => new[] { e.Parent, IdIn(e.ParentRef) }).OfType<Guid>();
        var parents = await snapshot.EventsAsync(ids, cancel);
        foreach (var e in events)
        {
            if (e.ExternalId is { } own)
                log.Compare("keys", $"external id of {Words(e)}", "event", Found(keys, hashes[(e.Portal, own)]), e.Id);
            if (e.Parent is { } parent && !RawEvent.IsHash(parent) && !parents.ContainsKey(parent) && !snapshot.IsSealed(parent))
                log.Add(Rollup, Words(e), "parent", parent, null);
            if (e.ParentRef is { } text)
                IsNamed(e, text, hashes[(e.Portal, text)], keys, parents);
        }
    }

    void Stands(RawEvent e)
    {
        if (EventId.TimestampOf(e.Id) != e.Timestamp)
            log.Add(Rollup, Words(e), "time in its id", EventId.TimeOf(e.Id), e.Time);
        if (!snapshot.Types.ContainsKey(e.Type))
            log.Add(Rollup, Words(e), "type", e.Type, null);
        // That everybody up to the counter has a row is checked with the counters.
        if (e.Person < 0 || e.Person > snapshot.Counters.People)
            log.Add(Rollup, Words(e), "person", e.Person, null);
        if (e.Sequence < 1 || e.Sequence > snapshot.Counters.Sequence)
            log.Add(Rollup, Words(e), "sequence", e.Sequence, $"at most {snapshot.Counters.Sequence}");
        if (e.Parent is null && (e.Trace is not null || e.ParentRef is not null))
            log.Add(Rollup, Words(e), "parent", null, e.ParentRef ?? $"one, as it joined trace {e.Trace}");
    }

    /// <summary>
    /// A parent is stored as its id, found by external id or by id, whichever held when the child came; or as the hash of
    /// what it was called, when nobody had that name. An id that already existed can not have been pending, unless a portal key named
    /// it, for which others' events are none.
    /// </summary>
    void IsNamed(RawEvent e, string text, Guid hash, Dictionary<Guid, Guid> keys, Dictionary<Guid, FoundEvent> events)
    {
        var byKey = Found(keys, hash);
        var byId = IdIn(text) is { } id && events.ContainsKey(id) ? id : (Guid?)null;
        if (e.Parent == hash && (byKey is not null || byId is null || e.Portal is not null))
            return;
        if (e.Parent is { } gone && gone == IdIn(text) && snapshot.IsSealed(gone))
            return;
        if (e.Parent is null || (e.Parent != byKey && e.Parent != byId))
            log.Add(Rollup, Words(e), "parent", e.Parent, byKey ?? byId ?? hash);
    }

    static Guid? IdIn(string? text) => Guid.TryParse(text, out var id) ? id : null;

    static Guid? Found(Dictionary<Guid, Guid> keys, Guid hash) => keys.TryGetValue(hash, out var id) ? id : null;

    string Words(RawEvent e) => $"event {e.Id}, {snapshot.TypeName(e.Type)}";
}
