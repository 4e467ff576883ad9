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

    const string Sql = """
        select c.at, c.id, record.id, c.key::text, (c.value * 1e12)::numeric(38)::text, (c.threshold * 1e12)::numeric(38)::text,
            (c.change_percent * 1e12)::numeric(38)::text, c.back_at
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
          and ($4::timestamptz is null or (c.at, c.id) < ($4, $5))
        order by c.at desc, c.id desc
        limit $6
        """;

    public async Task<Page<AlertCrossing>> PageAsync(Workspace workspace, Guid alert, PageRequest page, CancellationToken cancel)
    {
        if (!await store.ScalarAsync<bool>(KnownSql, [workspace.Key, alert], cancel))
            throw ProblemException.NotFound();
        var rows = await store.QueryAsync(
            Sql,
            [
                workspace.Key, alert, (short)KeyKind.Audit, SqlValue.Of(page.After?.Instant(0).UtcDateTime),
                page.After?.Guid(1) ?? Guid.Empty, (long)page.Limit + 1,
            ],
            row => (At: row.GetFieldValue<DateTimeOffset>(0), Id: row.GetGuid(1), Shown: Read(row)), cancel);
        var shown = Page.Of(rows, page, row => [row.At, row.Id]);
        return new([.. shown.Data.Select(row => row.Shown)], shown.Meta);
    }

    static AlertCrossing Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<Guid?>(2), row.GetFieldValue<DateTimeOffset>(0), JsonElement.Parse(row.GetString(3)), NumberIn(row, 4)!.Value,
        NumberIn(row, 5)!.Value, NumberIn(row, 6), row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7));

    static ExactNumber? NumberIn(NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? null
        : new(Int128.Parse(row.GetString(column), CultureInfo.InvariantCulture));
}
