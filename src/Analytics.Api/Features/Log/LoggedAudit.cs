using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Features.Log;

/// <summary>What the service itself tells: few records, which are read and looked at one by one.</summary>
sealed class LoggedAudit(BoundedRead read, Workspace workspace, LogFilter filter, DateTime from, FactPlace before)
    : LogSource(read, workspace, from, before)
{
    static readonly string RowsSql = $"""
        select
        {StoredAudit.Columns}
        from audit a
        where a.workspace_id = $1
          and a.timestamp >= $2
          and a.timestamp <= $3
          and (a.timestamp, a.id) < ($3, $4)
        order by a.timestamp desc, a.id desc
        limit $5
        """;

    readonly Dictionary<FactPlace, LogRecord> records = [];

    public override Task<IEnumerable<LogRecord>> ReadAsync(IReadOnlyList<FactPlace> places) =>
        Task.FromResult(places.Select(place => records[place]));

    protected override async Task StepAsync(FactPlace before, int size, int wanted)
    {
        var rows = await Read.Connection.QueryAsync(
            RowsSql, [Workspace.Key, From, before.Timestamp, before.Id, size], row => StoredAudit.Read(row, Workspace), Read.Cancel);
        foreach (var record in rows)
            if (filter.Passes(record))
            {
                var place = PlaceOf(record);
                records.Add(place, record);
                Places.Add(place);
            }

        Frontier = rows.Count == size ? PlaceOf(rows[^1]) : null;
    }

    static FactPlace PlaceOf(LogRecord record) => new(record.CreatedAt.UtcDateTime, record.EventId);
}
