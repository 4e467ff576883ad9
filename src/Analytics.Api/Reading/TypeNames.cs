using Analytics.Storage;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Reading;

/// <summary>Says what event types are called, by their numbers, and which are called so.</summary>
static class TypeNames
{
    // Lateral and by whole keys, and for which index; see docs/decisions/0014.
    const string NamesSql = """
        select wanted.type, known.name
        from unnest($2) as wanted (type)
        cross join lateral (
            select name
            from event_types
            where workspace_id = $1
              and type between wanted.type and wanted.type
            order by type
            limit 1
        ) known
        """;

    const string AllSql = "select type, name from event_types where workspace_id = $1";
    const string ContainingSql = "select type from event_types where workspace_id = $1 and name ilike any($2)";

    /// <summary>The names of some types.</summary>
    public static async Task<Dictionary<int, string>> OfAsync(
        NpgsqlConnection connection, int workspace, IEnumerable<int> types, CancellationToken cancel)
    {
        int[] wanted = [.. types.Distinct()];
        return wanted.Length == 0 ? [] : await ReadAsync(connection, NamesSql, [workspace, wanted], cancel);
    }

    /// <summary>Those of all types.</summary>
    public static Task<Dictionary<int, string>> AllAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        ReadAsync(connection, AllSql, [workspace], cancel);

    /// <summary>The types of some names; those that no event has are none's.</summary>
    public static async Task<int[]> NumbersAsync(
        NpgsqlConnection connection, int workspace, IReadOnlyCollection<string> names, CancellationToken cancel) =>
        [.. (await TypeNumbers.FindAsync(connection, workspace, names, cancel)).Values];

    /// <summary>The types in whose names some of the texts stand, upper and lower case alike.</summary>
    public static async Task<int[]> ContainingAsync(
        NpgsqlConnection connection, int workspace, IEnumerable<string> texts, CancellationToken cancel) =>
        [.. await connection.QueryAsync(
            ContainingSql, [workspace, texts.Select(LikePattern.Containing).ToArray()], row => row.GetInt32(0), cancel)];

    static async Task<Dictionary<int, string>> ReadAsync(
        NpgsqlConnection connection, string sql, SqlValue[] values, CancellationToken cancel)
    {
        var names = new Dictionary<int, string>();
        await connection.EachAsync(sql, values, row => names[row.GetInt32(0)] = row.GetString(1), cancel);
        return names;
    }
}
