using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Statistics;

/// <summary>What the answer says of an event type.</summary>
sealed record EventType(Guid Id, string Name, string Label);

/// <summary>
/// Answers the timeseries from rollups: from the timeline, or from people's cells when customers are asked for. Metadata filters
/// and fields the rollups do not know yet are answered from the raw traces of the range. A portal key is answered from its customer's
/// events only: what rollups say of traces that others have a part in is put right.
/// </summary>
sealed class TimeseriesQuery(NpgsqlDataSource store, RegisterFields register)
{
    const string TypesSql = """
        select one.type
        from (
            select named.*
            from (select distinct name from unnest($3) as asked (name)) wanted
            cross join lateral (
                select *
                from event_types
                where workspace_id = $1
                  and name = wanted.name
                offset 0
            ) named
            union all
            select *
            from event_types
            where workspace_id = $1
              and cardinality($3) = 0
        ) one
        where one.source = any($2)
          and (cardinality($4) = 0 or one.id = any($4))
        """;

    const string NamesSql = """
        select one.type, one.id, one.name, one.label
        from unnest($2) as wanted (type)
        cross join lateral (
            select *
            from event_types
            where workspace_id = $1
              and type between wanted.type and wanted.type
            order by type
            limit 1
        ) one
        """;

    public async Task<TimeseriesAnswer> AnswerAsync(
        Workspace workspace, Customer? boundTo, TimeseriesQuestion question, CancellationToken cancel)
    {
        // A date that was skipped in its zone has no periods.
        if (question.Buckets is [])
            return new TimeseriesAnswer([], []);
        await using var snapshot = await RollupSnapshot.OpenAsync(
            store, workspace.Key, [EventRollups.Timeline, EventRollups.People], cancel);
        var visible = await PeopleLookup.VisibleAsync(snapshot.Connection, workspace.Key, boundTo, cancel);
        var people = await PeopleLookup.OfFilterAsync(
            snapshot.Connection, workspace.Key, question.Customers, question.ExternalCustomers, visible, cancel);
        var fields = await FieldCatalogue.NumbersAsync(snapshot.Connection, workspace.Key, question.Fields, cancel);
        var isRaw = question.Metadata.Count > 0 || fields.Contains(null);
        var known = isRaw ? [.. question.Fields.Select((_, at) => RawTraces.FieldOf(at))] : fields.OfType<short>().ToArray();

        var rows = new TimeseriesRows(question, known, await snapshot.LinkedPeopleAsync(cancel));
        var asked = await AskedAsync(snapshot, workspace, question, cancel);
        if (isRaw)
            await AddRawAsync(rows, asked, new RawTraces(snapshot.Connection, workspace, question, people, visible), question, cancel);
        else
        {
            var own = visible is null ? null : new OwnTraces(snapshot.Connection, workspace, visible, question.Fields);
            await AddRolledAsync(rows, asked, new RolledTraces(snapshot, people, known, own), question, cancel);
        }

        // A portal key would fill the workspace's few places with whatever it likes.
        if (isRaw && boundTo is null)
            register(workspace.Key, question.Fields.Where((_, at) => fields[at] is null));
        return rows.Answer(await NamesAsync(snapshot, workspace, rows.Types, cancel));
    }

    static async Task AddRawAsync(
        TimeseriesRows rows, HashSet<int> asked, RawTraces raw, TimeseriesQuestion question, CancellationToken cancel) =>
        await new TracePatches(question, rows).AddAsync(asked, isKnown: false, raw.AddAsync, cancel);

    /// <summary>Where the answer may be large it is first looked how large: types with roots are counted, nothing else is read.</summary>
    static async Task AddRolledAsync(
        TimeseriesRows rows, HashSet<int> asked, RolledTraces rolled, TimeseriesQuestion question, CancellationToken cancel)
    {
        var patches = new TracePatches(question, rows);
        var isSmall = TracePatches.IsOne(asked.Count, question);
        if (!isSmall)
        {
            asked = await rolled.TypesAsync(asked, question.Buckets, cancel);
            question.CheckSize(asked.Count);
        }
        await patches.AddAsync(asked, isKnown: !isSmall, rolled.AddAsync, cancel);
    }

    static async Task<HashSet<int>> AskedAsync(
        RollupSnapshot snapshot, Workspace workspace, TimeseriesQuestion question, CancellationToken cancel)
    {
        var asked = new HashSet<int>();
        await snapshot.Connection.EachAsync(
            TypesSql, [workspace.Key, question.Sources.Select(source => (short)source).ToArray(), question.Names, question.Types],
            row => asked.Add(row.GetInt32(0)), cancel);
        return asked;
    }

    static async Task<Dictionary<int, EventType>> NamesAsync(
        RollupSnapshot snapshot, Workspace workspace, IReadOnlyCollection<int> types, CancellationToken cancel)
    {
        var names = new Dictionary<int, EventType>();
        await snapshot.Connection.EachAsync(
            NamesSql, [workspace.Key, types.ToArray()],
            row => names.Add(row.GetInt32(0), new EventType(row.GetGuid(1), row.GetString(2), row.GetString(3))), cancel);
        return names;
    }
}

/// <summary>Adds up traces from rollups: everybody's from the timeline, some people's from their own cells.</summary>
sealed class RolledTraces(RollupSnapshot snapshot, int[]? people, short[] fields, OwnTraces? own)
{
    readonly Rollup rollup = people is null ? EventRollups.Timeline : EventRollups.People;
    readonly CellParts parts = new(Set: true, Values: true, fields.Aggregate(0UL, (bits, field) => bits | (1UL << field)));

    public async Task AddAsync(TraceTable table, IReadOnlyList<Bucket> buckets, CancellationToken cancel)
    {
        await snapshot.ReadAsync(
            rollup, new BucketCover(buckets, snapshot.Timeline, rollup), people, parts, (bucket, _, type) => table.Cell(bucket, type),
            cancel);
        if (own is not null && people is not null)
            await own.CorrectAsync(table, buckets, people, fields, cancel);
    }

    /// <summary>Those of some types that have a root in any of the buckets: from the coarsest slots, one cell at a time.</summary>
    public async Task<HashSet<int>> TypesAsync(HashSet<int> types, IReadOnlyList<Bucket> buckets, CancellationToken cancel)
    {
        var roots = new Dictionary<int, long>();
        var each = new OneCell<int>((type, part) =>
        {
            if (part.Roots != 0)
                roots[type] = roots.GetValueOrDefault(type) + part.Roots;
        });
        var range = new Bucket(buckets[0].From, buckets[^1].To, buckets[0].From, buckets[^1].To);
        await snapshot.ReadAsync(
            rollup, new BucketCover([range], snapshot.Timeline, rollup), people, CellParts.Sums,
            (_, _, type) => types.Contains(type) ? each.For(type) : null, cancel);
        each.End();
        return [.. roots.Where(type => type.Value > 0).Select(type => type.Key)];
    }
}
