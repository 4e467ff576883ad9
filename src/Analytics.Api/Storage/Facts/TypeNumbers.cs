using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.Facts;

/// <summary>Gives every event its type's number; a name met for the first time becomes an event type, up to 100 000 of them.</summary>
static class TypeNumbers
{
    const int MaxNames = 100_000;

    // A portal key must not leave the backend without room.
    const int MaxNamesByPortals = MaxNames / 2;

    // Lateral and by the whole key: a plan made while the table was small would compare every stored name with every asked one.
    const string FindSql = """
        select wanted.name, one.type
        from unnest($2) as wanted (name)
        cross join lateral (
            select type
            from event_types
            where workspace_id = $1
              and name = wanted.name
            offset 0
        ) one
        """;

    const string AddSql = """
        insert into event_types (workspace_id, type, id, name, label, source, created_at)
        select $1, type, gen_random_uuid(), name, name, source, $5
        from unnest($2, $3, $4) as new (type, name, source)
        """;

    /// <summary>The numbers of those names that are event types.</summary>
    public static async Task<Dictionary<string, int>> FindAsync(
        NpgsqlConnection connection, int workspace, IReadOnlyCollection<string> names, CancellationToken cancel)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        await connection.EachAsync(FindSql, [workspace, names.ToArray()], row => found[row.GetString(0)] = row.GetInt32(1), cancel);
        return found;
    }

    /// <summary>Refuses events of new names when the workspace has no room for them.</summary>
    public static async Task AssignAsync(
        NpgsqlConnection connection, WorkspaceNames names, WorkspaceCounters counters, List<NewEvent> events, DateTime now,
        CancellationToken cancel)
    {
        var unknown = new Dictionary<string, NewName>(StringComparer.Ordinal);
        foreach (var e in events)
            if (names.Types.TryGetValue(e.Incoming.Name, out var type))
                e.Type = type;
            else if (e.Incoming.Portal is null || !unknown.ContainsKey(e.Incoming.Name))
                unknown[e.Incoming.Name] = new NewName(e.Incoming.Source, e.Incoming.Portal is not null);
        if (unknown.Count == 0)
            return;

        foreach (var (name, type) in await FindAsync(connection, counters.Workspace, unknown.Keys, cancel))
            names.Types[name] = type;
        var added = unknown
            .Where(name => !names.Types.ContainsKey(name.Key))
            .OrderBy(name => name.Value.IsPortals)
            .Where((name, at) => HasRoom(name, counters.Types + at)).ToList();
        if (added.Count > 0)
            await AddAsync(connection, names, counters, added, now, cancel);
        foreach (var e in events)
            if (names.Types.TryGetValue(e.Incoming.Name, out var type))
                e.Type = type;
            else
                e.Refuse("/name", "too_many_names", $"The workspace has {MaxNames} names, or half of them and this is a portal key.");
    }

    readonly record struct NewName(EventSource Source, bool IsPortals);

    // What the service itself tells is never lost.
    static bool HasRoom(KeyValuePair<string, NewName> name, int types) =>
        types < (name.Value.IsPortals ? MaxNamesByPortals : MaxNames) || OwnNames.Events.Contains(name.Key);

    static async Task AddAsync(
        NpgsqlConnection connection, WorkspaceNames names, WorkspaceCounters counters, List<KeyValuePair<string, NewName>> added,
        DateTime now, CancellationToken cancel)
    {
        foreach (var (name, _) in added)
            names.Types[name] = ++counters.Types;

        SqlValue[] values =
        [
            counters.Workspace, added.Select(name => names.Types[name.Key]).ToArray(), added.Select(name => name.Key).ToArray(),
            added.Select(name => (short)name.Value.Source).ToArray(), now,
        ];
        await connection.ExecuteAsync(AddSql, values, cancel);
    }
}
