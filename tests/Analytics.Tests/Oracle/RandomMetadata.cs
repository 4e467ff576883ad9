namespace Analytics.Tests.Oracle;

/// <summary>Metadata with everything that is added up or filtered by, and what looks like it.</summary>
static class RandomMetadata
{
    /// <summary>What is in every event, so that filtering by it changes no answer but reads raw events.</summary>
    public static readonly (string, string) Everywhere = ("everywhere", "yes");

    public static readonly (string, string)[] Filters =
    [
        ("tier", "gold"), ("tier", "7"), ("tier", "true"), ("deep.color", "red"), ("deep.color", "grün"), ("tier", "nowhere"),
    ];

    public static string One(Random random, string more)
    {
        var members = new List<string> { "\"everywhere\":\"yes\"", $"\"tier\":{Pick(random, "\"gold\"", "\"silver\"", "7", "\"7\"", "true", "null")}" };
        var color = $"\"color\":{Pick(random, "\"red\"", "\"blue\"", "\"grün\"", "5")}";
        members.Add($"\"deep\":{{{color}{(random.Next(2) == 0 ? $",\"n\":{Number(random)}" : "")}}}");
        if (random.Next(5) == 0)
            members.Add($"\"deep.n\":{Pick(random, Number(random), "null", "\"x\"")}");
        if (random.Next(10) < 6)
            members.Add($"\"_cost\":{{\"amount\":{Cost(random)},\"currency\":\"usd\"}}");
        if (random.Next(10) < 3)
            members.Add($"\"_llm\":{Llm(random)}");
        if (random.Next(2) == 0)
            members.Add($"\"size\":{Pick(random, Number(random), Number(random), $"\"{Number(random)}\"", "false", "null", "[1]", "{\"n\":1}", "1e16", "0.0000000000001")}");
        if (random.Next(3) == 0)
            members.Add($"\"score\":{random.Next(-3, 4)}");
        return $"{{{more}{string.Join(',', members)}}}";
    }

    static string Llm(Random random)
    {
        var total = random.Next(2) == 0 ? $",\"total_tokens\":{random.Next(9000)}" : "";
        var cached = random.Next(2) == 0 ? $",\"cached_input_tokens\":{random.Next(900)}" : "";
        return $"{{\"vendor\":\"acme\",\"model\":\"m{random.Next(3)}\",\"input_tokens\":{random.Next(5000)},\"output_tokens\":{random.Next(5000)}{total}{cached}}}";
    }

    /// <summary>An amount of money of any size and any number of decimals, of either sign.</summary>
    public static string Amount(Random random, int digits = 9)
    {
        var decimals = random.Next(13);
        var whole = random.NextInt64((long)Math.Pow(10, random.Next(digits + 1)));
        var fraction = decimals == 0 ? "" : "." + random.NextInt64((long)Math.Pow(10, decimals)).ToString().PadLeft(decimals, '0');
        return $"{(random.Next(5) == 0 ? "-" : "")}{whole}{fraction}";
    }

    static string Cost(Random random) => random.Next(3) == 0 ? $"\"{Amount(random, 5)}\"" : Amount(random, 5);

    static string Number(Random random) => random.Next(6) switch
    {
        0 => "1.5e3",
        1 => "-25E-1",
        2 => "999999999999999",
        _ => Amount(random, 4),
    };

    static string Pick(Random random, params string[] of) => of[random.Next(of.Length)];
}
