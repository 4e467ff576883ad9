using System.Text.Json;
using Analytics.Features.Business.Query;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Sales;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>Reads events for alerts.</summary>
sealed class EventSource : FactSource
{
    static readonly string Columns = $"""
        f.timestamp, f.id, f.type, coalesce(f.person, 0), f.metadata::text,
        coalesce(nullif(f.person, 0), {InheritedOwner.Sql("f")}, 0)
        """;

    static readonly string RangeSql = PageSql("events", Columns);
    static readonly string ByIdSql = SomeSql("events", Columns);

    readonly record struct Row(DateTime Time, Guid Id, int Type, int Person, byte[] Metadata, int Owner);

    readonly List<Row> rows = [];
    readonly Dictionary<int, string> names = [];
    readonly Dictionary<int, byte[]> namesAsJson = [];
    readonly FactCustomers customers;
    readonly MetadataPaths paths;
    readonly int[] fieldOf;
    readonly Range[] found;
    readonly int name;
    readonly int customer;

    public EventSource(Workspace workspace, IReadOnlyList<string> fields) : base(workspace, fields)
    {
        (name, customer) = (PlaceOf(QueryFields.Name), PlaceOf(QueryFields.Customer));
        customers = new(workspace.Key);
        fieldOf = [.. Enumerable.Range(0, fields.Count).Where(at => at != name && at != customer)];
        paths = new MetadataPaths([.. fieldOf.Select(at => QueryFields.PathOf(fields[at]))]);
        found = new Range[fieldOf.Length];
    }

    protected override async Task<FactPage> PageAsync(
        NpgsqlConnection connection, DateTime from, DateTime to, Guid after, Action<SourcedFact> each, CancellationToken cancel)
    {
        await ReadAsync(connection, RangeSql, [Workspace.Key, from, to, after], each, cancel);
        return rows.Count == 0 ? default : new(rows.Count, rows[^1].Time, rows[^1].Id);
    }

    protected override Task SomeAsync(
        NpgsqlConnection connection, DateTime[] times, Guid[] ids, Action<SourcedFact> each, CancellationToken cancel) =>
        ReadAsync(connection, ByIdSql, [Workspace.Key, times, ids, times.Min(), times.Max()], each, cancel);

    async Task ReadAsync(
        NpgsqlConnection connection, string sql, SqlValue[] values, Action<SourcedFact> each, CancellationToken cancel)
    {
        rows.Clear();
        await connection.EachAsync(sql, values, row => rows.Add(new(
            row.GetDateTime(0), row.GetGuid(1), row.GetInt32(2), row.GetInt32(3), row.Bytes(4), row.GetInt32(5))), cancel);
        await LearnAsync(connection, cancel);
        foreach (var row in rows)
        {
            Fill(row);
            each(Fact);
        }
    }

    async Task LearnAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var types = rows.Select(row => row.Type).Where(type => !names.ContainsKey(type));
        foreach (var (type, called) in await TypeNames.OfAsync(connection, Workspace.Key, types, cancel))
            (names[type], namesAsJson[type]) = (called, JsonSerializer.SerializeToUtf8Bytes(called));
        await customers.LearnAsync(connection, rows.SelectMany(row => (int[])[row.Person, row.Owner]), cancel);
    }

    void Fill(in Row row)
    {
        (Fact.Time, Fact.Id, Fact.Name, Fact.Metadata) =
            (Storage.EventId.TimestampOf(row.Id)!.Value, row.Id, names[row.Type], row.Metadata);
        Fact.Owner = customers.Of(row.Owner).Called;
        if (fieldOf.Length > 0)
            paths.Find(row.Metadata, found);
        for (var at = 0; at < fieldOf.Length; at++)
            Fact.Fields[fieldOf[at]] = row.Metadata.AsMemory(found[at]);
        if (name >= 0)
            Fact.Fields[name] = namesAsJson[row.Type];
        if (customer >= 0)
            Fact.Fields[customer] = customers.Of(row.Person).Json;
    }

    int PlaceOf(string field)
    {
        for (var at = 0; at < Wanted.Count; at++)
            if (Wanted[at] == field)
                return at;
        return -1;
    }
}
