using System.Text;
using System.Text.Json;
using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Audit;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>
/// Saves what the watch found, and what is to be told of it, in one transaction: so that it is told once. What another node told of a
/// later minute, and alerts that were changed meanwhile, are left alone.
/// </summary>
sealed class AlertTelling(NpgsqlDataSource store)
{
    const string TakeSql = """
        update alert_watches
        set looked_at = $3
        where workspace_id = $1
          and revision = $2
          and (looked_at is null or looked_at <= $3)
        """;

    const string OpenSql = "select alert_id, key::text from alert_crossings where workspace_id = $1 and is_open";

    const string BackSql = """
        update alert_crossings
        set back_at = $4, is_open = false
        where workspace_id = $1
          and alert_id = $2
          and key = $3::jsonb
          and is_open
        """;

    const string AddSql = """
        insert into alert_crossings
            (workspace_id, alert_id, at, id, record_key, key, value, threshold, change_percent, is_open, owners, dimension)
        values ($1, $2, $3, $4, $5, $6::jsonb, $7::numeric, $8::numeric, $9::numeric, true, $10::jsonb, $11)
        """;

    const string TellSql = """
        insert into outbox (workspace_id, id, subject, name, timestamp, metadata, is_audit)
        values ($1, $2, $3, $4, $5, $6::jsonb, true)
        """;

    const string LargeSql = "update alerts set too_large = id = any($2) where workspace_id = $1 and too_large <> (id = any($2))";

    /// <summary>The keys that alerts are crossed by.</summary>
    public static async Task<ILookup<Guid, byte[]>> OpenAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel) =>
        (await connection.QueryAsync(OpenSql, [workspace], row => (Alert: row.GetGuid(0), Key: AlertKeys.Of(row.Bytes(1))), cancel))
        .ToLookup(open => open.Alert, open => open.Key);

    /// <summary>False when there is something newer than what is known here.</summary>
    public async Task<bool> SaveAsync(
        Workspace workspace, int revision, long end, IReadOnlyList<FoundCrossing> found, IEnumerable<Guid> tooLarge,
        CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await connection.ExecuteAsync(TakeSql, [workspace.Key, revision, Sql.TimeOf(end)], cancel) == 0)
            return false;
        var open = await OpenAsync(connection, workspace.Key, cancel);
        foreach (var (held, finding) in found)
        {
            var isOpen = open[held.Alert.Id].Any(key => key.AsSpan().SequenceEqual(finding.Key));
            if (finding.IsCrossed && !isOpen)
                await AddAsync(connection, workspace, held.Alert, finding, end, cancel);
            else if (!finding.IsCrossed && isOpen)
                await connection.ExecuteAsync(
                    BackSql, [workspace.Key, held.Alert.Id, AlertKeys.JsonOf(finding.Key), Sql.TimeOf(end)], cancel);
        }

        await connection.ExecuteAsync(LargeSql, [workspace.Key, tooLarge.ToArray()], cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    static async Task AddAsync(
        NpgsqlConnection connection, Workspace workspace, WatchedAlert alert, KeyFinding finding, long end, CancellationToken cancel)
    {
        var id = Guid.NewGuid();
        var payload = PayloadOf(alert, finding, end);
        var name = alert.Condition.LooksAtChange ? OwnNames.AnomalyDetected : OwnNames.ThresholdExceeded;
        var record = new AuditRecord(
            name, LogClass.Of(name).CategoryWord, alert.Severity, "alert", $"{alert.Id}",
            JsonSerializer.SerializeToElement(payload, Json.Camel));
        await connection.ExecuteAsync(AddSql,
        [
            workspace.Key, alert.Id, Sql.TimeOf(end), id, RecordKeyOf(workspace, id), AlertKeys.JsonOf(finding.Key), TextOf(payload.Value),
            TextOf(payload.Limit), SqlValue.Of(payload.ChangePercent is { } change ? TextOf(change) : null),
            SqlValue.Of(finding.Owners is { } owners ? JsonSerializer.Serialize(owners) : null),
            SqlValue.Of(alert.Query?.Dimension),
        ], cancel);
        await connection.ExecuteAsync(
            TellSql, [workspace.Key, id, workspace.Id, name, Sql.TimeOf(end), JsonSerializer.Serialize(record)], cancel);
    }

    static AlertPayload PayloadOf(WatchedAlert alert, KeyFinding finding, long end) => new(
        alert.Id, alert.Name, JsonElement.Parse(AlertKeys.JsonOf(finding.Key)), alert.Shown(finding.Value!.Value), alert.Condition.Limit,
        alert.Condition.ChangeOf(finding.Value, finding.Before), alert.Window, Rfc3339.ToInstant(alert.FromOf(end)),
        Rfc3339.ToInstant(end));

    // As the writer will know the record.
    static Guid RecordKeyOf(Workspace workspace, Guid id) =>
        KeyHash.Of(workspace.HashKey, KeyKind.Audit, null, Encoding.ASCII.GetBytes(id.ToString())).ToUuid();

    static string TextOf(ExactNumber number) => DecimalUnits.Format(number.Units);
}

/// <summary>What a record of the event log says of a crossing.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="Key">The dimension's value; null where there is none.</param>
/// <param name="Value">What was watched came to.</param>
/// <param name="Limit">The value or the percent that was asked for.</param>
/// <param name="ChangePercent">How it changed, where that was asked for.</param>
/// <param name="Window">How long the window is.</param>
/// <param name="From">Where it began.</param>
/// <param name="To">Where it ended.</param>
sealed record AlertPayload(
    Guid AlertId, string Name, JsonElement Key, ExactNumber Value, ExactNumber Limit, ExactNumber? ChangePercent, string Window,
    DateTimeOffset From, DateTimeOffset To);
