namespace Analytics.Storage.Verification;

/// <summary>Does every deduplication key stand for an event? One that does not would make a new event a duplicate of nothing.</summary>
sealed class KeyCheck(StoreSnapshot snapshot, DifferenceLog log, KeyKind kind)
{
    internal const string KeysSql = """
        select hash, id
        from event_keys
        where workspace_id = $1
          and kind = $2
          and hash > $3
        order by hash
        limit $4
        """;

    /// <summary>The next keys in the order of their hashes; gives the last one's, or null after the end.</summary>
    public async Task<Guid?> RunAsync(Guid after, int most, CancellationToken cancel)
    {
        var keys = await snapshot.ReadAsync(KeysSql, [(short)kind, after, most], row => (Hash: row.GetGuid(0), Id: row.GetGuid(1)), cancel);
        var events = await snapshot.EventsAsync(keys.Select(key => key.Id), cancel);
        foreach (var (hash, id) in keys)
            if (!events.TryGetValue(id, out var e))
                Missing(hash, id);
            // After an erasure the hash is all that is left of the text.
            else if (e.ExternalId is { } text && snapshot.Counters.HashOf(text, kind, e.Portal) is var expected && expected != hash)
                log.Add("keys", $"key {hash}", "hash of the external id", hash, expected);
        return keys.Count < most ? null : keys[^1].Hash;
    }

    void Missing(Guid hash, Guid id)
    {
        if (EventId.TimestampOf(id) is not { } time || time >= snapshot.Horizon)
            log.Add("keys", $"key {hash}", "event", id, null);
    }
}
