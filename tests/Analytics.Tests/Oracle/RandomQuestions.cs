namespace Analytics.Tests.Oracle;

/// <summary>Questions about a life, made up from a seed.</summary>
sealed class RandomQuestions(RandomLife life, int seed)
{
    static readonly string[] Intervals = ["hour", "day", "week", "month", "year"];
    static readonly string[] Fields =
        ["_cost.amount", "_llm.total_tokens", "_llm.input_tokens", "_llm.output_tokens", "_llm.cached_input_tokens"];
    static readonly string[] Sorts = ["name", "occurrences", "total", "average", "p10", "p50", "p90", "p95", "p99"];

    readonly Random random = new(seed);

    /// <summary>So many questions, which ask for the built-in fields and <paramref name="more"/>.</summary>
    public List<Question> Some(int count, params string[] more) =>
        [.. Enumerable.Range(0, count).Select(at => One(RandomMoments.Zones[at % RandomMoments.Zones.Length], Intervals[at / 2 % Intervals.Length], more))];

    /// <summary>The same questions, in a way that only raw events can answer.</summary>
    public static IEnumerable<Question> Raw(IEnumerable<Question> questions) =>
        questions.Select(question => question with { Metadata = [.. question.Metadata, RandomMetadata.Everywhere] });

    Question One(string zone, string interval, string[] more)
    {
        var (first, last) = RandomMoments.Range(random, interval);
        string[] names = [.. RandomLife.Names.Where(name => name != RandomLife.Share)];
        var question = new Question(zone, interval, first, last)
        {
            Fields = random.Next(4) == 0 && more is [] ? [] : [.. Of(Fields, 2), .. more],
            Sort = random.Next(3) == 0 ? null : (random.Next(2) == 0 ? "-" : "") + Sorts[random.Next(Sorts.Length)],
            Names = random.Next(4) == 0 ? Of(names, 2) : [],
            Types = random.Next(8) == 0 ? Of(names, 3) : [],
            Customers = random.Next(6) == 0 ? Of(life.Customers, 3) : [],
            ExternalCustomers = random.Next(6) == 0 ? Of([.. Enumerable.Range(0, 8).Select(person => $"person {person}"), "nobody"], 3) : [],
            Metadata = random.Next(6) == 0 ? Of(RandomMetadata.Filters, 2) : [],
        };

        // The service's own system events are no part of the model.
        return random.Next(6) == 0
            ? question with { Sources = Of(["system", "user"], 2), Names = [RandomLife.Share, RandomLife.Names[random.Next(6)]], Types = [] }
            : question;
    }

    T[] Of<T>(T[] all, int most)
    {
        var mixed = all.ToArray();
        random.Shuffle(mixed);
        return mixed[..Math.Min(mixed.Length, 1 + random.Next(most))];
    }
}
