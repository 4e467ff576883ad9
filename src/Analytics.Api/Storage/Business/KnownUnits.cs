using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>A writer's billable units of a workspace, as long as the locked row says that they are those.</summary>
sealed class KnownUnits
{
    int version = -1;
    Dictionary<string, UnitMatch> byName = [];

    /// <summary>The units of an event name; null when there are none.</summary>
    public UnitMatch? Of(string name) => byName.GetValueOrDefault(name);

    public async Task RefreshAsync(NpgsqlConnection connection, WorkspaceCounters counters, CancellationToken cancel)
    {
        if (version == counters.Units)
            return;
        byName = UnitMatch.ByName(await Unit.LivingAsync(connection, counters.Workspace, cancel));
        version = counters.Units;
    }
}
