using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Statistics;

/// <summary>
/// Answers the timeseries from rollups: from the timeline, or from people's cells when customers are asked for. Metadata filters
/// and fields the rollups do not know yet are answered from the raw traces of the range.
/// </summary>
sealed class TimeseriesQuery(NpgsqlDataSource store, RegisterFields register)
{
    const int MaxRows = 100_000;
    const int MaxValues = 500_000;

    const string TypesSql = """
        select one.type, one.id, one.name, one.label
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

    public async Task<TimeseriesAnswer> AnswerAsync(
        Workspace workspace, Customer? boundTo, TimeseriesQuestion question, CancellationToken cancel)
    {
        // A date that was skipped in its zone has no periods.
        if (question.Buckets is [])
            return new TimeseriesAnswer([], []);
        await using var snapshot = await RollupSnapshot.OpenAsync(
            store, workspace.Key, [RollupCatalogue.Timeline, RollupCatalogue.People], cancel);
        var types = (await snapshot.Connection.QueryAsync(
            TypesSql, [workspace.Key, question.Sources.Select(source => (short)source).ToArray(), question.Names, question.Types],
            row => (Type: row.GetInt32(0), Names: new EventType(row.GetGuid(1), row.GetString(2), row.GetString(3))), cancel))
            .ToDictionary(row => row.Type, row => row.Names);
        var people = await PeopleLookup.OfFilterAsync(
            snapshot.Connection, workspace.Key, question.Customers, question.ExternalCustomers, boundTo, cancel);
        var numbers = await FieldCatalogue.NumbersAsync(snapshot.Connection, workspace.Key, question.Fields, cancel);
        var table = new TraceTable(question.Buckets.Count, types);
        if (question.Metadata.Count > 0 || numbers.Contains(null))
        {
            await new RawTraces(snapshot.Connection, workspace).AddAsync(table, question, people, cancel);
            register(workspace.Key, question.Fields.Where((_, at) => numbers[at] is null));
            numbers = [.. question.Fields.Select((_, at) => (short?)RawTraces.FieldOf(at))];
        }
        else
            await AddAsync(table, snapshot, question, people, [.. numbers.OfType<short>()], cancel);

        var linked = await snapshot.LinkedPeopleAsync(cancel);
        CheckSize(table.Types.Count, question);
        return new TimeseriesRows(question, [.. numbers.OfType<short>()], linked).Of(table);
    }

    static void CheckSize(int names, TimeseriesQuestion question)
    {
        var rows = names * (long)question.Buckets.Count;
        var asked = $"{question.Buckets.Count} periods x {names} names";
        if (rows > MaxRows)
            throw TooMany("interval", $"{asked} are more than {MaxRows}; ask for less.");
        if (rows * question.Fields.Length > MaxValues)
            throw TooMany("aggregate_fields", $"{asked} x {question.Fields.Length} fields are more than {MaxValues}; ask for less.");
    }

    static ProblemException TooMany(string parameter, string message) =>
        ProblemException.Invalid(new Problem(parameter, "too_many_rows", message));

    static async Task AddAsync(
        TraceTable table, RollupSnapshot snapshot, TimeseriesQuestion question, int[]? people, short[] numbers, CancellationToken cancel)
    {
        var parts = new CellParts(Set: true, Values: true, numbers.Aggregate(0UL, (bits, field) => bits | (1UL << field)));
        var rollup = people is null ? RollupCatalogue.Timeline : RollupCatalogue.People;
        await snapshot.ReadAsync(
            rollup, new BucketCover(question.Buckets, snapshot.Timeline, rollup), people, parts,
            (bucket, _, type) => table.Cell(bucket, type), cancel);
    }
}
