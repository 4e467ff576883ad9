using System.Numerics;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle;

/// <summary>Asks the service what the model knows, and compares every number of the answer.</summary>
sealed class Agreement(WorkspaceClient workspace, World world)
{
    const int ExactValues = 100;
    static readonly int[] Percentiles = [10, 50, 90, 95, 99];
    readonly Dictionary<string, Guid> types = [];
    readonly Dictionary<string, string> labels = [];
    List<Trace> traces = [];
    string context = "";

    /// <summary>Asks everything in turn; <paramref name="moment"/> says when, for whoever reads a failure.</summary>
    public async Task AssertAsync(string moment, IEnumerable<Question> questions)
    {
        await LearnTypesAsync();
        traces = world.Traces();
        foreach (var question in questions)
        {
            var path = question.ToPath(types);
            context = $"{moment}: {path}";
            var before = SystemClock.Instance.GetCurrentInstant();
            var answer = await workspace.GetAsync(path);
            Compare(question, answer, before, SystemClock.Instance.GetCurrentInstant());
        }
    }

    async Task LearnTypesAsync()
    {
        var known = await workspace.GetAsync("/api/event-types?limit=1000");
        foreach (var type in known.GetProperty("data").EnumerateArray())
        {
            var name = type.GetProperty("name").GetString()!;
            (types[name], labels[name]) = (type.GetProperty("id").GetGuid(), type.GetProperty("label").GetString()!);
        }
    }

    void Compare(Question question, JsonElement answer, Instant before, Instant after)
    {
        var buckets = Calendar.Buckets(question.Zone, question.Interval, question.First, question.Last);
        var periods = answer.GetProperty("periods").EnumerateArray().ToList();
        Same(buckets.Count, periods.Count, "number of periods");
        var chosen = traces
            .Select(trace => (Trace: trace, At: Instant.FromDateTimeOffset(trace.Root.At)))
            .Where(trace => buckets.Count > 0 && trace.At >= buckets[0].From && trace.At < buckets[^1].To && question.Chooses(world, trace.Trace.Root))
            .ToList();
        var totals = answer.GetProperty("totals").EnumerateArray().ToList();
        var names = CompareRows(question, totals, [.. chosen.Select(trace => trace.Trace)], null, "totals");
        AssertSorted(question, totals);
        var exact = chosen.CountBy(trace => trace.Trace.Root.Name).Where(name => name.Value <= ExactValues).Select(name => name.Key).ToHashSet();
        for (var at = 0; at < buckets.Count; at++)
        {
            var (bucket, period) = (buckets[at], periods[at]);
            ComparePeriod(bucket, period, before, after);
            List<Trace> inside = [.. chosen.Where(trace => trace.At >= bucket.From && trace.At < bucket.To).Select(trace => trace.Trace)];
            CompareRows(question, [.. period.GetProperty("stats").EnumerateArray()], inside, names, $"period {bucket.Start}", exact);
        }
    }

    void ComparePeriod(CalendarBucket bucket, JsonElement period, Instant before, Instant after)
    {
        var at = $"period {bucket.Start}";
        Same(bucket.Start, Time(period, "timestamp"), $"{at} timestamp");
        Same(bucket.Start, Time(period, "period_start"), $"{at} period_start");
        Same(bucket.To, Time(period, "period_end"), $"{at} period_end");
        var partial = period.TryGetProperty("partial", out var told) && told.GetBoolean();
        if (bucket.IsPartial(before) == bucket.IsPartial(after))
            Same(bucket.IsPartial(before), partial, $"{at} partial");
    }

    /// <summary>Compares rows with the traces they are about, and answers their names in order.</summary>
    List<string> CompareRows(
        Question question, List<JsonElement> rows, List<Trace> about, List<string>? order, string at, HashSet<string>? exact = null)
    {
        var byName = about.ToLookup(trace => trace.Root.Name);
        var names = rows.ConvertAll(row => row.GetProperty("name").GetString()!);
        if (order is null)
            Same(Joined(byName.Select(name => name.Key).Order(StringComparer.Ordinal)), Joined(names.Order(StringComparer.Ordinal)), $"{at} names");
        else
            Same(Joined(order), Joined(names), $"{at} names");
        foreach (var (name, row) in names.Zip(rows))
            CompareRow(question, row, [.. byName[name]], exact?.Contains(name) ?? byName[name].Count() <= ExactValues, $"{at} {name}");
        return names;
    }

