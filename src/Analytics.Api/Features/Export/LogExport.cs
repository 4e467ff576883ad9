using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;

namespace Analytics.Features.Export;

/// <summary>Records of the event log: events and requests, and, but for a customer, what the service itself tells.</summary>
sealed class LogExport() : ExportKind("log", Tables, ColumnsOf<LogRecord>(Json.Camel))
{
    static readonly ExportTable[] Tables = [ExportTable.Events, ExportTable.Requests, ExportTable.Audit];
    static readonly ExportTable[] OfCustomers = [ExportTable.Events, ExportTable.Requests];

    static readonly string AuditSql = $"""
        select
        {StoredAudit.Columns}
        {ExportTable.Audit.RowsSql("a")}
        order by a.timestamp, a.id
        """;

    public override bool IsOfCustomers => true;

    public override IReadOnlyList<ExportTable> TablesFor(bool isOfCustomer) => isOfCustomer ? OfCustomers : Tables;

    public override async Task<ExportPage> ReadAsync(ExportStep step)
    {
        // Events may end the step early; then the others are read no further.
        (var events, step) = await EventExport.EventsAsync(step);
        List<ExportLine> lines = [.. events.Select(e => Line(LogRecord.Of(e.Shape(step.Workspace, Place.Unknown(e))), e.Metadata?.Length))];
        var requests = await RequestExport.RequestsAsync(step);
        lines.AddRange(requests.Select(request => Line(LoggedRequest.Of(request, step.Workspace), request.Path?.Length)));
        if (step.Visible is null)
            lines.AddRange(await step.Read.Connection.QueryAsync(
                AuditSql, ExportTable.Audit.ValuesOf(step), row => Line(StoredAudit.Read(row, step.Workspace)), step.Read.Cancel));
        lines.Sort(static (a, b) => a.Place.CompareTo(b.Place));
        return new(lines, step.Last);
    }

    static ExportLine Line(LogRecord record, int? payload = null) =>
        ExportLine.Of(new(record.CreatedAt.UtcDateTime, record.EventId), record, Json.Camel, payload ?? 0);
}
