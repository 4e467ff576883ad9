using System.Text.Json;
using NodaTime;

namespace Analytics.Tests.Features.Business.Usage;

/// <summary>What the service answers of customers and products is what looking at every event and request gives.</summary>
sealed class CustomerAgreement(WorkspaceClient workspace, UsageLife life, DateTimeOffset now)
{
    /// <summary>Asks for customers page by page, and compares them with all that used or paid anything.</summary>
    public async Task ByCustomerAsync(DateTimeOffset from, DateTimeOffset to, string zone, string moment)
    {
        var path = $"/api/v1/analytics/usage/by-customer?from={UsageLife.At(from)}&to={UsageLife.At(to)}&timezone={zone}&limit=3";
        var rows = await PagesAsync(path);
        var expected = life.Uses.Where(use => use.Customer is not null).GroupBy(use => use.Customer!)
            .Where(one => one.Any(use => (use.At >= from && use.At < to) || use.At >= Days(zone, 30))).ToDictionary(one => one.Key, one => one.ToList());
        Assert.Equal(expected.Keys.Order(), rows.Select(KeyOf).Order());
        Assert.Equal(rows.Select(row => Number(row, "events")).OrderDescending(), rows.Select(row => Number(row, "events")));
        foreach (var row in rows)
            AssertCustomer(row, expected[KeyOf(row)], from, to, zone, $"{moment}, {row}, {path}");
        foreach (var (sort, sign) in ((string, int)[])[("invoiceTotalCents", 1), ("revenueCents", -1), ("events", 1)])
        {
            var sorted = await PagesAsync($"{path}&sort={(sign < 0 ? "-" : "")}{sort}");
            Assert.Equal(sorted.Select(row => sign * Number(row, sort)).Order(), sorted.Select(row => sign * Number(row, sort)));
        }

        foreach (var sign in (string[])["", "-"])
            Assert.Equal(
                sign == "" ? expected.Keys.Order() : expected.Keys.OrderDescending(),
                (await PagesAsync($"{path}&sort={sign}externalCustomerId")).Select(KeyOf));
    }

    void AssertCustomer(JsonElement row, List<ToldUse> uses, DateTimeOffset from, DateTimeOffset to, string zone, string words)
    {
        var here = uses.FindAll(use => use.At >= from && use.At < to);
        Assert.True(Number(row, "events") == here.Count, $"{here.Count} events: {words}");
        var invoices = life.Uses.Where(use => use.Name == "invoice.created").GroupBy(use => use.Metadata["invoice_id"]!.GetValue<string>())
            .Select(invoice => invoice.MinBy(use => use.At)!);
        Assert.True(Number(row, "invoiceTotalCents") == invoices.Where(here.Contains).Sum(Cents), $"invoices: {words}");
        var revenue = here.Sum(use => use.Name switch { "payment.completed" => Cents(use), "payment.refunded" => -Cents(use), _ => 0 });
        Assert.True(Number(row, "revenueCents") == revenue, $"{revenue} cents: {words}");
        Assert.Equal(life.Customers[KeyOf(row)]?.ToString(), row.GetProperty("customerId").GetString());
        AssertUsage(row, unit => here.FindAll(use => unit.Matches(use, life.Types)), words);
        AssertChurn(row.GetProperty("churnRisk"), uses, zone, words);
    }

    void AssertChurn(JsonElement churn, List<ToldUse> uses, string zone, string words)
    {
        var (end, week, fortnight, month) = (Days(zone, 0), Days(zone, 7), Days(zone, 14), Days(zone, 30));
        decimal last = uses.Count(use => use.At >= week && use.At < end), before = uses.Count(use => use.At >= fortnight && use.At < week);
        var failures = uses.Count(use => use.Name == "payment.failed" && use.At >= month && use.At < end);
        var fall = before >= 10 && last <= before / 2 ? (before - last) * 100 / before : 0;
        var score = Math.Min(100, Math.Round(fall / 2, MidpointRounding.AwayFromZero) + (25 * failures));
        Assert.True(Number(churn, "score") == score, $"score {score}: {words}");
        Assert.Equal(score == 0 ? "none" : score < 34 ? "low" : score < 67 ? "medium" : "high", churn.GetProperty("level").GetString());
        var signals = churn.GetProperty("signals").EnumerateArray().ToList();
        Assert.Equal(fall > 0 ? [-Math.Round(fall, 2, MidpointRounding.AwayFromZero)] : [], Signals("declining_usage", "changePercent"));
        Assert.Equal(failures > 0 ? [failures] : [], Signals("failed_payment", "count"));

        IEnumerable<decimal> Signals(string type, string member) =>
            signals.Where(signal => signal.GetProperty("type").GetString() == type).Select(signal => Number(signal, member));
    }

