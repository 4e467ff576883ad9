using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;

namespace Analytics.Features.Export;

/// <summary>API requests, as <c>GET /api/requests/recent</c> shows them.</summary>
sealed class RequestExport() : ExportKind("requests", [ExportTable.Requests], ColumnsOf<StoredRequest>(Json.Camel))
{
    static readonly string RowsSql = $"""
        select
            {RequestRow.Columns}
        {ExportTable.Requests.RowsSql("r")}
          and ($7 is null or r.person = any($7))
        order by r.timestamp, r.id
        """;

    public override bool IsOfCustomers => true;

    public override async Task<ExportPage> ReadAsync(ExportStep step)
    {
        var requests = await RequestsAsync(step);
        var lines = requests.ConvertAll(request =>
            ExportLine.Of(new(request.Timestamp.UtcDateTime, request.Id), request, Json.Camel, request.Path?.Length ?? 0));
        return new(lines, step.Last);
    }

    /// <summary>The requests of a step, in order.</summary>
    public static async Task<List<StoredRequest>> RequestsAsync(ExportStep step)
    {
        var (connection, cancel) = (step.Read.Connection, step.Read.Cancel);
        SqlValue[] values = [.. ExportTable.Requests.ValuesOf(step), SqlValue.Of(step.Visible)];
        var rows = await connection.QueryAsync(RowsSql, values, RequestRow.Read, cancel);
        return await new StoredRequests(connection, step.Workspace).NamedAsync(rows, cancel);
    }
}
