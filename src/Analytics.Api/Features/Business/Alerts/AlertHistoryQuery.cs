using System.Globalization;
using System.Text.Json;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>When was an alert crossed, and by what?</summary>
sealed class AlertHistoryQuery(NpgsqlDataSource store)
{
    const string KnownSql = "select true from alerts where workspace_id = $1 and id = $2";

    static readonly Dictionary<string, SortField> Fields = new()
    {
        ["at"] = new("c.at", MayBeNull: false, last => last.Instant(0).UtcDateTime),
        ["eventId"] = new("record.id", MayBeNull: true, last => last.Guid(0)),
        ["key"] = new("nullif(c.key::text, 'null')", MayBeNull: true, last => last.Text(0)),
        ["value"] = new(Units("c.value"), MayBeNull: false, last => $"{last.Whole(0)}", IsNumber: true),
        ["limit"] = new(Units("c.threshold"), MayBeNull: false, last => $"{last.Whole(0)}", IsNumber: true),
        ["changePercent"] = new(Units("c.change_percent"), MayBeNull: true, last => $"{last.Whole(0)}", IsNumber: true),
        ["backAt"] = new("c.back_at", MayBeNull: true, last => last.Instant(0).UtcDateTime),
    };

    /// <summary>A field of the rows.</summary>
    /// <param name="Sql">What stands for it.</param>
    /// <param name="MayBeNull">Whether it is not always there.</param>
    /// <param name="Last">What the last row of a page had.</param>
    /// <param name="IsNumber">Whether it has more digits than any number here: it comes and goes as a text.</param>
    sealed record SortField(string Sql, bool MayBeNull, Func<PageCursor, SqlValue> Last, bool IsNumber = false);

    public async Task<Page<AlertCrossing>> PageAsync(Workspace workspace, Guid alert, PageRequest page, CancellationToken cancel)
    {
        if (!await store.ScalarAsync<bool>(KnownSql, [workspace.Key, alert], cancel))
            throw ProblemException.NotFound();
        var field = Fields[page.Sort];
        SqlValue[] values = [workspace.Key, alert, (short)KeyKind.Audit, (long)page.Limit + 1];
        if (page.After is { } last)
            values = last.IsNull(0) && field.MayBeNull
                ? [.. values, last.Guid(1)]
                : [.. values, last.Guid(1), field.Last(last)];
        var rows = await store.QueryAsync(
            SqlOf(field, page.Descending, values.Length), values,
            row => (Key: row.IsDBNull(0) ? null : row.GetValue(0), Id: row.GetGuid(2), Shown: Read(row)), cancel);
        var shown = Page.Of(rows, page, row => [row.Key is DateTime at ? new DateTimeOffset(at) : row.Key, row.Id]);
        return new([.. shown.Data.Select(row => row.Shown)], shown.Meta);
    }

    // Of what is never missing nothing else is put before it: then the rows come as the key has them.
    static string SqlOf(SortField field, bool descends, int values)
    {
        var (beyond, order) = descends ? ("<", "desc") : (">", "asc");
        var (isLater, last) = ($"c.id {beyond} $5", field.IsNumber ? "$6::numeric" : "$6");
        var isBeyond = $"{field.Sql} {beyond} {last} or ({field.Sql} = {last} and {isLater})";
        var after = values switch
        {
            4 => "true",
            5 => $"{field.Sql} is null and {isLater}",
            _ when field.MayBeNull => $"{isBeyond} or {field.Sql} is null",
            _ => $"({field.Sql}, c.id) {beyond} ({last}, $5)",
        };
        return $"""
            select {field.Sql}{(field.IsNumber ? "::text" : "")}, c.at, c.id, record.id, c.key::text,
                {Units("c.value")}::text, {Units("c.threshold")}::text, {Units("c.change_percent")}::text, c.back_at
            from alert_crossings c
            left join lateral (
                select id
                from event_keys
                where workspace_id = $1
                  and kind = $3
                  and hash = c.record_key
                offset 0
            ) record on true
            where c.workspace_id = $1
              and c.alert_id = $2
              and ({after})
            order by {(field.MayBeNull ? $"{field.Sql} is null, " : "")}{field.Sql} {order}, c.id {order}
            limit $4
            """;
    }

    static string Units(string column) => $"({column} * 1e12)::numeric(38)";

    static AlertCrossing Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<Guid?>(3), row.GetFieldValue<DateTimeOffset>(1), JsonElement.Parse(row.GetString(4)), NumberIn(row, 5)!.Value,
        NumberIn(row, 6)!.Value, NumberIn(row, 7), row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8));

    static ExactNumber? NumberIn(NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? null
        : new(Int128.Parse(row.GetString(column), CultureInfo.InvariantCulture));
}
