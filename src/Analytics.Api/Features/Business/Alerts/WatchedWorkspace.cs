using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Storage.Writing;

namespace Analytics.Features.Business.Alerts;

/// <summary>A key that an alert is crossed by and was not, or the other way round.</summary>
readonly record struct FoundCrossing(HeldAlert Held, KeyFinding Finding);

/// <summary>The alerts of a workspace, and what is held of its facts: as of one commit, up to one minute.</summary>
/// <param name="workspace">Whose.</param>
/// <param name="most">How many keys and values are held of an alert at most.</param>
sealed class WatchedWorkspace(Workspace workspace, int most = WatchedWorkspace.MostHeld)
{
    const int MostLate = 200_000;
    const int MostHeld = 100_000;
    const long MostHeldTogether = 400_000;
    const int MostPatience = 7;

    const string FirstSql = "select first_log from commits where workspace_id = $1 and last_log > $2 order by last_log limit 1";

    const string LateSql = """
        select commits.kind, fact.id
        from commits
        cross join unnest(commits.ids) as fact (id)
        where commits.workspace_id = $1
          and commits.last_log > $2
          and fact.id >= $3
          and fact.id < $4
        limit $5
        """;

    List<HeldAlert> alerts = [];
    List<WatchedFacts> kinds = [];
    WatchedStatistics statistics = new(workspace.Key, []);
    WatchPosition position;
    long? end;
    int abandoned;

    public Workspace Workspace => workspace;

    public IReadOnlyList<HeldAlert> Alerts => alerts;

    /// <summary>As of when the alerts are as they are; null when they have to be read.</summary>
    public int? Revision { get; private set; }

    /// <summary>As of when it is known what the customers are called that its alerts name.</summary>
    public int Called { get; set; }

    /// <summary>Whether not all is held yet that its alerts ask for.</summary>
    public bool IsFilling { get; private set; }

    /// <summary>
    /// How many times as long as usual filling may go on: longer each time that it began anew before it was done, because something else is
    /// known of people by then.
    /// </summary>
    public int Patience => 1 << Math.Min(abandoned, MostPatience);

    /// <summary>Those of whose facts too much would have to be held.</summary>
    public HashSet<Guid> TooLarge => [.. alerts.Where(held => held.IsTooLarge).Select(held => held.Alert.Id)];

    /// <summary>Those that the store says are too large.</summary>
    public HashSet<Guid> KnownTooLarge { get; set; } = [];

    /// <summary>Takes the alerts as they are by now; what is held for those that stay the same stays.</summary>
    public void Take(int revision, IReadOnlyList<WatchedAlert> now, ILookup<Guid, byte[]> open)
    {
        var known = alerts.ToDictionary(held => held.Alert.Id);
        alerts = [.. now.Select(HeldOf)];
        foreach (var held in alerts)
        {
            held.Open.Clear();
            held.Open.UnionWith(open[held.Alert.Id]);
            held.HasMoved = true;
        }

        Revision = revision;
        statistics = new(workspace.Key, alerts.Where(held => held.Alert.Statistic is not null));
        Divide();

        HeldAlert HeldOf(WatchedAlert alert)
        {
            // One that was changed, or enabled again, is tried again.
            if (!known.TryGetValue(alert.Id, out var held) || held.Alert.Facts != alert.Facts
                || (held.IsTooLarge && !KnownTooLarge.Contains(alert.Id)))
                return new HeldAlert(alert);
            held.Alert = alert;
            return held;
        }
    }

    /// <summary>Has the alerts read again: they, or what was told of them, are not as they were taken.</summary>
    public void Distrust() => Revision = null;

    /// <summary>Whether facts may have come, or say something else, since it was looked at.</summary>
    public bool IsBehind(WatchPosition now, long next) =>
        end is null || now.Log != position.Log || !IsSameEra(now.Era) || statistics.IsBehind(now, next);

    /// <summary>The times whose facts move until a minute.</summary>
    public IEnumerable<(StreamedKind Kind, long From, long To)> Moving(long next) => end is not { } before || before == next
        ? []
        : from facts in kinds from range in facts.Moving(before, next) select (facts.Kind, range.From, range.To);

    /// <summary>Goes on to a minute until which nothing has moved.</summary>
    public void GoOn(long next) => end = next;

