using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Export;

/// <summary>An invocation of an app's server route; <c>timestamp</c> is its <c>startedAt</c>.</summary>
sealed record ExportedInvocation(
    Guid Id, Guid AppId, DateTimeOffset Timestamp, string Method, string Path, string? Username, DateTimeOffset StartedAt,
    ExactNumber DurationMs, int StatusCode, long MemoryPeakBytes, string? Error);

/// <summary>Invocations of all apps' server routes.</summary>
sealed class InvocationExport() : ExportKind("invocations", [ExportTable.Invocations], ColumnsOf<ExportedInvocation>(Json.Camel))
{
    static readonly string RowsSql = $"""
        select i.timestamp, i.id, apps.id, i.method, i.path, i.username, i.duration, i.status, i.memory, i.error
        from (
            select *
            {ExportTable.Invocations.RowsSql("i")}
        ) i
        {AppFactExport.AppJoin("i")}
        order by i.timestamp, i.id
        """;

    public override async Task<ExportPage> ReadAsync(ExportStep step)
    {
        var values = ExportTable.Invocations.ValuesOf(step);
        return new(await step.Read.Connection.QueryAsync(RowsSql, values, Line, step.Read.Cancel), step.Last);
    }

    static ExportLine Line(NpgsqlDataReader row)
    {
        var place = FactPlace.Of(row.Microseconds(0), row.GetInt64(1));
        var invocation = new ExportedInvocation(
            place.Id, row.GetGuid(2), place.Instant, row.GetString(3), row.GetString(4), OrNull(row.GetString(5)), place.Instant,
            ExactNumber.Milliseconds(row.GetInt64(6)), row.GetInt16(7), row.GetInt64(8), OrNull(row.GetString(9)));
        return ExportLine.Of(place, invocation, Json.Camel, invocation.Path.Length + (invocation.Error?.Length ?? 0));
    }

    static string? OrNull(string text) => text.Length == 0 ? null : text;
}
