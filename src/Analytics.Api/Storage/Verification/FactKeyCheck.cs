namespace Analytics.Storage.Verification;

/// <summary>Does every deduplication key of a kind stand for a row of its table? Of events <see cref="KeyCheck"/> says more.</summary>
/// <param name="snapshot">Everything is read in it.</param>
/// <param name="log">Takes the differences.</param>
/// <param name="kind">The keys' kind.</param>
/// <param name="table">The table.</param>
/// <param name="hasTails">Whether the table's id is the tail of the fact's.</param>
sealed class FactKeyCheck(StoreSnapshot snapshot, DifferenceLog log, KeyKind kind, string table, bool hasTails)
{
    // Lateral and by whole keys: over a table without statistics a join goes through all of it.
    string MissingSql => $"""
        select key.hash, key.id
        from unnest($2, $3, $4, $5) as key (hash, id, timestamp, tail)
        left join lateral (
            select true as is_there
            from {table}
            where workspace_id = $1
              and timestamp = key.timestamp
              and id = key.{(hasTails ? "tail" : "id")}
            offset 0
        ) stored on true
        where stored.is_there is null
        """;

    /// <summary>The next keys in the order of their hashes; gives the last one's, or null after the end.</summary>
    public async Task<Guid?> RunAsync(Guid after, int most, CancellationToken cancel)
    {
        var keys = await snapshot.ReadAsync(
            KeyCheck.KeysSql, [(short)kind, after, most], row => (Hash: row.GetGuid(0), Id: row.GetGuid(1)), cancel);
        var retained = keys.FindAll(key => !snapshot.IsSealed(key.Id));
        SqlValue[] values =
        [
            retained.Select(key => key.Hash).ToArray(), retained.Select(key => key.Id).ToArray(),
            retained.Select(key => EventId.TimeOf(key.Id) ?? DateTime.UnixEpoch).ToArray(),
            retained.Select(key => EventId.TailOf(key.Id)).ToArray(),
        ];
        await snapshot.EachAsync(
            MissingSql, values, row => log.Add("keys", $"key {row.GetGuid(0)}", $"row of {table}", row.GetGuid(1), null), cancel);
        return keys.Count < most ? null : keys[^1].Hash;
    }
}
