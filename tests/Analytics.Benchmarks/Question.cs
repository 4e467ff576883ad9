using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Analytics.Benchmarks;

/// <summary>
/// A question to the statistics route, and the same asked of the raw rows with SQL. The SQL is the lenient one: a root's
/// own cost only, where the service adds those of all its descendants.
/// </summary>
public sealed record Question(
    string Name, string Interval, int Days, string? Zone, bool OneName = false, bool OneCustomer = false, bool Headline = false)
{
    const int PatienceSeconds = 60;
    const string WorkspaceZone = "Europe/Paris";
    static readonly string[] Sorts = ["-total", "name", "-occurrences", "-average", "p10", "-p50", "p90", "-p95", "p99", "occurrences"];

    const string TypeOf = "select type from event_types where workspace_id = $1 and name = $2";
    const string PersonOf = "select person from people where workspace_id = $1 and external_id = $2";
    const string Sql = """
        select date_trunc($1, e.timestamp, $2), t.name, count(*), count(distinct e.person), sum(e.cost), avg(e.cost),
            percentile_cont(array[0.1, 0.5, 0.9, 0.95, 0.99]) within group (order by e.cost::float8)
        from (
            select timestamp, type, person, coalesce((metadata -> '_cost' ->> 'amount')::numeric, 0) as cost
            from events
            where workspace_id = $3
                and timestamp >= $4::timestamp at time zone $2
                and timestamp < $5::timestamp at time zone $2
                and parent is null
                and ($6::int is null or type = $6)
                and ($7::int is null or person = $7)
        ) e
        join event_types t on t.workspace_id = $3 and t.type = e.type
        group by 1, 2
        order by 1, 2
        """;

    public static readonly Question[] All =
    [
        new("30 days by day, all names, UTC", "day", 30, "UTC", Headline: true),
        new("30 days by day, all names, workspace's zone", "day", 30, null),
        new("30 days by day, one name", "day", 30, "UTC", OneName: true),
        new("30 days by day, one customer", "day", 30, "UTC", OneCustomer: true),
        new("7 days by hour, all names", "hour", 7, "UTC"),
        new("30 days by day, all names, Asia/Kathmandu", "day", 30, "Asia/Kathmandu"),
    ];

    /// <summary>The request; every <paramref name="variant"/> differs in range, order and whom it is about.</summary>
    public string Path(Profile profile, int variant)
    {
        var (from, to) = Range(variant);
        var path = $"/api/events/statistics/timeseries?start_date={from:yyyy-MM-dd}&end_date={to.AddDays(-1):yyyy-MM-dd}"
            + $"&interval={Interval}&sort={Sorts[variant % Sorts.Length]}";
        if (Zone is not null)
            path += $"&timezone={Zone}";
        if (OneName)
            path += $"&name={NameOf(profile, variant)}";
        if (OneCustomer)
            path += $"&external_customer_id={Profile.CustomerId(Customer(variant))}";
        return path;
    }

    /// <summary>The same of the raw rows: how many roots there are, null when it was stopped, and how long it took.</summary>
    public async Task<(long? Roots, double Milliseconds)> AskRowsAsync(
        NpgsqlConnection connection, TestWorkspace workspace, int variant, CancellationToken cancel)
    {
        var key = await NumberAsync("select workspace_id from workspaces where id = $1", workspace.Id);
        object type = OneName ? await NumberAsync(TypeOf, key, NameOf(workspace.Profile, variant)) : DBNull.Value;
        object person = OneCustomer ? await NumberAsync(PersonOf, key, Profile.CustomerId(Customer(variant))) : DBNull.Value;
        var (from, to) = Range(variant);
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = PatienceSeconds };
        foreach (var value in (object[])[Interval, Zone ?? WorkspaceZone, key, from, to, type, person])
            command.Parameters.Add(new() { Value = value });

        var clock = Stopwatch.StartNew();
        var roots = await SumAsync(command, cancel);
        return (roots, clock.Elapsed.TotalMilliseconds);

        async Task<int> NumberAsync(string sql, params object[] parameters)
        {
            await using var lookup = new NpgsqlCommand(sql, connection);
            foreach (var value in parameters)
                lookup.Parameters.Add(new() { Value = value });
            return Convert.ToInt32(await lookup.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture);
        }
    }

    static async Task<long?> SumAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        try
        {
            await using var rows = await command.ExecuteReaderAsync(cancel);
            var roots = 0L;
            while (await rows.ReadAsync(cancel))
                roots += rows.GetInt64(2);
            return roots;
        }
        catch (NpgsqlException slow) when (slow.InnerException is TimeoutException)
        {
            return null;
        }
    }

    static string NameOf(Profile profile, int variant) => profile.EventNames[variant % profile.EventNames.Length];

    static int Customer(int variant) => variant * 7 % 100;

    static (DateTime From, DateTime To) Range(DateTime today, int days, int variant) =>
        (today.AddDays(1 - days - variant % 4), today.AddDays(1 - variant % 4));

    (DateTime From, DateTime To) Range(int variant) =>
        Range(DateTime.SpecifyKind(TimeProvider.System.GetUtcNow().UtcDateTime.Date, DateTimeKind.Unspecified), Days, variant);
}
