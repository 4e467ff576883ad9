using Analytics.Storage.Apps;
using Analytics.Storage.Audit;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups.Rebuilding;

namespace Analytics.Storage.Rollups;

/// <summary>The kinds of facts, their sections, and the rollups over those: what the engine's jobs loop over.</summary>
/// <param name="kinds">The kinds of facts, each with its sections.</param>
/// <param name="rollups">The rollups over those sections.</param>
sealed class Catalogue(IReadOnlyList<FactKind> kinds, IReadOnlyList<Rollup> rollups)
{
    /// <summary>That of the service.</summary>
    public static Catalogue Default { get; } = new(
        [new EventKind(), new RequestKind(), AuditKind.Kind, new AppKind(), new InvocationKind()], RollupCatalogue.All);

    public IReadOnlyList<FactKind> Kinds => kinds;

    /// <summary>Those given, each of which can be made from its sections.</summary>
    public IReadOnlyList<Rollup> Rollups { get; } = [.. rollups.Select(rollup => rollup.Checked())];

    public IEnumerable<Section> Sections => kinds.SelectMany(kind => kind.Sections);

    public IEnumerable<Rollup> Of(Section section) => Rollups.Where(rollup => rollup.From.Contains(section));

    /// <summary>The rollup that keeps everything the section says: what it holds of sealed days is all that is left of them.</summary>
    public Rollup WholeOf(Section section) => Rollups.First(rollup => rollup.IsWhole(section));
}
