using System.Diagnostics;
using Npgsql;

namespace Analytics.Benchmarks;

/// <summary>A question to the metrics dashboard: always all metrics. Beside it a much smaller one is asked of the raw rows: costs and users only.</summary>
public sealed record MetricsQuestion(
    string Name, string Interval, int Days, string? Zone, Goal Goal, bool Grows = false, bool OneCustomer = false, bool OneShare = false,
    bool Headline = false)
{
    const string WorkspaceZone = "Europe/Paris";
    const int PatienceSeconds = 60;

    const string Sql = """
        select date_trunc($1, e.timestamp, $2), sum((e.metadata -> '_cost' ->> 'amount')::numeric), count(distinct e.person)
        from events e
        where e.workspace_id = (select workspace_id from workspaces where id = $3)
            and e.timestamp >= $4::timestamp at time zone $2
            and e.timestamp < $5::timestamp at time zone $2
        group by 1
        order by 1
        """;

    public static readonly MetricsQuestion[] All =
    [
        new("30 days by hour, UTC", "hour", 30, "UTC", Goal.AtMost(50), Grows: true, Headline: true),
        new("30 days by hour, workspace's zone", "hour", 30, null, Goal.AtMost(50), Grows: true),
        new("1 year by day, UTC", "day", 365, "UTC", Goal.AtMost(50), Grows: true, Headline: true),
        new("1 year by day, workspace's zone", "day", 365, null, Goal.AtMost(50), Grows: true),
        new("30 days by hour, Asia/Kathmandu", "hour", 30, "Asia/Kathmandu", Goal.AtMost(500)),
        new("1 year by day, Asia/Kathmandu", "day", 365, "Asia/Kathmandu", Goal.AtMost(500)),
        new("30 days by hour, one customer", "hour", 30, "UTC", Goal.AtMost(50), OneCustomer: true),
        new("1 year by day, one customer", "day", 365, "UTC", Goal.AtMost(50), OneCustomer: true),
        new("30 days by hour, one share", "hour", 30, "UTC", Goal.AtMost(50), OneShare: true),
        new("1 year by day, one share", "day", 365, "UTC", Goal.AtMost(50), OneShare: true),
    ];

    /// <summary>The request; every <paramref name="variant"/> differs in range and whom it is about.</summary>
    public string Path(int variant, int shares)
    {
        var (from, to) = Range(variant);
        var path = $"/api/metrics?start_date={from:yyyy-MM-dd}&end_date={to.AddDays(-1):yyyy-MM-dd}&interval={Interval}";
        if (Zone is not null)
            path += $"&timezone={Zone}";
        if (OneCustomer)
            path += $"&external_customer_id={Profile.CustomerId(variant * 7 % 100)}";
        if (OneShare)
            path += $"&share_id={ShareLives.ShareId(variant * 7_919 % shares)}";
        return path;
    }

    /// <summary>How long bare Postgres takes for costs and users of everybody; it is stopped after a minute.</summary>
    public async Task<double> AskRowsAsync(NpgsqlConnection connection, TestWorkspace workspace, int variant, CancellationToken cancel)
    {
        var (from, to) = Range(variant);
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = PatienceSeconds };
        foreach (var value in (object[])[Interval, Zone ?? WorkspaceZone, workspace.Id, from, to])
            command.Parameters.Add(new() { Value = value });
        var clock = Stopwatch.StartNew();
        try
        {
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
            {
                // to the last row
            }
        }
        catch (NpgsqlException slow) when (slow.InnerException is TimeoutException)
        {
            Report.Say($"  {Name}: bare Postgres was stopped after {clock.Elapsed.TotalSeconds:0} s");
        }

        return clock.Elapsed.TotalMilliseconds;
    }

    (DateTime From, DateTime To) Range(int variant)
    {
        var today = DateTime.SpecifyKind(TimeProvider.System.GetUtcNow().UtcDateTime.Date, DateTimeKind.Unspecified);
        return (today.AddDays(1 - Days - variant % 4), today.AddDays(1 - variant % 4));
    }
}
