using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>Raw facts counted anew, as cells of one section that stay to be looked at.</summary>
static class Recounted
{
    /// <param name="store">Where the facts are.</param>
    /// <param name="section">Whose cells.</param>
    /// <param name="count">What is counted, given where it is read and who takes it.</param>
    public static async Task<SortedDictionary<FactKey, Cell>> CellsAsync(
        NpgsqlDataSource store, Section section, Func<NpgsqlConnection, Func<Section, byte[], Task>, RawCount> count)
    {
        await using var reading = await store.OpenConnectionAsync();
        var cells = new SortedDictionary<FactKey, Cell>();
        await section.Kind.RecountAsync(count(reading, (counted, data) =>
        {
            if (counted == section)
                for (var fact = new DeltaReader(data); fact.Read();)
                {
                    if (!cells.TryGetValue(fact.Key, out var cell))
                        cells.Add(fact.Key, cell = new Cell());
                    CellFormat.Merge(fact.Cell.Span, cell, CellParts.Everything);
                }

            return Task.CompletedTask;
        }), TestContext.Current.CancellationToken);
        return cells;
    }
}
