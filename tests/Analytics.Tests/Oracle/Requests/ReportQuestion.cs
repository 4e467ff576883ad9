using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>A customer's report, by either id, of today and days before it.</summary>
sealed record ReportQuestion(string Customer, string Zone, int? Days) : RequestsQuestion
{
    const int Usual = 30;
    const int Top = 10;

    protected override string Route => $"customers/{Uri.EscapeDataString(Customer)}/report";

    protected override IEnumerable<(string Name, string Value)> Parameters => [("timezone", Zone), .. Named("days", Days?.ToString())];

    // A row a day: the date, then the number of requests.
    public override List<string> CsvDifferences(RequestWorld world, Instant now, JsonElement answer, CsvTable csv)
    {
        var comparison = new AnswerComparison();
        comparison.SameList("days of the CSV", [.. DailyRequests(world, now)], csv.Rows.ConvertAll(row => string.Join(' ', row.Take(2))));
        return comparison.Differences;
    }

    protected override void Compare(Asked asked, JsonElement answer, AnswerComparison comparison)
    {
        var days = DaysAt(asked.Now);
        var name = asked.World.NameOf(Customer);
        var (from, to) = (new RequestsDay(Zone, days[0]).At(asked.Now).From, new RequestsDay(Zone, days[^1]).At(asked.Now).To);
        var chosen = asked.Of((from, to)).FindAll(request => request.Customer == name);
        var counted = new Counted(chosen);
        comparison.Members("the report", answer,
            "customerId", "from", "to", "totalRequests", "dailyRequests", "topEndpoints", "avgLatency", "totalDataTransfer", "errorRate",
            "latency");

        // Whose portal it is not, nobody knows there, whatever that is called.
        comparison.Text("the report", asked.Only is null || asked.Only == name ? name : Customer, answer, "customerId");
        comparison.Text("the report", LocalDatePattern.Iso.Format(days[0]), answer, "from");
        comparison.Text("the report", LocalDatePattern.Iso.Format(days[^1]), answer, "to");
        comparison.Whole("the report", counted.Count, answer, "totalRequests");
        comparison.SameList("days",
            [.. DailyRequests(asked.World, asked.Now)],
            [.. answer.GetProperty("dailyRequests").EnumerateObject().Select(day => $"{day.Name} {day.Value.GetRawText()}")]);
        var top = chosen.CountBy(request => request.Endpoint)
            .OrderByDescending(endpoint => endpoint.Value).ThenBy(endpoint => endpoint.Key, StringComparer.Ordinal).Take(Top);
        comparison.SameList("top endpoints",
            [.. top.Select(endpoint => $"{endpoint.Key} {endpoint.Value}")],
            comparison.Items(answer, "topEndpoints").ConvertAll(row => $"{row.GetProperty("endpoint")} {row.GetProperty("count")}"));
        comparison.Average("the report", counted, answer, "avgLatency");
        comparison.Whole("the report", counted.Bytes, answer, "totalDataTransfer");
        comparison.Percent("the report", counted.Errors, counted.Count, answer, "errorRate");
        DashboardQuestion.ComparePercentiles(counted, answer.GetProperty("latency"), comparison);
    }

    /// <summary>Every day of the report with its number of requests.</summary>
    public IEnumerable<string> DailyRequests(RequestWorld world, Instant now)
    {
        var name = world.NameOf(Customer);
        var only = Portal is { } portal ? world.NameOf(portal) : name;
        var counts = world.Requests.Where(request => request.Customer == name && name == only)
            .CountBy(request => request.At.InZone(DateTimeZoneProviders.Tzdb[Zone]).Date).ToDictionary();
        return DaysAt(now).Select(day => $"{LocalDatePattern.Iso.Format(day)} {counts.GetValueOrDefault(day)}");
    }

    List<LocalDate> DaysAt(Instant now)
    {
        var today = now.InZone(DateTimeZoneProviders.Tzdb[Zone]).Date;
        var days = Days ?? Usual;
        return [.. Enumerable.Range(1 - days, days).Select(today.PlusDays)];
    }
}
