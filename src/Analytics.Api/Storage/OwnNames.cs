namespace Analytics.Storage;

/// <summary>
/// The names that nobody but the service itself writes into the event log, and which webhooks take. A record can be made
/// under these only, so what is told and what can be asked for are one list.
/// </summary>
static class OwnNames
{
    public const string KeyCreated = "api_key.created";
    public const string KeyRevoked = "api_key.revoked";
    public const string LoginFailed = "login.failed";
    public const string MemberChanged = "member.changed";
    public const string WebhookChanged = "webhook.changed";
    public const string WebhookDisabled = "webhook.disabled";
    public const string CustomerErased = "customer.erased";
    public const string ThresholdExceeded = "threshold.exceeded";
    public const string AnomalyDetected = "anomaly.detected";
    public const string ReportReady = "report.ready";
    public const string CustomerCreated = "customer.created";
    public const string CustomerUpdated = "customer.updated";
    public const string CustomerDeleted = "customer.deleted";

    /// <summary>Names of events; nobody may send them.</summary>
    public static readonly string[] Events = [CustomerCreated, CustomerUpdated, CustomerDeleted];

    /// <summary>Names of audit records and findings, which are no events.</summary>
    public static readonly string[] Records =
    [
        KeyCreated, KeyRevoked, LoginFailed, MemberChanged, WebhookChanged, WebhookDisabled, CustomerErased, ThresholdExceeded,
        AnomalyDetected, ReportReady,
    ];

    public static readonly string[] All = [.. Records, .. Events];

    /// <summary>The name of a record, when it is one of them; else the code that wanted to write it is wrong.</summary>
    public static string OfRecord(string name) => Records.Contains(name)
        ? name
        : throw new ArgumentException($"{name} is no name that the service writes: it has to stand in {nameof(OwnNames)}.", nameof(name));
}
