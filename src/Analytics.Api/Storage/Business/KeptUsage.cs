using System.Globalization;
using System.Text;
using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>
/// What events of people that are erased count for, kept in the event's row: filters and distinct values may hang on texts that go. Units
/// that come later go by what is left. A row holds the last unit there was, then each unit that the event matches with the number of the
/// distinct value it counts, 0 for none.
/// </summary>
sealed class KeptUsage(NpgsqlConnection connection, int workspace, byte[] hashKey)
{
    const string LastSql = "select coalesce(max(unit), 0) from billable_units where workspace_id = $1";

    const string TypesSql = "select type, name from event_types where workspace_id = $1 and name = any($2)";

    /// <summary>
    /// What to keep of some events, as an array of Postgres; null where nothing was counted. Of those that an earlier erasure took texts
    /// from, what it kept is kept on. Under the workspace's lock.
    /// </summary>
    public async Task<string?[]> OfAsync(IReadOnlyList<(int Type, string? Metadata, int[]? Kept)> events, CancellationToken cancel)
    {
        var kept = new string?[events.Count];
        var byName = UnitMatch.ByName(await Unit.LivingAsync(connection, workspace, cancel));
        if (byName.Count == 0)
            return kept;
        var byType = new Dictionary<int, UnitMatch>();
        await connection.EachAsync(
            TypesSql, [workspace, byName.Keys.ToArray()], row => byType.Add(row.GetInt32(0), byName[row.GetString(1)]), cancel);
        var last = await connection.ScalarAsync<int>(LastSql, [workspace], cancel);
        var marks = events.Select(e => byType.TryGetValue(e.Type, out var match) ? MarksOf(match, e.Metadata, e.Kept) : null).ToList();
        var texts = new TextNumbers(connection, workspace, hashKey, new KnownTexts());
        await texts.AssignAsync(
            TextKind.UniqueValue,
            marks.SelectMany(some => some ?? []).Where(mark => mark.Value is not null)
                .Select(mark => (ReadOnlyMemory<byte>)mark.Value), cancel);
        for (var at = 0; at < kept.Length; at++)
            if (marks[at] is { } some)
                kept[at] = "{" + string.Join(',', some.SelectMany(mark => PairsOf(mark, texts)).Prepend(last)
                    .Select(number => number.ToString(CultureInfo.InvariantCulture))) + "}";
        return kept;
    }

    static List<UnitMark> MarksOf(UnitMatch match, string? metadata, int[]? kept)
    {
        var marks = new List<UnitMark>();
        match.Mark(metadata is null ? [] : Encoding.UTF8.GetBytes(metadata), 0, UnitPart.All, kept, marks);
        return marks;
    }

    static IEnumerable<int> PairsOf(UnitMark mark, TextNumbers texts) => mark.Match.Of(mark.Units).SelectMany(unit => (int[])
    [
        unit.Number,
        unit.Aggregation != Aggregation.Unique ? 0 : mark.Value is null ? mark.Kept : texts.Of(TextKind.UniqueValue, mark.Value),
    ]);
}
