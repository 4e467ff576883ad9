namespace Analytics.Storage.Rollups;

/// <summary>Which rollup a run belongs to.</summary>
enum RollupId : short
{
    Timeline = 1,
    People = 2,
    Activity = 3,
    PeopleActivity = 4,
    ShareActivity = 5,
    PeopleDays = 6,
}

/// <summary>
/// A rollup: facts folded under one kind of key. The compactor, readers, <c>verify</c> and <c>rebuild</c> all go by this list.
/// </summary>
/// <param name="Id">Its number in <c>rollup_runs</c> and <c>rollup_pages</c>.</param>
/// <param name="Name">What <c>verify</c> calls it.</param>
/// <param name="Grain">What a key stands for.</param>
/// <param name="Measures">What a cell holds.</param>
sealed record Rollup(RollupId Id, string Name, string Grain, string Measures);

/// <summary>Every rollup there is.</summary>
static class RollupCatalogue
{
    public static readonly Rollup Timeline = new(
        RollupId.Timeline, "timeline", "level, place in time, event type",
        "events, roots, first and last time (all time only), own cost, people behind roots, trace totals per field");

    public static readonly Rollup People = new(
        RollupId.People, "people", "person, quarter hour, event type",
        "events, roots, own cost, trace totals per field");

    public static readonly Rollup Activity = new(
        RollupId.Activity, "activity", "level, place in time",
        "events but the service's own, own cost, people behind them, measures of shares and payments");

    public static readonly Rollup PeopleActivity = new(
        RollupId.PeopleActivity, "people's activity", "person, quarter hour",
        "events but the service's own, own cost, measures of shares and payments");

    public static readonly Rollup ShareActivity = new(
        RollupId.ShareActivity, "shares' activity", "share, quarter hour, person",
        "events, own cost, measures; of share 0 what events count elsewhere than they say themselves");

    public static readonly Rollup PeopleDays = new(
        RollupId.PeopleDays, "people's days", "person, day of UTC or of the workspace's zone, event type",
        "what people's quarter hours add up to, of those runs that are large enough");

    public static readonly Rollup[] All = [Timeline, People, Activity, PeopleActivity, ShareActivity, PeopleDays];

    /// <summary>Whether its keys are places in the timeline, on every level.</summary>
    public static bool HasLevels(RollupId rollup) => rollup is RollupId.Timeline or RollupId.Activity;
}
