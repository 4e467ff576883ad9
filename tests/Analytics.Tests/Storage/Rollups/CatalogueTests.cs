using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>What every row of the catalogue must be for the engine to go by it.</summary>
public sealed class CatalogueTests
{
    static readonly Catalogue Catalogue = Catalogue.Default;

    [Fact]
    public void Numbers_and_names_are_there_once()
    {
        Assert.Equal(Catalogue.Rollups.Count, Catalogue.Rollups.Select(rollup => rollup.Id).Distinct().Count());
        Assert.Equal(Catalogue.Rollups.Count, Catalogue.Rollups.Select(rollup => rollup.Name).Distinct().Count());
        Assert.Equal(Catalogue.Sections.Count(), Catalogue.Sections.Select(section => section.Id).Distinct().Count());
    }

    [Fact]
    public void Every_section_has_a_rollup_that_keeps_all_it_says()
    {
        foreach (var section in Catalogue.Sections)
            Assert.Contains(Catalogue.Of(section), rollup => rollup.IsWhole(section));
    }

    [Fact]
    public void A_rollup_is_made_from_what_its_sections_have()
    {
        foreach (var rollup in Catalogue.Rollups)
            foreach (var section in rollup.From)
            {
                Assert.Contains(section, Catalogue.Sections);
                foreach (var dimension in new[] { rollup.Lead, rollup.Second, rollup.Set }.Where(dimension => dimension != Dimension.None))
                    Assert.True(section.PlaceOf(dimension) >= 0, $"{rollup.Name}: {section.Name} has no {dimension.Name}");
                Assert.InRange(section.Sums.Count, 1, Cell.MaxSums);
            }
    }

    [Fact]
    public void First_and_last_times_are_kept_by_every_run()
    {
        foreach (var rollup in Catalogue.Rollups.Where(rollup => rollup.Times))
            Assert.True(rollup.CoarseFromBytes == 0 && rollup.Grains.Has(Grain.All), rollup.Name);
    }

    [Fact]
    public void Sections_that_a_rollup_adds_up_call_a_sum_the_same()
    {
        Assert.InRange(EventFacts.Section.Sums.Count, 1, EventFacts.MaxSums);
        foreach (var rollup in Catalogue.Rollups)
            for (var sum = 0; sum < Cell.MaxSums; sum++)
                Assert.InRange(
                    rollup.From.Select(section => section.Sums.ElementAtOrDefault(sum) ?? "").Where(name => name.Length > 0).Distinct().Count(), 0, 1);
    }

    [Theory]
    [InlineData("Day, Month"), InlineData("Hour, Day"), InlineData("Hour, LocalDay"), InlineData("Minute")]
    public void A_rollup_whose_finest_grain_is_not_of_its_facts_is_refused(string grains) => Assert.Throws<InvalidOperationException>(() => new Catalogue(
        Catalogue.Kinds, [new Rollup(99, "too coarse", [EventFacts.Section], Dimension.EventType, Dimension.None, Enum.Parse<Grains>(grains))]));
}
