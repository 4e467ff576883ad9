using System.Globalization;
using System.Text.Json;
using Analytics.Features.Business.Query;
using Analytics.Features.Business.Units;

namespace Analytics.Tests.Features.Business.Query.Plans;

/// <summary>Random questions of those that rollups may answer, and of some that they may not.</summary>
sealed class RandomQueries(Random random, PlannedLife life)
{
    static readonly string[] Intervals = ["hour", "day", "week", "month"];
    static readonly string[] Zones = ["UTC", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns"];
    static readonly string[] Numbers = ["latencyMs", "requestSize", "responseSize"];
    static readonly string[] Aggregations = ["count", "sum", "avg", "min", "max"];

    public QueryRequest Next(bool percentiles = false)
    {
        var ofEvents = !percentiles && random.Next(2) == 0;
        string[] words = ofEvents ? ["name", "customer"] : ["endpoint", "method", "statusCode", "customer", "productId"];
        var interval = random.Next(2) == 0 ? null : Pick(Intervals);
        var (from, to) = (life.Moment(), life.Moment());
        if (interval == "hour")
            to = from.AddHours(random.Next(1, 300)).AddMicroseconds(random.Next(2) * random.Next(1_000_000_000));
        QueryMetric[] metrics = percentiles ? [new(Pick(["p1", "p50", "p95", "p99"]), "latencyMs")] : [.. Metrics(ofEvents, words)];
        string[] dimensions = [.. words.Where(_ => random.Next(3) == 0)];
        UnitFilter[] filters = [.. words.Where(_ => random.Next(4) == 0).Select(Filter)];
        return new(
            ofEvents ? "events" : "requests", metrics, ofEvents && random.Next(4) == 0 ? [Pick(PlannedLife.Names), "name.never"] : null, dimensions, filters,
            Text(from < to ? from : to), Text(from < to ? to : from), null, interval, Pick(Zones), null, null);
    }

    IEnumerable<QueryMetric> Metrics(bool ofEvents, string[] words)
    {
        yield return new("count", null);
        if (ofEvents && random.Next(2) == 0)
            yield return new("sum", "_cost.amount");
        if (!ofEvents)
            foreach (var number in Numbers.Where(_ => random.Next(3) == 0))
                yield return new(Pick(Aggregations), number);
        if (random.Next(3) == 0)
            yield return new(random.Next(2) == 0 ? "unique" : "count", Pick(words));
    }

    UnitFilter Filter(string word) => word switch
    {
        "statusCode" => random.Next(3) switch
        {
            0 => new(word, "GREATER_THAN", Json("399")),
            1 => new(word, "IN", Json("[200, 500.0, 101]")),
            _ => new(word, Pick(["EQUALS", "NOT_EQUALS"]), Json(Pick(["200", "404", "\"200\""]))),
        },
        _ => random.Next(3) switch
        {
            0 => new(word, Pick(["IN", "NOT_IN"]), Json($"[\"{Known(word)}\", \"{Known(word)}\", \"nobody's\"]")),
            1 => new(word, Pick(["CONTAINS", "NOT_CONTAINS"]), Json($"\"{Known(word)[..2]}\"")),
            _ => new(word, Pick(["EQUALS", "EQUALS", "EQUALS", "NOT_EQUALS"]), Json($"\"{Known(word)}\"")),
        },
    };

    string Known(string word) => Pick(word switch
    {
        "name" => PlannedLife.Names,
        "customer" => PlannedLife.People,
        "endpoint" => PlannedLife.Endpoints,
        "method" => ["GET", "POST", "DELETE"],
        _ => PlannedLife.Products,
    });

    static JsonElement Json(string json) => JsonElement.Parse(json);

    static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
