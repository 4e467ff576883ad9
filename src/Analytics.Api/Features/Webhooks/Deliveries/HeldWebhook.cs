using System.Text.Json;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>A delivery that is due.</summary>
/// <param name="Log">Its record's number in the log, by which a webhook's are told apart.</param>
/// <param name="Id">What the receiver knows it by.</param>
/// <param name="EventId">Its record.</param>
/// <param name="Type">The record's type.</param>
/// <param name="IsPending">Whether it goes by the plan; otherwise the try that was asked for is all.</param>
/// <param name="Asked">How many tries were asked for.</param>
/// <param name="FirstTryAt">When it was tried first.</param>
/// <param name="Tries">The tries so far.</param>
sealed record DueDelivery(
    long Log, Guid Id, Guid EventId, string Type, bool IsPending, int Asked, DateTimeOffset? FirstTryAt, WebhookTry[] Tries);

/// <summary>How a webhook is to be sent to.</summary>
/// <param name="Url">Where.</param>
/// <param name="Enabled">Whether it is told what it did not ask for by itself.</param>
/// <param name="Secrets">What signs, sealed; the newest first.</param>
sealed record Receiver(string Url, bool Enabled, byte[][] Secrets);

/// <summary>
/// A webhook that this node sends to, and no other, until <c>taken_until</c>: held again before each try, so that a node that is gone keeps
/// it for no longer than a try may take.
/// </summary>
sealed class HeldWebhook(NpgsqlDataSource store, Workspace workspace, Guid id, TimeProvider clock)
{
    const int PageSize = 100;
    const int KeptDeliveries = 100;
    const int KeptTries = 20;
    static readonly TimeSpan Held = TryPlan.Longest + TimeSpan.FromSeconds(5);

    const string HoldSql = """
        update webhooks
        set taken_until = $3
        where workspace_id = $1
          and id = $2
          and (taken_until <= $4 or taken_until = $5)
        returning url, enabled, array(
            select sealed
            from webhook_secrets
            where workspace_id = $1
              and webhook_id = $2
              and (ends_at is null or ends_at > $4)
            order by created_at desc, id desc)
        """;

    const string ReleaseSql = """
        update webhooks
        set taken_until = $3
        where workspace_id = $1
          and id = $2
          and taken_until = $4
        """;

    const string DueSql = """
        select log, id, event_id, type, state = 'pending', asked, first_try_at, tries::text
        from webhook_deliveries
        where workspace_id = $1
          and webhook_id = $2
          and due_at <= $3
          and (asked > 0 or $4)
        order by log
        limit $5
        """;

    // A try that was asked for while this one went on is still to come.
    const string RecordSql = """
        with webhook as (
            update webhooks
            set failing_since = case when $4 then null when url = $10 then coalesce(failing_since, $5) else failing_since end
            where workspace_id = $1
              and id = $2
            returning enabled, failing_since, url
        ), delivery as (
            update webhook_deliveries
            set state = $6,
                asked = asked - $7,
                due_at = case when asked > $7 then due_at when webhook.enabled then $8::timestamptz end,
                first_try_at = coalesce(first_try_at, $5),
                tries = $9::jsonb
            from webhook
            where workspace_id = $1
              and webhook_id = $2
              and log = $3
        )
        select failing_since
        from webhook
        where enabled
          and failing_since is not null
          and url = $10
        """;

    const string ForgetSql = """
        delete from webhook_deliveries
        where workspace_id = $1
          and webhook_id = $2
          and state <> 'pending'
          and due_at is null
          and log < (
              select log
              from webhook_deliveries
              where workspace_id = $1
                and webhook_id = $2
              order by log desc
              offset $3 - 1
              limit 1)
        """;

    const string DropSql = "delete from webhook_deliveries where workspace_id = $1 and webhook_id = $2 and log = $3";

    DateTimeOffset until;

    public Workspace Workspace => workspace;
    public Guid Id => id;

    /// <summary>Takes it, or goes on holding it; null when it is in other hands, or gone.</summary>
    public async Task<Receiver?> HoldAsync(CancellationToken cancel)
    {
        var (now, before) = (clock.GetStoreNow(), until);
        until = now + Held;
        return await store.FirstAsync(
            HoldSql, [workspace.Key, id, until.UtcDateTime, now.UtcDateTime, before.UtcDateTime],
            row => new Receiver(row.GetString(0), row.GetBoolean(1), row.GetFieldValue<byte[][]>(2)), cancel);
    }

    /// <summary>Some deliveries that are due, in the order in which they were told.</summary>
    public Task<List<DueDelivery>> DueAsync(bool enabled, CancellationToken cancel) => store.QueryAsync(
        DueSql, [workspace.Key, id, clock.GetStoreNow().UtcDateTime, enabled, PageSize],
        row => new DueDelivery(
            row.GetInt64(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetBoolean(4), row.GetInt32(5),
            row.IsDBNull(6) ? null : new DateTimeOffset(row.GetDateTime(6)), TriesIn(row.GetString(7))), cancel);

    /// <summary>
    /// Keeps what came of a try; since when there was nothing but failures, null where there was something else, or the webhook is disabled
    /// already.
    /// </summary>
    public async Task<DateTimeOffset?> RecordAsync(DueDelivery delivery, string url, WebhookTry tried, CancellationToken cancel)
    {
        var due = delivery.IsPending && !tried.HasSucceeded
            ? TryPlan.Next(delivery.FirstTryAt ?? tried.At, tried.At)
            : null;
        var state = tried.HasSucceeded ? DeliveryStates.Delivered : due is null ? DeliveryStates.Failed : DeliveryStates.Pending;
        return await store.FirstAsync<DateTimeOffset?>(
            RecordSql,
            [
                workspace.Key, id, delivery.Log, tried.HasSucceeded, tried.At.UtcDateTime, state, delivery.Asked,
                SqlValue.Of(due?.UtcDateTime), TextOf([.. delivery.Tries.TakeLast(KeptTries - 1), tried]), url,
            ],
            row => new DateTimeOffset(row.GetDateTime(0)), cancel);
    }

    /// <summary>Forgets a delivery whose record is not kept any more.</summary>
    public Task DropAsync(DueDelivery delivery, CancellationToken cancel) =>
        store.ExecuteAsync(DropSql, [workspace.Key, id, delivery.Log], cancel);

    /// <summary>Lets others have it, and forgets old deliveries.</summary>
    public async Task ReleaseAsync(CancellationToken cancel)
    {
        await store.ExecuteAsync(ReleaseSql, [workspace.Key, id, clock.GetStoreNow().UtcDateTime, until.UtcDateTime], cancel);
        await store.ExecuteAsync(ForgetSql, [workspace.Key, id, KeptDeliveries], cancel);
    }

    /// <summary>Tries as they are kept.</summary>
    public static WebhookTry[] TriesIn(string text) => JsonSerializer.Deserialize<WebhookTry[]>(text, Json.Camel)!;

    static string TextOf(WebhookTry[] tries) => JsonSerializer.Serialize(tries, Json.Camel);
}
