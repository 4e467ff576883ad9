using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Apps;
using Analytics.Storage.Facts;

namespace Analytics.Features.Export;

/// <summary>A view; its viewer is a keyed hash.</summary>
sealed record ExportedView(Guid Id, Guid AppId, DateTimeOffset Timestamp, Guid? ViewerId);

/// <summary>A device that was told of; it is a keyed hash, the same in every workspace.</summary>
sealed record ExportedDevice(Guid Id, Guid AppId, DateTimeOffset Timestamp, Guid DeviceId);

/// <summary>A download; its device is a keyed hash, the same in every workspace.</summary>
sealed record ExportedDownload(Guid Id, Guid AppId, DateTimeOffset Timestamp, long Bytes, Guid? DeviceId);

/// <summary>A change of what an app stores.</summary>
sealed record ExportedChange(Guid Id, Guid AppId, DateTimeOffset Timestamp, long Bytes);

/// <summary>Views, devices, downloads or changes of storage of all apps.</summary>
sealed class AppFactExport(
    string name, AppFact what, IReadOnlyList<string> columns, Func<AppFactExport.Row, FactPlace, ExportLine> line)
    : ExportKind(name, [ExportTable.AppFacts], columns)
{
    public static readonly AppFactExport Views = new(
        "views", AppFact.View, ColumnsOf<ExportedView>(Json.Camel),
        (row, place) => ExportLine.Of(place, new ExportedView(place.Id, row.App, place.Instant, row.Subject), Json.Camel));

    public static readonly AppFactExport Devices = new(
        "devices", AppFact.Device, ColumnsOf<ExportedDevice>(Json.Camel),
        (row, place) => ExportLine.Of(place, new ExportedDevice(place.Id, row.App, place.Instant, row.Subject!.Value), Json.Camel));

    public static readonly AppFactExport Downloads = new(
        "downloads", AppFact.Download, ColumnsOf<ExportedDownload>(Json.Camel),
        (row, place) => ExportLine.Of(
            place, new ExportedDownload(place.Id, row.App, place.Instant, row.Amount, row.Subject), Json.Camel));

    public static readonly AppFactExport Storage = new(
        "storage", AppFact.StorageChange, ColumnsOf<ExportedChange>(Json.Camel),
        (row, place) => ExportLine.Of(place, new ExportedChange(place.Id, row.App, place.Instant, row.Amount), Json.Camel));

    // Devices and viewers have numbers of their own each.
    static readonly string RowsSql = $"""
        select f.timestamp, f.id, coalesce(f.amount, 0), apps.id, subjects.hash
        from (
            select *
            {ExportTable.AppFacts.RowsSql("f")}
              and f.kind = $7
        ) f
        {AppJoin("f")}
        left join lateral (
            select hash
            from app_subjects
            where workspace_id = $1
              and kind = $8
              and number = f.subject
            offset 0
        ) subjects on true
        order by f.timestamp, f.id
        """;

    /// <summary>What of a row is not its place.</summary>
    internal readonly record struct Row(Guid App, Guid? Subject, long Amount);

    /// <summary>The app of a row; a deleted one is still known.</summary>
    public static string AppJoin(string row) => $"""
        cross join lateral (
            select id
            from apps
            where workspace_id = $1
              and app = {row}.app
            offset 0
        ) apps
        """;

    public override async Task<ExportPage> ReadAsync(ExportStep step)
    {
        var subjects = what == AppFact.View ? AppSubject.Viewer : AppSubject.Device;
        SqlValue[] values = [.. ExportTable.AppFacts.ValuesOf(step), (short)what, (short)subjects];
        var lines = await step.Read.Connection.QueryAsync(
            RowsSql, values,
            row => line(
                new(row.GetGuid(3), row.IsDBNull(4) ? null : row.GetGuid(4), row.GetInt64(2)),
                FactPlace.Of(row.Microseconds(0), row.GetInt64(1))),
            step.Read.Cancel);
        return new(lines, step.Last);
    }
}