    /// <summary>Asks for products, and for their types.</summary>
    public async Task ByProductAsync(DateTimeOffset from, DateTimeOffset to, string zone, string moment)
    {
        var path = $"/api/v1/analytics/usage/by-product?from={UsageLife.At(from)}&to={UsageLife.At(to)}&timezone={zone}";
        var answer = await workspace.GetAsync(path);
        var uses = life.Uses.FindAll(use => use.At >= from && use.At < to && use.Product is not null);
        var requests = life.Requests.FindAll(request => request.At >= from && request.At < to && request.Product is not null);
        var products = answer.GetProperty("products").EnumerateArray().ToList();
        Assert.Equal(
            life.Types.Keys.Union(uses.Select(use => use.Product!)).Union(requests.Select(request => request.Product!)).Order(),
            products.Select(row => row.GetProperty("product").GetString()!).Order());
        foreach (var row in products)
        {
            var product = row.GetProperty("product").GetString()!;
            Assert.Equal(life.Types.GetValueOrDefault(product), row.GetProperty("type").GetString());
            Assert.Equal(life.Types.ContainsKey(product) ? $"Name of {product}" : product, row.GetProperty("name").GetString());
            AssertPart(row, uses.FindAll(use => use.Product == product), requests.Count(request => request.Product == product));
            Assert.Equal(
                Number(row, "events") + Number(row, "requests"),
                row.GetProperty("trend").EnumerateArray().Sum(point => Number(point, "value")));
        }

        foreach (var row in answer.GetProperty("byType").EnumerateArray())
        {
            var type = row.GetProperty("type").GetString();
            bool IsOf(string? product) => life.Types.GetValueOrDefault(product!) == type;
            AssertPart(row, uses.FindAll(use => IsOf(use.Product)), requests.Count(request => IsOf(request.Product)));
        }

        Assert.Equal(products.Sum(row => Number(row, "events")), answer.GetProperty("byType").EnumerateArray().Sum(row => Number(row, "events")));

        void AssertPart(JsonElement row, List<ToldUse> part, int asked)
        {
            Assert.True(Number(row, "events") == part.Count && Number(row, "requests") == asked, $"{moment}, {row}, {path}");
            var all = uses.Count + requests.Count;
            Assert.Equal(
                all == 0 ? 0 : Math.Round((part.Count + asked) * 100m / all, 2, MidpointRounding.AwayFromZero), Number(row, "sharePercent"));
            AssertUsage(row, unit => part.FindAll(use => unit.Matches(use, life.Types)), $"{moment}, {row}, {path}");
        }
    }

    void AssertUsage(JsonElement row, Func<ToldUnit, List<ToldUse>> usesOf, string words)
    {
        var told = row.GetProperty("usage").EnumerateArray().ToDictionary(one => one.GetProperty("unit").GetString()!);
        Assert.Equal(life.Units.Count, told.Count);
        foreach (var unit in life.Units)
            UsageAgreement.AssertNear(unit, unit.ValueOf(usesOf(unit)), told[unit.Key].GetProperty("total"), $"{unit.Key}, {words}");
    }

    async Task<List<JsonElement>> PagesAsync(string path)
    {
        var rows = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await workspace.GetAsync(cursor == "" ? path : $"{path}&cursor={cursor}");
            rows.AddRange(page.GetProperty("customers").EnumerateArray());
            cursor = page.GetProperty("meta").GetProperty("nextCursor").GetString();
        }

        return rows;
    }

    /// <summary>When so many days began, today among them; with none, when today ends.</summary>
    DateTimeOffset Days(string zone, int days)
    {
        var named = DateTimeZoneProviders.Tzdb[zone];
        return named.AtStartOfDay(Instant.FromDateTimeOffset(now).InZone(named).Date.PlusDays(1 - days)).ToDateTimeOffset();
    }

    static string KeyOf(JsonElement row) => row.GetProperty("externalCustomerId").GetString()!;

    static decimal Cents(ToldUse use) => use.Metadata["amount_cents"]!.GetValue<int>();

    static decimal Number(JsonElement row, string member) => UsageAgreement.Number(row.GetProperty(member))!.Value;
}
