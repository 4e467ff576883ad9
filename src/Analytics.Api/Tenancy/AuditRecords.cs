using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Audit;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>
/// What the service's own audit trail tells: of which change, about what, done by whom. It is kept after an erasure, so no secret, email,
/// name or id of a customer is in it.
/// </summary>
static class AuditRecords
{
    public const string Key = "api_key";
    public const string User = "user";
    public const string Customer = "customer";
    public const string Hook = "webhook";

    /// <summary>A key was made: what it may do, without what it is called.</summary>
    public static AuditRecord KeyCreated(ApiKey key, Caller by) => Of(OwnNames.KeyCreated, Key, key.Id, new
    {
        userId = key.UserId,
        scopes = key.Scopes,
        isBoundToCustomer = key.CustomerId is not null,
        expiresAt = key.ExpiresAt?.UtcDateTime,
    }).By(by);

    /// <summary>A key was revoked, or went with its member or customer.</summary>
    public static AuditRecord KeyRevoked(ApiKey key, Caller by) => Of(OwnNames.KeyRevoked, Key, key.Id, new { userId = key.UserId }).By(by);

    /// <summary>A key that is not good any more was used; who did it, nobody knows.</summary>
    public static AuditRecord LoginFailed(ApiKey key) =>
        Of(OwnNames.LoginFailed, Key, key.Id, new { userId = key.UserId, reason = key.RevokedAt is null ? "expired" : "revoked" }) with
        {
            ActorType = Key,
            ActorId = key.Id,
        };

    /// <summary>A user became a member, got another role or is a member no more; a role is null where there is none.</summary>
    public static AuditRecord MemberChanged(Guid user, string? before, string? after, Caller by) =>
        Of(OwnNames.MemberChanged, User, $"{user}", new { userId = user, roleBefore = before, roleAfter = after }).By(by);

    /// <summary>A customer was erased; of whom it was the pseudonym is all there is.</summary>
    public static AuditRecord CustomerErased(Guid pseudonym, Guid job, Caller by) =>
        Of(OwnNames.CustomerErased, Customer, $"{pseudonym}", new { jobId = job }).By(by);

    /// <summary>
    /// A webhook was made, changed or deleted, or got another secret. Of its address the host is told: the rest may hold a secret.
    /// </summary>
    public static AuditRecord WebhookChanged(Webhook webhook, string change, Caller by) =>
        Of(OwnNames.WebhookChanged, Hook, $"{webhook.Id}", new
        {
            change,
            host = HostOf(webhook),
            events = webhook.Events,
            enabled = webhook.Enabled,
        }).By(by);

    /// <summary>The service disabled a webhook: its receiver wants no more, or nothing arrived for days.</summary>
    public static AuditRecord WebhookDisabled(Webhook webhook, bool isUnwanted) =>
        Of(OwnNames.WebhookDisabled, Hook, $"{webhook.Id}", new
        {
            host = HostOf(webhook),
            reason = isUnwanted ? "gone" : "failing",
            failingSince = webhook.FailingSince?.UtcDateTime,
        });

    static string HostOf(Webhook webhook) => new Uri(webhook.Url).IdnHost;

    static AuditRecord Of(string name, string targetType, string targetId, object payload)
    {
        var byName = LogClass.Of(name);
        return new AuditRecord(
            name, byName.CategoryWord, byName.SeverityWord, targetType, targetId, JsonSerializer.SerializeToElement(payload));
    }

    static AuditRecord By(this AuditRecord record, Caller by)
    {
        var (type, id) = by switch
        {
            RootCaller => ("root", by.KeyId),
            UserCaller user => (User, $"{user.UserId}"),
            _ => (Key, by.KeyId),
        };
        return record with { ActorType = type, ActorId = id };
    }
}
