using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>Reads the facts of one kind for alerts: those of a time, or some by their ids.</summary>
/// <param name="workspace">Whose.</param>
/// <param name="fields">Which fields are wanted.</param>
abstract class FactSource(Workspace workspace, IReadOnlyList<string> fields)
{
    protected const int AtOnce = 5_000;

    protected Workspace Workspace { get; } = workspace;

    protected IReadOnlyList<string> Wanted { get; } = fields;

    protected SourcedFact Fact { get; } = new(fields.Count);

    /// <summary>Reads what happened in [from, to), in order of time, and gives how much it was.</summary>
    public async Task<int> ReadAsync(
        NpgsqlConnection connection, long from, long to, Action<SourcedFact> each, CancellationToken cancel)
    {
        var (read, last, after) = (0, Sql.TimeOf(from), Guid.Empty);
        while (true)
        {
            var page = await PageAsync(connection, last, Sql.TimeOf(to), after, each, cancel);
            read += page.Count;
            if (page.Count < AtOnce)
                return read;
            (last, after) = (page.Last, page.LastId);
        }
    }

    /// <summary>Reads those with some ids, which tell their times.</summary>
    public async Task ReadAsync(NpgsqlConnection connection, IEnumerable<Guid> ids, Action<SourcedFact> each, CancellationToken cancel)
    {
        foreach (var some in ids.Chunk(AtOnce))
            await SomeAsync(connection, [.. some.Select(id => Storage.EventId.TimeOf(id)!.Value)], some, each, cancel);
    }

    protected readonly record struct FactPage(int Count, DateTime Last, Guid LastId);

    protected abstract Task<FactPage> PageAsync(
        NpgsqlConnection connection, DateTime from, DateTime to, Guid after, Action<SourcedFact> each, CancellationToken cancel);

    protected abstract Task SomeAsync(
        NpgsqlConnection connection, DateTime[] times, Guid[] ids, Action<SourcedFact> each, CancellationToken cancel);

    /// <summary>The same of rows of a table: which columns, from where.</summary>
    protected static string PageSql(string table, string columns) => $"""
        select {columns}
        from {table} f
        where f.workspace_id = $1
          and f.timestamp >= $2
          and f.timestamp < $3
          and (f.timestamp, f.id) > ($2, $4)
        order by f.timestamp, f.id
        limit {AtOnce}
        """;

    // Lateral and by whole keys; the bounds leave all other partitions out.
    protected static string SomeSql(string table, string columns) => $"""
        select {columns}
        from unnest($2::timestamptz[], $3::uuid[]) as wanted (timestamp, id)
        cross join lateral (
            select *
            from {table}
            where workspace_id = $1
              and timestamp = wanted.timestamp
              and id = wanted.id
              and timestamp between $4 and $5
            limit 1
        ) f
        """;
}
