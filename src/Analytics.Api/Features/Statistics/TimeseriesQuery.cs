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
/// and fields the rollups do not know yet are answered from the raw traces of the range. A portal key is answered from its customer's
/// events only: what rollups say of traces that others have a part in is put right.
/// </summary>
sealed class TimeseriesQuery(NpgsqlDataSource store, RegisterFields register)
{
    const int MaxRows = 100_000;
    const int MaxValues = 500_000;

    const string TypesSql = """
        select type, id, name, label
        from event_types
        where workspace_id = $1
          and source = any($2)
          and (cardinality($3::text[]) = 0 or name = any($3))
          and (cardinality($4::uuid[]) = 0 or id = any($4))
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
        var visible = boundTo is null
            ? null
            : await PeopleLookup.OfCustomersAsync(snapshot.Connection, workspace.Key, [boundTo.Id], cancel);
        var numbers = await FieldCatalogue.NumbersAsync(snapshot.Connection, workspace.Key, question.Fields, cancel);
        var table = new TraceTable(question.Buckets.Count, types);
        if (question.Metadata.Count > 0 || numbers.Contains(null))
        {
            await new RawTraces(snapshot.Connection, workspace, visible).AddAsync(table, question, people, cancel);
            // A portal key would fill the workspace's few places with whatever it likes.
            if (boundTo is null)
                register(workspace.Key, question.Fields.Where((_, at) => numbers[at] is null));
            numbers = [.. question.Fields.Select((_, at) => (short?)RawTraces.FieldOf(at))];
        }
        else
        {
            await AddAsync(table, snapshot, question, people, [.. numbers.OfType<short>()], cancel);
            if (visible is not null)
                await new OwnTraces(snapshot.Connection, workspace, visible)
                    .CorrectAsync(table, question, people!, [.. numbers.OfType<short>()], cancel);
        }

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
