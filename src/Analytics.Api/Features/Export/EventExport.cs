using System.Text.Json;
using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Export;

/// <summary>Events, as <c>GET /api/events/{id}</c> shows them.</summary>
sealed class EventExport() : ExportKind("events", [ExportTable.Events], ColumnsOf<Event>(Json.Snake, without: "aggregates"))
{
    static readonly string RowsSql = $"""
        select
            {EventRow.Columns}
        {ExportTable.Events.RowsSql("e")}
          and ($7 is null or e.person = any($7))
        order by e.timestamp, e.id
        """;

    const int BytesAround = 600;

    // The number of rows follows from the step before: where small events were, all may be of 16 kB.
    const int MostBytes = 1 << 22;

    public override bool IsOfCustomers => true;

    public override async Task<ExportPage> ReadAsync(ExportStep step)
    {
        (var events, step) = await EventsAsync(step);
        var places = await new Places(step.Read, step.Workspace, step.Visible, fields: [])
        {
            Most = null, Through = step.Through, AreConsecutive = step.Visible is null,
        }.OfAsync(events);
        var lines = events.ConvertAll(e => new ExportLine(
            new(e.Timestamp, e.Id), BytesAround + (e.Metadata?.Length ?? 0), json => Write(json, e, places[e.Id], step.Workspace)));
        return new(lines, step.Last);
    }

    /// <summary>
    /// The events of a step, in order; not yet where they stand in their traces. The step ends with the last of them where their metadata
    /// is long.
    /// </summary>
    public static async Task<(List<StoredEvent> Events, ExportStep Step)> EventsAsync(ExportStep step)
    {
        var (connection, cancel) = (step.Read.Connection, step.Read.Cancel);
        SqlValue[] values = [.. ExportTable.Events.ValuesOf(step), SqlValue.Of(step.Visible)];
        var (rows, bytes, isCut) = (new List<EventRow>(), 0, false);
        await connection.EachAsync(RowsSql, values, Take, cancel);
        if (isCut)
            step = step with { Last = new(rows[^1].Timestamp, rows[^1].Id) };
        return (await new NamedEvents(connection, step.Workspace, step.People).OfAsync(rows, cancel), step);

        // To end the statement would end its snapshot: what is too much goes by unread.
        void Take(NpgsqlDataReader row)
        {
            isCut = bytes >= MostBytes;
            if (isCut)
                return;
            rows.Add(EventRow.Read(row));
            bytes += rows[^1].Metadata?.Length ?? 0;
        }
    }

    // Metadata goes out as it is stored, without being read: it is most of most events.
    static void Write(Utf8JsonWriter json, StoredEvent e, Place place, Workspace workspace)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, e.Id);
        json.WriteString("external_id"u8, e.ExternalId);
        json.WriteString("name"u8, e.Name);
        json.WriteString("label"u8, e.Label);
        json.WriteString("source"u8, e.Source == EventSource.System ? "system"u8 : "user"u8);
        WriteTime(json, "timestamp"u8, e.Timestamp);
        WriteTime(json, "ingested_at"u8, e.IngestedAt);
        json.WriteString("workspace_id"u8, workspace.Id);
        WriteId(json, "customer_id"u8, e.CustomerId);
        json.WriteString("external_customer_id"u8, e.ExternalCustomerId);
        WriteId(json, "parent_id"u8, e.ParentAt(place));
        WriteId(json, "root_id"u8, place.Root);
        json.WriteString("pending_parent_id"u8, e.PendingParentAt(place));
        json.WriteNumber("child_count"u8, place.Children);
        json.WriteNumber("descendant_count"u8, place.Descendants);
        json.WritePropertyName("metadata"u8);
        json.WriteRawValue(e.Metadata ?? "{}"u8, skipInputValidation: true);
        json.WriteEndObject();
    }

    static void WriteId(Utf8JsonWriter json, ReadOnlySpan<byte> name, Guid? id)
    {
        if (id is { } known)
            json.WriteString(name, known);
        else
            json.WriteNull(name);
    }

    static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTime time)
    {
        Span<byte> text = stackalloc byte[Rfc3339.Longest];
        json.WriteString(name, text[..Rfc3339.Write(text, Rfc3339.Microseconds(new DateTimeOffset(time)))]);
    }
}