    void CompareRow(Question question, JsonElement row, List<Trace> about, bool exact, string at)
    {
        var name = row.GetProperty("name").GetString()!;
        Same(types[name], row.GetProperty("event_type_id").GetGuid(), $"{at} event_type_id");
        Same(labels[name], row.GetProperty("label").GetString()!, $"{at} label");
        Same(about.Count, row.GetProperty("occurrences").GetInt64(), $"{at} occurrences");
        var people = about.Select(trace => world.PersonOf(trace.Root)).Where(person => person is not null).ToHashSet().Count;
        Same(people, row.GetProperty("customers").GetInt64(), $"{at} customers");
        foreach (var field in question.AskedFields)
        {
            BigInteger Answered(string member) => Units.OfAnswer(row.GetProperty(member).GetProperty(field.Replace('.', '_')).GetString()!);
            BigInteger[] values = [.. about.Select(trace => trace.Total(field)).Order()];
            var sum = values.Aggregate(BigInteger.Zero, (all, value) => all + value);
            Same(Units.Show(sum), Units.Show(Answered("totals")), $"{at} total of {field}");
            Rounded(sum, Math.Max(1, values.Length), Answered("averages"), $"{at} average of {field}");
            foreach (var p in Percentiles)
                ComparePercentile(values, p, Answered($"p{p}"), exact, $"{at} p{p} of {field}");
        }
    }

    void ComparePercentile(BigInteger[] values, int p, BigInteger answered, bool exact, string at)
    {
        if (values.Length == 0)
        {
            Same(0, answered, at);
            return;
        }
        var rank = p * (values.Length - 1);
        var (low, high) = (values[rank / 100], values[Math.Min(rank / 100 + 1, values.Length - 1)]);
        var hundredfold = low * 100 + (high - low) * (rank % 100);
        if (exact)
            Rounded(hundredfold, 100, answered, at);
        else if (BigInteger.Abs(answered * 100 - hundredfold) > BigInteger.Max(BigInteger.Abs(low), BigInteger.Abs(high)) + 50)
            Fail($"{at}: expected {Units.Show(hundredfold / 100)} within 1 % of {Units.Show(low)} or {Units.Show(high)}, got {Units.Show(answered)}");
    }

    // Twelve decimals, rounded to the nearest; a tie may go either way.
    void Rounded(BigInteger dividend, int divisor, BigInteger answered, string at)
    {
        if (BigInteger.Abs(answered * divisor - dividend) * 2 > divisor)
            Fail($"{at}: expected {Units.Show(dividend)} / {divisor}, got {Units.Show(answered)}");
    }

    void AssertSorted(Question question, List<JsonElement> totals)
    {
        var sort = question.Sort ?? "-total";
        var field = question.AskedFields[0].Replace('.', '_');
        BigInteger Number(JsonElement row, string member) => Units.OfAnswer(row.GetProperty(member).GetProperty(field).GetString()!);
        foreach (var (one, next) in totals.Zip(totals.Skip(1)))
        {
            var order = sort.TrimStart('-') switch
            {
                "name" => string.CompareOrdinal(one.GetProperty("name").GetString(), next.GetProperty("name").GetString()),
                "occurrences" => one.GetProperty("occurrences").GetInt64().CompareTo(next.GetProperty("occurrences").GetInt64()),
                "total" => Number(one, "totals").CompareTo(Number(next, "totals")),
                "average" => Number(one, "averages").CompareTo(Number(next, "averages")),
                var percentile => Number(one, percentile).CompareTo(Number(next, percentile)),
            };
            if (sort[0] == '-' ? order < 0 : order > 0)
                Fail($"rows are not in the order of {sort}: {one.GetProperty("name")}, {next.GetProperty("name")}");
        }
    }

    static string Joined(IEnumerable<string> names) => string.Join(',', names);

    static Instant Time(JsonElement period, string member) =>
        OffsetDateTimePattern.ExtendedIso.Parse(period.GetProperty(member).GetString()!).Value.ToInstant();

    void Same<T>(T expected, T answered, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, answered))
            Fail($"{what}: expected {expected}, got {answered}");
    }

    void Fail(string message) => Assert.Fail($"{message}\n{context}");
}
