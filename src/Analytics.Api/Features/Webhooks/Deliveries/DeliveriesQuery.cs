using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>Looks at deliveries, and asks for tries.</summary>
sealed class DeliveriesQuery(NpgsqlDataSource store, TimeProvider clock)
{
    const int Shown = 100;

    // A webhook without deliveries is one row of nothing.
    const string LastSql = """
        select
            delivery.id, delivery.event_id, delivery.type,
            case when delivery.asked > 0 then 'pending' else delivery.state end,
            delivery.tries::text,
            case when delivery.due_at = '-infinity' then delivery.created_at else delivery.due_at end,
            delivery.created_at
        from webhooks
        left join lateral (
            select *
            from webhook_deliveries
            where workspace_id = $1
              and webhook_id = $2
            order by log desc
            limit $3
        ) delivery on true
        where webhooks.workspace_id = $1
          and webhooks.id = $2
        order by delivery.log desc
        """;

    const string AskSql = """
        update webhook_deliveries
        set asked = asked + 1, due_at = $4
        where workspace_id = $1
          and webhook_id = $2
          and id = $3
        """;

    /// <summary>The last deliveries; null when there is no such webhook.</summary>
    public async Task<DeliveryList?> LastAsync(Workspace workspace, Guid webhook, CancellationToken cancel)
    {
        var rows = await store.QueryAsync(LastSql, [workspace.Key, webhook, Shown], Read, cancel);
        return rows.Count == 0 ? null : new([.. rows.OfType<DeliveryAnswer>()]);
    }

    /// <summary>Has a delivery tried now; false when there is no such delivery.</summary>
    public async Task<bool> AskAsync(Workspace workspace, Guid webhook, Guid delivery, CancellationToken cancel) =>
        await store.ExecuteAsync(AskSql, [workspace.Key, webhook, delivery, clock.GetStoreNow().UtcDateTime], cancel) > 0;

    static DeliveryAnswer? Read(NpgsqlDataReader row) => row.IsDBNull(0)
        ? null
        : new(
            row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), HeldWebhook.TriesIn(row.GetString(4)),
            row.IsDBNull(5) ? null : new DateTimeOffset(row.GetDateTime(5)), new DateTimeOffset(row.GetDateTime(6)));
}
