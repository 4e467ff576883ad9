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

    /// <summary>Whether these are so few that they are claimed by a statement among others.</summary>
    public static bool AreFew(List<NewFact> facts) => facts.Count < SmallestCopy;

    /// <summary>The statement that tries to claim a key for each fact. All of them have distinct keys.</summary>
    public static NpgsqlBatchCommand Claim(List<NewFact> facts)
    {
        facts.Sort(InKeyOrder);
        return Sql.Statement(InsertSql, ValuesOf(facts));
    }

    /// <summary>Reads its answer: the facts whose keys were taken before.</summary>
    public async Task<HashSet<NewFact>> TakenAsync(NpgsqlDataReader answer, List<NewFact> facts, CancellationToken cancel)
    {
        var claimed = new HashSet<(int, Guid)>(facts.Count);
        while (await answer.ReadAsync(cancel))
            claimed.Add((answer.GetInt32(0), answer.GetGuid(1)));
        var taken = claimed.Count == facts.Count
            ? []
            : facts.Where(fact => !claimed.Contains((fact.Request.Workspace.Key, fact.Key.ToUuid()))).ToHashSet();
        avoidCopy = taken.Count > 0 ? GroupsToAvoidCopy : Math.Max(0, avoidCopy - 1);
        return taken;
    }

    /// <summary>Tries to claim a key for each of many facts; gives those whose keys were taken before.</summary>
    public async Task<HashSet<NewFact>> ClaimAsync(NpgsqlConnection connection, List<NewFact> facts, CancellationToken cancel)
    {
        facts.Sort(InKeyOrder);
        // A cluster does not tell a taken key from other troubles of COPY.
        if (avoidCopy == 0 && !citus.IsOn && await CopyAsync(connection, facts, cancel))
            return [];
        await using var command = connection.Command(InsertSql, ValuesOf(facts));
        await using var answer = await command.ExecuteReaderAsync(cancel);
        return await TakenAsync(answer, facts, cancel);
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

    static SqlValue[] ValuesOf(List<NewFact> facts) =>
    [
        facts.Select(fact => fact.Request.Workspace.Key).ToArray(), facts.Select(fact => (short)fact.Fact.KeyKind).ToArray(),
        facts.Select(fact => fact.Key.ToUuid()).ToArray(), facts.Select(fact => fact.Id).ToArray(),
    ];
}
