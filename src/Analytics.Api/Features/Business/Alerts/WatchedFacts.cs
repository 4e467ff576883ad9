using Analytics.Storage.Schema;
using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>
/// The facts of one kind in the windows of a workspace's alerts. A fact is read when it comes, and again each time that it goes from one
/// part of a window to another one: what moves in a minute is the facts of few minutes. What there was before an alert is read backwards,
/// a piece at a time, so that nobody waits for it.
/// </summary>
sealed class WatchedFacts
{
    const long FirstStep = 60 * AlertWords.Minute;
    const int FewFacts = 2_000;
    const int ManyFacts = 20_000;

    readonly AlertMatch match;
    readonly FactSource source;
    readonly HeldAlert[] alerts;
    readonly long horizon;
    long step = FirstStep;

    /// <param name="workspace">Whose.</param>
    /// <param name="kind">Of which kind.</param>
    /// <param name="alerts">Who looks at them.</param>
    /// <param name="horizon">Raw facts before it are gone.</param>
    public WatchedFacts(Workspace workspace, StreamedKind kind, IEnumerable<HeldAlert> alerts, long horizon)
    {
        (Kind, this.alerts, this.horizon) = (kind, [.. alerts], horizon);
        match = new AlertMatch(this.alerts);
        source = kind == StreamedKind.Event ? new EventSource(workspace, match.Fields) : new RequestSource(workspace, match.Fields);
    }

    public StreamedKind Kind { get; }

    public IReadOnlyList<HeldAlert> Alerts => alerts;

    /// <summary>When the oldest facts may be that are in a window.</summary>
    public long OldestAt(long end) => Math.Max(horizon, alerts.Min(held => held.Alert.OldestAt(end)));

    /// <summary>The times whose facts are in another part of some window at the one end than at the other.</summary>
    public List<(long From, long To)> Moving(long before, long next)
    {
        var moving = new SortedSet<long> { 0 };
        foreach (var held in alerts)
        {
            moving.Add(held.Alert.Length);
            if (held.Alert.HasBefore)
                moving.Add(2 * held.Alert.Length);
        }

        var ranges = new List<(long From, long To)>();
        foreach (var ago in moving.Reverse())
            if (ranges.Count > 0 && ranges[^1].To >= before - ago)
                ranges[^1] = (ranges[^1].From, next - ago);
            else
                ranges.Add((before - ago, next - ago));
        return ranges;
    }

    /// <summary>Moves the windows from one end to another, in a snapshot whose facts of before that have come since are these.</summary>
    public async Task MoveAsync(NpgsqlConnection connection, long before, long next, HashSet<Guid> late, CancellationToken cancel)
    {
        if (next > before)
            foreach (var (from, to) in Moving(before, next))
                await source.ReadAsync(
                    connection, from, to, fact => Place(fact, late.Remove(fact.Id) ? null : before, next), cancel);
        await source.ReadAsync(connection, late, fact => Place(fact, null, next), cancel);
    }

    /// <summary>Reads what there was before, as long as it may go on. True when all is held.</summary>
    public async Task<bool> FillAsync(NpgsqlConnection connection, long end, Func<bool> mayGoOn, CancellationToken cancel)
    {
        foreach (var held in alerts)
            held.From ??= end;
        while (Array.FindAll(alerts, held => IsBehind(held, end)) is { Length: > 0 } behind)
        {
            if (!mayGoOn())
                return false;
            await FillAsync(connection, behind, end, cancel);
        }

        return true;
    }

    /// <summary>Whether facts are missing that happened before it was there.</summary>
    public bool IsBehind(HeldAlert held, long end) => held.From is not { } from || from > Math.Max(horizon, held.Alert.OldestAt(end));

    // Those that have got equally far go on together, until the first of them is there or meets others.
    async Task FillAsync(NpgsqlConnection connection, HeldAlert[] behind, long end, CancellationToken cancel)
    {
        var to = behind.Max(held => held.From!.Value);
        var from = to - step;
        foreach (var held in behind)
            from = Math.Max(from, held.From == to ? Math.Max(horizon, held.Alert.OldestAt(end)) : held.From!.Value);
        var together = Array.FindAll(behind, held => held.From == to);
        var read = await source.ReadAsync(connection, from, to, fact => Fill(together, fact, end), cancel);
        foreach (var held in together)
            (held.From, held.HasMoved) = (from, true);
        step = read < FewFacts ? step * 4 : read > ManyFacts ? Math.Max(AlertWords.Minute, step / 2) : step;
    }

    void Fill(HeldAlert[] together, SourcedFact fact, long end)
    {
        match.Begin(fact);
        for (var at = 0; at < alerts.Length; at++)
            if (Array.IndexOf(together, alerts[at]) >= 0)
                Move(at, WindowPart.None, alerts[at].Alert.PartOf(fact.Time, end));
    }

    void Place(SourcedFact fact, long? before, long next)
    {
        if (fact.Time < horizon)
            return;
        match.Begin(fact);
        for (var at = 0; at < alerts.Length; at++)
        {
            var (alert, from) = (alerts[at].Alert, alerts[at].From);
            if (fact.Time >= from)
                Move(at, before is { } end ? alert.PartOf(fact.Time, end) : WindowPart.None, alert.PartOf(fact.Time, next));
        }
    }

    void Move(int at, WindowPart was, WindowPart now)
    {
        if (was != now && match.Passes(at))
            alerts[at].Move(match.KeyOf(at), match.ValueOf(at), match.Owner, was, now);
    }
}
