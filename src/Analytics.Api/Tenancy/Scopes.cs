namespace Analytics.Tenancy;

/// <summary>What a workspace key may be allowed to do, and what a user's role implies.</summary>
static class Scopes
{
    public const string EventsWrite = "events:write";
    public const string EventsRead = "events:read";
    public const string MetricsRead = "metrics:read";
    public const string StatsRead = "stats:read";
    public const string LogsRead = "logs:read";
    public const string StreamRead = "stream:read";
    public const string AppsWrite = "apps:write";
    public const string CustomersWrite = "customers:write";
    public const string ReportsWrite = "reports:write";
    public const string Admin = "admin";

    public static readonly string[] All =
        [EventsWrite, EventsRead, MetricsRead, StatsRead, LogsRead, StreamRead, AppsWrite, CustomersWrite, ReportsWrite, Admin];

    /// <summary>Those that mean something to a portal key: no route of the others is open to one.</summary>
    public static readonly string[] OfCustomers = [EventsWrite, EventsRead, MetricsRead, StatsRead, LogsRead, StreamRead, CustomersWrite];

    /// <summary>What a user may be in a workspace.</summary>
    public static readonly string[] Roles = ["viewer", "member", "admin", "owner"];

    /// <summary>The scopes a role implies; empty for an unknown role.</summary>
    public static string[] OfRole(string role) => role switch
    {
        "viewer" => [EventsRead, MetricsRead, StatsRead, LogsRead, StreamRead],
        "member" => [.. OfRole("viewer"), EventsWrite, AppsWrite, CustomersWrite, ReportsWrite],
        "admin" or "owner" => All,
        _ => [],
    };
}
