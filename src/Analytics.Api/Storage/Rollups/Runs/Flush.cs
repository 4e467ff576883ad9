using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>Turns deltas of a section into a run of every rollup over it.</summary>
/// <param name="connection">A connection in a transaction, with whose commit the runs appear.</param>
/// <param name="workspace">Whose deltas they are.</param>
/// <param name="timeline">The zone of local days.</param>
/// <param name="catalogue">The rollups.</param>
sealed class Flush(NpgsqlConnection connection, int workspace, Timeline timeline, Catalogue catalogue)
{
    /// <summary>Gives every run its coarser grains, however small it is.</summary>
    public bool IsAlwaysCoarse { get; init; }

    public async Task WriteAsync(
        Section section, IReadOnlyList<byte[]> deltas, short tier, long firstCommit, long lastCommit, CancellationToken cancel)
    {
        var bytes = deltas.Sum(delta => (long)delta.Length);
        foreach (var rollup in catalogue.Of(section))
        {
            var target = new RunWriter(connection, workspace, rollup, section, GrainsOf(rollup, bytes));
            IEnumerable<CellSource> sources = rollup.IsWhole(section)
                ? deltas.Select(delta => new DeltaCells(delta, rollup))
                : [new ProjectedCells(deltas, rollup, section, timeline)];
            await new RunMerge(rollup, timeline, target).WriteAsync(sources, cancel);
            await target.FinishAsync(tier, firstCommit, lastCommit, cancel);
        }
    }

    /// <summary>The grains that a run of so many bytes has.</summary>
    public Grains GrainsOf(Rollup rollup, long bytes) => bytes >= rollup.CoarseFromBytes || IsAlwaysCoarse
        ? timeline.Needed(rollup.Grains)
        : rollup.Grains.OnlyFinest;
}
