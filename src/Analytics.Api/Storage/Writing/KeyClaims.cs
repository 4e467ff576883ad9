using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>
/// Claims deduplication keys, in key order so that overlapping writers wait for each other instead of deadlocking. The
/// primary key of <c>event_keys</c> is what makes an event count once.
/// </summary>
sealed class KeyClaims(CitusTables citus)
{
    const string CopySql = "copy event_keys (workspace_id, kind, hash, id) from stdin (format binary)";

    const string InsertSql = """
        insert into event_keys (workspace_id, kind, hash, id)
        select workspace_id, kind, hash, id
        from unnest($1, $2, $3, $4) as claim (workspace_id, kind, hash, id)
        order by workspace_id, kind, hash -- one order for all writers
        on conflict do nothing
        returning workspace_id, hash
        """;

    // COPY takes half the time of INSERT .. ON CONFLICT but loses its work when a single key is taken. So it is used for
    // larger groups while retries are rare, and left alone for a while after it met one.
    const int SmallestCopy = 100;
    const int GroupsToAvoidCopy = 32;

    readonly CopyBuffer copy = new();
    int avoidCopy;

    /// <summary>
    /// Tries to claim a key for each event; gives those that were taken before. All events have distinct keys.
    /// </summary>
    public async Task<HashSet<NewEvent>> ClaimAsync(
        NpgsqlConnection connection, List<NewEvent> events, CancellationToken cancel)
    {
        if (events.Count == 0)
            return [];
        events.Sort(InKeyOrder);
        // A cluster does not tell a taken key from other troubles of COPY.
        if (events.Count >= SmallestCopy && avoidCopy == 0 && !citus.IsOn && await CopyAsync(connection, events, cancel))
            return [];

        var taken = await InsertAsync(connection, events, cancel);
        avoidCopy = taken.Count > 0 ? GroupsToAvoidCopy : Math.Max(0, avoidCopy - 1);
        return taken;
    }

    static int InKeyOrder(NewEvent a, NewEvent b)
    {
        var order = a.Request.Workspace.Key.CompareTo(b.Request.Workspace.Key);
        if (order == 0)
            order = ((short)a.Incoming.KeyKind).CompareTo((short)b.Incoming.KeyKind);
        return order != 0 ? order : a.Key.CompareTo(b.Key);
    }

    async Task<bool> CopyAsync(NpgsqlConnection connection, List<NewEvent> events, CancellationToken cancel)
    {
        copy.Clear();
        foreach (var e in events)
        {
            copy.StartRow(4);
            copy.Int32(e.Request.Workspace.Key);
            copy.Int16((short)e.Incoming.KeyKind);
            copy.Uuid(e.Key);
            copy.Uuid(e.Id);
        }

        await Execute(connection, "savepoint claims", cancel);
        try
        {
            await copy.SendAsync(connection, CopySql, cancel);
            return true;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await Execute(connection, "rollback to savepoint claims", cancel);
            return false;
        }
    }

    static async Task<HashSet<NewEvent>> InsertAsync(NpgsqlConnection connection, List<NewEvent> events, CancellationToken cancel)
    {
        await using var insert = new NpgsqlCommand(InsertSql, connection);
        insert.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. events.Select(e => e.Request.Workspace.Key)] });
        insert.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. events.Select(e => (short)e.Incoming.KeyKind)] });
        insert.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. events.Select(e => e.Key.ToUuid())] });
        insert.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. events.Select(e => e.Id)] });

        var claimed = new HashSet<(int, Guid)>(events.Count);
        await using (var reader = await insert.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
                claimed.Add((reader.GetInt32(0), reader.GetGuid(1)));
        return claimed.Count == events.Count
            ? []
            : [.. events.Where(e => !claimed.Contains((e.Request.Workspace.Key, e.Key.ToUuid())))];
    }

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
