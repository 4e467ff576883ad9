using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Storage.Business;

namespace Analytics.Tests.Storage.Business;

/// <summary>What events count for under many units of one name.</summary>
public sealed class UnitMatchTests
{
    static readonly string[] Values = ["0", "1", "1.0", "2", "3.5", "\"a\"", "\"ab\"", "\"b\"", "true", "false", "null", "[1]"];

    [Fact]
    public void Units_with_filters_of_their_own_make_few_combinations_and_count_all_the_same()
    {
        var random = new Random(7);
        var units = Enumerable.Range(0, 90).Select(at => UnitOf(
            at + 1, (Aggregation)(at % 6), Filter($"f{at % 30}", "GREATER_THAN", "0"))).ToList();
        var match = UnitMatch.ByName(units)["call"];
        var (counted, expected, marks) = (new int[units.Count], new int[units.Count], new HashSet<UInt128>());
        for (var sequence = 0; sequence < 20_000; sequence++)
        {
            var metadata = new JsonObject { ["bytes"] = random.Next(9) };
            for (var field = 0; field < 30; field++)
                metadata[$"f{field}"] = random.Next(2);
            foreach (var at in Enumerable.Range(0, units.Count))
                expected[at] += metadata[$"f{at % 30}"]!.GetValue<int>();
            foreach (var mark in MarksOf(match, metadata.ToJsonString()))
            {
                marks.Add(mark.Units);
                foreach (var unit in match.Of(mark.Units))
                    counted[unit.Number - 1]++;
            }
        }

        Assert.Equal(expected, counted);
        // Six such filters fill a batch: twenty those of numbers, five those of distinct values, and the five that only count go along.
        Assert.Equal(5, UnitBatch.Of(units).Count);
        Assert.InRange(marks.Count, 1, 5 * (UnitBatch.MostOutcomes - 1));
    }

    [Fact]
    public void Units_that_say_much_the_same_are_one_fact()
    {
        var plans = Enumerable.Range(0, 20).Select(at => UnitOf(at + 1, Aggregation.Sum, Filter("plan", "EQUALS", $"\"plan-{at}\"")));
        var counting = Enumerable.Range(20, 20).Select(at => UnitOf(at + 1, Aggregation.Count, at % 2 == 0 ? null : Filter("plan", "NOT_EQUALS", "\"plan-3\"")));
        var match = UnitMatch.ByName(plans.Concat(counting))["call"];
        var mark = Assert.Single(MarksOf(match, """{"plan":"plan-7","bytes":3}"""));
        Assert.Equal([8, .. Enumerable.Range(21, 20)], match.Of(mark.Units).Select(unit => unit.Number));
        Assert.Equal(11, match.Of(Assert.Single(MarksOf(match, """{"plan":"plan-3","bytes":3}""")).Units).Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Filters_come_out_in_no_more_ways_than_is_said(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var filters = Enumerable.Range(0, random.Next(1, 6))
                .Select(_ => FieldFilter.Read(Filter(random.Next(2) == 0 ? "x" : "y", random))[0])
                .DistinctBy(filter => filter.Text).ToList();
            var ways = new HashSet<string>();
            foreach (var x in Values)
                foreach (var y in Values)
                    ways.Add(string.Concat(filters.Select(
                        filter => filter.Passes(Encoding.UTF8.GetBytes(filter.Path == "x" ? x : y)) ? '1' : '0')));
            Assert.True(
                ways.Count <= FilterOutcomes.MostOf(filters), $"{ways.Count} ways of {string.Join("; ", filters.Select(filter => filter.Text))}");
        }
    }

    static List<UnitMark> MarksOf(UnitMatch match, string metadata)
    {
        var marks = new List<UnitMark>();
        match.Mark(Encoding.UTF8.GetBytes(metadata), 1, UnitPart.All, [], marks);
        return marks;
    }

    static Unit UnitOf(int number, Aggregation aggregation, string? filter) => new(
        number, "call", aggregation, aggregation == Aggregation.Count ? null : "bytes", filter is null ? [] : FieldFilter.Read(filter), 0,
        IsReady: true, IsOfType: false);

    static string Filter(string field, string word, string value) => $$"""[{"field":"{{field}}","operator":"{{word}}","value":{{value}}}]""";

    static string Filter(string field, Random random)
    {
        var word = FieldFilter.Operators[random.Next(FieldFilter.Operators.Length)];
        return Filter(field, word, word switch
        {
            "GREATER_THAN" or "LESS_THAN" => Values[random.Next(5)],
            "CONTAINS" or "NOT_CONTAINS" => Values[random.Next(5, 8)],
            "IN" or "NOT_IN" => JsonSerializer.Serialize(Enumerable.Range(0, 3).Select(_ => JsonNode.Parse(Values[random.Next(10)]))),
            _ => Values[random.Next(10)],
        });
    }
}
