using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;

namespace Analytics.Features.Log;

/// <summary>The workspace's events as records of the log. What they do not say in <c>metadata._log</c> follows from their names.</summary>
sealed class LoggedEvents : ScannedSource
{
    static readonly string RowsSql = $"""
        select
        {EventRow.Columns}
        from unnest($2, $3) as wanted (timestamp, id)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and timestamp = wanted.timestamp
              and id = wanted.id
            offset 0
        ) e
        """;

    readonly LogFilter filter;
    readonly int[]? visible;
    int[]? types;
    int[] namedLike = [];

    // Most names are of one class: those of the others are few.
    Dictionary<LogClass, int[]> typesOf = [];

    LoggedEvents(BoundedRead read, Workspace workspace, LogFilter filter, int[]? visible, DateTime from, FactPlace before)
        : base(read, workspace, from, before, "events") => (this.filter, this.visible) = (filter, visible);

    /// <summary>Null when no event can be among those that are asked for.</summary>
    public static async Task<LoggedEvents?> OfAsync(
        BoundedRead read, Workspace workspace, LogFilter filter, int[]? visible, DateTime from, FactPlace before)
    {
        var events = new LoggedEvents(read, workspace, filter, visible, from, before);
        if (visible is [] || !await events.ResolveAsync())
            return null;
        if (filter.HasClasses)
        {
            var snapshot = await RollupSnapshot.WithinAsync(read, workspace.Key, [LogRollups.Classes]);
            events.Rare = await RareMinutes.OfAsync(
                snapshot, LogRollups.Classes, number => filter.Passes(LogClass.OfNumber(number)), from, before.Timestamp, read.Cancel);
        }

        return events;
    }

    public override async Task<IEnumerable<LogRecord>> ReadAsync(IReadOnlyList<FactPlace> places)
    {
        SqlValue[] values = [Workspace.Key, places.Select(place => place.Timestamp).ToArray(), places.Select(place => place.Id).ToArray()];
        var rows = await Read.Connection.QueryAsync(RowsSql, values, EventRow.Read, Read.Cancel);
        var events = await new NamedEvents(Read.Connection, Workspace).OfAsync(rows, Read.Cancel);
        return events.Select(e => LogRecord.Of(e.Shape(Workspace, Place.Unknown(e))));
    }

    protected override string? Condition(SqlValues values)
    {
        var conditions = new List<string>();
        if (visible is not null)
            conditions.Add($"e.person = any({values.Add(visible)})");
        if (types is not null)
            conditions.Add($"e.type = any({values.Add(types)})");
        if (filter.Least > LogSeverity.Info)
            conditions.Add(Said("severity", LogClass.Severities, values, said => said.Severity >= filter.Least));
        if (filter.Categorised.Length > 0)
            conditions.Add(Said("category", LogClass.Categories, values, said => filter.Categorised.Contains(said.Category)));
        foreach (var (member, texts) in ((string, string[])[])
        [
            ("actor_id", filter.Actors), ("target_type", filter.TargetTypes), ("target_id", filter.TargetIds),
            ("correlation_id", filter.Correlations),
        ])
            if (texts.Length > 0)
                conditions.Add($$"""
                    (e.metadata #>> '{_log,{{member}}}' = any({{values.Add(texts)}})
                        and jsonb_typeof(e.metadata #> '{_log,{{member}}}') in ('string', 'number'))
                    """);
        if (filter.Texts.Length > 0)
            conditions.Add($"""
                (e.type = any({values.Add(namedLike)})
                    or jsonb_path_exists(e.metadata, {values.Add(TextSearch.InStrings(filter.Texts))}::jsonpath))
                """);
        return conditions.Count == 0 ? null : string.Join("\n  and ", conditions);
    }

    /// <summary>What is said counts when there is such a word; else the name's class does.</summary>
    string Said(string member, string[] words, SqlValues values, Func<LogClass, bool> isWanted)
    {
        var said = $$"""upper(e.metadata #>> '{_log,{{member}}}')""";
        var byName = typesOf.Keys.Where(isWanted).SelectMany(kind => typesOf[kind]).ToArray();
        var others = typesOf.Keys.Where(kind => !isWanted(kind)).SelectMany(kind => typesOf[kind]).ToArray();
        // Of the two lists of types the shorter one is compared with.
        var inName = byName.Length <= others.Length
            ? $"e.type = any({values.Add(byName)})"
            : $"not e.type = any({values.Add(others)})";
        var wanted = words.Where((_, at) => isWanted(member == "severity" ? new((LogSeverity)at, default) : new(default, (LogCategory)at)));
        return $"""
            case
                when {said} = any({values.Add(words)}) then {said} = any({values.Add(wanted.ToArray())})
                else {inName}
            end
            """;
    }

    /// <summary>Finds the types that names stand for; false when there is none of those that are asked for.</summary>
    async Task<bool> ResolveAsync()
    {
        if (filter.Types.Length > 0)
        {
            types = await TypeNames.NumbersAsync(Read.Connection, Workspace.Key, filter.Types, Read.Cancel);
            if (types.Length == 0)
                return false;
        }

        if (filter.Texts.Length > 0)
            namedLike = await TypeNames.ContainingAsync(Read.Connection, Workspace.Key, filter.Texts, Read.Cancel);
        if (filter.HasClasses)
            typesOf = (await TypeNames.AllAsync(Read.Connection, Workspace.Key, Read.Cancel))
                .GroupBy(type => LogClass.Of(type.Value), type => type.Key).ToDictionary(kind => kind.Key, kind => kind.ToArray());
        return true;
    }
}
