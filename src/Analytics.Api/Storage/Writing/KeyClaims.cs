using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
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

    // Lateral and by whole keys, as in TraceQuestions: no plan may scan.
    const string TakenSql = """
        select taken.hash
        from unnest($3) as wanted (hash)
        cross join lateral (
            select hash
            from event_keys
            where workspace_id = $1
              and kind = $2
              and hash = wanted.hash
            offset 0
        ) taken
        """;

    // COPY takes half the time of INSERT .. ON CONFLICT but loses its work when a single key is taken. So it is used for
    // larger groups while retries are rare, and left alone for a while after it met one.
    const int SmallestCopy = 100;
    const int GroupsToAvoidCopy = 32;

    readonly CopyBuffer copy = new();
    int avoidCopy;

    /// <summary>
    /// Tries to claim a key for each event; gives those that were taken before. All facts have distinct keys.
    /// </summary>
    public async Task<HashSet<NewFact>> ClaimAsync(
        NpgsqlConnection connection, List<NewFact> facts, CancellationToken cancel)
    {
        if (facts.Count == 0)
            return [];
        facts.Sort(InKeyOrder);
        // A cluster does not tell a taken key from other troubles of COPY.
        if (facts.Count >= SmallestCopy && avoidCopy == 0 && !citus.IsOn && await CopyAsync(connection, facts, cancel))
            return [];

        var taken = await InsertAsync(connection, facts, cancel);
        avoidCopy = taken.Count > 0 ? GroupsToAvoidCopy : Math.Max(0, avoidCopy - 1);
        return taken;
    }

    /// <summary>Those of some keys of a kind that a workspace's facts have taken, as far as is committed.</summary>
    public static async Task<HashSet<UInt128>> TakenAsync(
        NpgsqlDataSource database, int workspace, KeyKind kind, IEnumerable<UInt128> keys, CancellationToken cancel)
    {
        var taken = new HashSet<UInt128>();
        await database.EachAsync(
            TakenSql, [workspace, (short)kind, keys.Select(key => key.ToUuid()).ToArray()],
            row => taken.Add(row.GetGuid(0).ToSortable()), cancel);
        return taken;
    }

    static int InKeyOrder(NewFact a, NewFact b)
    {
        var order = a.Request.Workspace.Key.CompareTo(b.Request.Workspace.Key);
        if (order == 0)
            order = ((short)a.Fact.KeyKind).CompareTo((short)b.Fact.KeyKind);
        return order != 0 ? order : a.Key.CompareTo(b.Key);
    }

    async Task<bool> CopyAsync(NpgsqlConnection connection, List<NewFact> facts, CancellationToken cancel)
    {
        copy.Clear();
        foreach (var fact in facts)
        {
            copy.StartRow(4);
            copy.Int32(fact.Request.Workspace.Key);
            copy.Int16((short)fact.Fact.KeyKind);
            copy.Uuid(fact.Key);
            copy.Uuid(fact.Id);
        }

        await connection.ExecuteAsync("savepoint claims", [], cancel);
        try
        {
            await copy.SendAsync(connection, CopySql, cancel);
            return true;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await connection.ExecuteAsync("rollback to savepoint claims", [], cancel);
            return false;
        }
    }

    static async Task<HashSet<NewFact>> InsertAsync(NpgsqlConnection connection, List<NewFact> facts, CancellationToken cancel)
    {
        SqlValue[] claims =
        [
            facts.Select(e => e.Request.Workspace.Key).ToArray(), facts.Select(e => (short)e.Fact.KeyKind).ToArray(),
            facts.Select(e => e.Key.ToUuid()).ToArray(), facts.Select(e => e.Id).ToArray(),
        ];
        var claimed = new HashSet<(int, Guid)>(facts.Count);
        await connection.EachAsync(InsertSql, claims, row => claimed.Add((row.GetInt32(0), row.GetGuid(1))), cancel);
        return claimed.Count == facts.Count
            ? []
            : [.. facts.Where(e => !claimed.Contains((e.Request.Workspace.Key, e.Key.ToUuid())))];
    }
}
