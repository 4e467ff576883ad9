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
                Assert.True(rollup.Finest >= section.Finest, $"{rollup.Name} is finer than {section.Name}");
                Assert.InRange(section.Sums.Count, 1, Cell.MaxSums);
            }
    }

    [Fact]
    public void First_and_last_times_are_kept_by_every_run()
    {
        foreach (var rollup in Catalogue.Rollups.Where(rollup => rollup.Times))
            Assert.True(rollup.CoarseFromBytes == 0 && rollup.Grains.Has(Grain.All), rollup.Name);
    }
}