    /// <summary>Holds what is in the windows that end with a minute, as of a snapshot; fills what is missing as long as it may.</summary>
    public async Task HoldAsync(BoundedRead read, WatchPosition now, long next, Func<bool> mayGoOn)
    {
        var before = IsSameEra(now.Era) && end <= next ? end : null;
        TryAgain(next);
        end = null; // half of something is nothing
        var late = before is { } last ? await LateAsync(read, now.Log, last) : null;
        if (late is null)
        {
            abandoned = IsFilling ? abandoned + 1 : 0;
            Clear(now);
        }
        else
            foreach (var facts in kinds)
                await facts.MoveAsync(read.Connection, before!.Value, next, [.. late[facts.Kind]], read.Cancel);
        IsFilling = false;
        foreach (var facts in kinds)
            IsFilling |= !await facts.FillAsync(read.Connection, next, mayGoOn, read.Cancel);
        abandoned = IsFilling ? abandoned : 0;
        (position, end) = (now, alerts.Exists(held => held.IsBroken) ? null : next);
        KeepSmall(next);
    }

    // Who people are concerns those alone that look at them; what a rebuild counts anew are no raw facts.
    bool IsSameEra(WatchEra now) => now == position.Era
        || (now == position.Era with { Version = now.Version } && !alerts.Exists(held => held.Alert.Query is { LooksAtPeople: true }));

    /// <summary>What is crossed that was not, and the other way round.</summary>
    public async Task<List<FoundCrossing>> LookAsync(BoundedRead read, WatchPosition now, long next)
    {
        var found = await statistics.LookAsync(read, now, next);
        if (end != next)
            return found;
        foreach (var facts in kinds)
            foreach (var held in facts.Alerts)
                if (held.HasMoved && !facts.IsBehind(held, next))
                    found.AddRange(held.Look().Where(held.IsNew).Select(finding => new FoundCrossing(held, finding)));
        return found;
    }

    /// <summary>Takes note of what was told.</summary>
    public void Told(IEnumerable<FoundCrossing> told)
    {
        foreach (var (held, finding) in told)
            _ = finding.IsCrossed ? held.Open.Add(finding.Key) : held.Open.Remove(finding.Key);
        foreach (var facts in kinds)
            foreach (var held in facts.Alerts)
                held.HasMoved &= end is not { } now || facts.IsBehind(held, now);
    }

    void Clear(WatchPosition now)
    {
        position = now;
        foreach (var held in alerts)
            held.Clear();
        Divide();
    }

    void Divide()
    {
        kinds = [.. alerts.Where(held => held.Alert.Query is not null && !held.IsTooLarge)
            .GroupBy(held => held.Alert.Query!.OfRequests ? StreamedKind.Request : StreamedKind.Event)
            .Select(kind => new WatchedFacts(workspace, kind.Key, kind, position.Era.Horizon))];
    }

    // What is too much for the others' room is left alone until its window has gone by, or it changes.
    void KeepSmall(long now)
    {
        var large = alerts.FindAll(held => !held.IsTooLarge && held.Size > most);
        var sum = alerts.Except(large).Sum(held => held.Size);
        foreach (var held in alerts.Except(large).OrderByDescending(held => held.Size).TakeWhile(_ => sum > MostHeldTogether).ToList())
        {
            sum -= held.Size;
            large.Add(held);
        }

        foreach (var held in large)
        {
            held.Clear();
            held.LargeSince = now;
        }

        if (large.Count > 0)
            Divide();
    }

    void TryAgain(long now)
    {
        var small = alerts.FindAll(held => held.LargeSince + held.Alert.Length <= now);
        foreach (var held in small)
            held.LargeSince = null;
        if (small.Count > 0)
            Divide();
    }

    /// <summary>The facts that came since, of times before the last look; null when they are not known any more, or too many.</summary>
    async Task<ILookup<StreamedKind, Guid>?> LateAsync(BoundedRead read, long log, long last)
    {
        if (log != position.Log
            && await read.Connection.ScalarAsync<long>(FirstSql, [workspace.Key, position.Log], read.Cancel) != position.Log + 1)
            return null;
        if (log == position.Log || kinds.Count == 0)
            return Array.Empty<Guid>().ToLookup(_ => default(StreamedKind));
        var oldest = kinds.Min(facts => facts.OldestAt(last));
        var late = await read.Connection.QueryAsync(
            LateSql,
            [workspace.Key, position.Log, Storage.EventId.Least(oldest), Storage.EventId.Least(last), MostLate],
            row => (Kind: (StreamedKind)row.GetInt16(0), Id: row.GetGuid(1)), read.Cancel);
        return late.Count == MostLate ? null : late.ToLookup(fact => fact.Kind, fact => fact.Id);
    }
}
