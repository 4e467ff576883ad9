using System.Text.Json;
using Analytics.Tests.Oracle;
using NodaTime;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>Questions about random facts: every aggregation, operator, interval and order, cut anywhere.</summary>
sealed class RandomQueries(Random random)
{
    static readonly string[] Intervals = ["minute", "hour", "day", "week", "month", "year"];

    // Later on there are events of the service's own: customers were made.
    static readonly Instant End = Instant.FromUtc(2026, 11, 21, 0, 0);

    public ToldQuery One()
    {
        var ofRequests = random.Next(4) == 0;
        var fields = ofRequests ? RandomFacts.RequestFields : RandomFacts.Paths;
        var interval = random.Next(2) == 0 ? Pick(Intervals) : null;
        var (zone, (from, to)) = (Pick(RandomMoments.Zones), Range(interval));
        var dimensions = Several(fields, random.Next(4));
        (string, string?)[] metrics = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Metric(fields)).Distinct()];
        var query = new ToldQuery(
            ofRequests, metrics, ofRequests || random.Next(3) > 0 ? [] : Several([.. RandomFacts.Names, "never"], 1 + random.Next(2)), dimensions,
            [.. Enumerable.Range(0, Math.Max(0, random.Next(4) - 1)).Select(_ => Filter(fields, ofRequests))], from, to, interval, zone, null,
            random.Next(4) == 0 ? 1 + random.Next(20) : null);
        return random.Next(3) > 0 ? query : query with { OrderBy = (random.Next(2) == 0 ? "-" : "") + Pick(query.Columns) };
    }

    (Instant From, Instant To) Range(string? interval)
    {
        if (interval == "minute")
        {
            var start = RandomMoments.One(random);
            return (Instant.FromDateTimeOffset(start), Instant.FromDateTimeOffset(start.AddMinutes(random.Next(1, 300)).AddMicroseconds(random.Next(9))));
        }

        var (first, last) = RandomMoments.Range(random, interval ?? Pick(Intervals[1..]));
        var from = first.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant();
        var to = last.PlusDays(1).AtStartOfDayInZone(DateTimeZone.Utc).ToInstant();
        var begin = from + Cut();
        return (begin, Instant.Max(begin, Instant.Min(to + Cut(), End)));

        Duration Cut() => random.Next(3) switch
        {
            0 => Duration.Zero,
            1 => Duration.FromMinutes(15 * random.Next(40)),
            _ => Duration.FromTicks(10 * random.NextInt64(36_000_000_000)),
        };
    }

    (string Aggregation, string? Field) Metric(string[] fields) => random.Next(9) switch
    {
        0 => ("count", null),
        1 => ("count", Pick(fields)),
        2 => ("unique", Pick(fields)),
        3 => ("avg", Pick(fields)),
        4 => ("min", Pick(fields)),
        5 => ("max", Pick(fields)),
        6 => ($"p{random.Next(1, 100)}", Pick(fields)),
        _ => ("sum", Pick(fields)),
    };

    AskedFilter Filter(string[] fields, bool ofRequests)
    {
        var (field, comparison) = (Pick(fields), Pick(Analytics.Storage.Business.FieldFilter.Operators));
        var value = comparison switch
        {
            "GREATER_THAN" or "LESS_THAN" => Pick(["1", "0", "2.5", "1e300", "-1e-9", "300", "9007199254740992.5"]),
            "CONTAINS" or "NOT_CONTAINS" => Pick(["\"e\"", "\"\"", "\"T\"", "\"c1\"", "\"ä\"", "\"'\"", "\":/\"", "\"00\"", "\"a\""]),
            "IN" or "NOT_IN" => $"[{string.Join(',', Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Value(ofRequests)))}]",
            _ => Value(ofRequests),
        };
        return new(field, comparison, JsonElement.Parse(value));
    }

    string Value(bool ofRequests)
    {
        string[] ours = ofRequests
            ? ["\"GET\"", "\"GET:/alpha\"", "200", "200.0", "\"200\"", "\"p1\"", "\"k2\"", "\"c3\"", "0", "1.5", "true", "\"GET:/größe\""]
            : ["\"pro\"", "\"free\"", "\"run\"", "\"c3\"", "\"c0\"", "\"ä\"", "5", "3", "\"m1\"", "\"literal\"", "\"inner\"", "\"o'clock\"", "\"login.done\""];
        return random.Next(3) == 0 ? Pick([.. RandomFacts.Mixed.Where(value => value[0] is not ('[' or '{' or 'n'))]) : Pick(ours);
    }

    string[] Several(string[] of, int count) => [.. Enumerable.Range(0, count).Select(_ => Pick(of)).Distinct()];

    string Pick(string[] of) => of[random.Next(of.Length)];
}
