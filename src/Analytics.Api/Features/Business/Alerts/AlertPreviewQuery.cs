using System.Text.Json;
using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>How would an alert have fired, by what is known by now?</summary>
sealed class AlertPreviewQuery(NpgsqlDataSource store, TimeProvider clock)
{
    const int MostFacts = 2_000_000;
    const int Month = 30;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(9);

    public async Task<AlertPreview> AnswerAsync(Workspace workspace, AlertPreviewRequest request, CancellationToken cancel)
    {
        var now = Rfc3339.Microseconds(clock.GetUtcNow());
        var end = now - now % AlertWords.Minute;
        var start = end - (request.Days ?? AlertPreviewRequestRules.DefaultDays) * AlertWords.DayLength;
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var alert = await WatchedAlert.Of(Guid.Empty, request.Alert!).CalledAsync(read.Connection, workspace.Key, read.Cancel);
        var crossings = new PreviewedCrossings(alert);
        if (alert.Statistic is { } statistic)
            await AddDaysAsync(new StatisticReading(read, workspace.Key), alert, statistic, start, end, crossings);
        else
            await AddMinutesAsync(read, workspace, alert, start, end, crossings);
        return new(crossings.NewestFirst());
    }

    async Task AddMinutesAsync(
        BoundedRead read, Workspace workspace, WatchedAlert alert, long start, long end, PreviewedCrossings crossings)
    {
        var horizon = (await WatchPosition.HorizonAsync(read.Connection, workspace.Key, read.Cancel)) ?? long.MinValue;
        var held = new HeldAlert(alert);
        var facts = await PreviewedFacts.ReadAsync(
            read, workspace, held, Math.Max(horizon, alert.OldestAt(start)), end, MostFacts);
        var began = clock.GetTimestamp();
        foreach (var minute in facts.Minutes(start, end))
        {
            if (clock.GetElapsedTime(began) > Longest || read.Cancel.IsCancellationRequested)
                throw new TooMuchToReadException("The days have more facts than can be gone through: ask about fewer.");
            facts.MoveTo(minute);
            crossings.Add(held, minute);
        }
    }

    static async Task AddDaysAsync(
        StatisticReading reading, WatchedAlert alert, AlertStatistic statistic, long start, long end, PreviewedCrossings crossings)
    {
        var (first, last) = (DateOf(start), DateOf(end));
        var count = last.DayNumber - first.DayNumber + 1;
        if (await reading.OfAsync(statistic, alert.Window, first.AddDays(-Month), count + Month) is not { } values)
            throw ProblemException.Invalid(new Problem("/alert/statistic/id", "unknown", "Must be an app of the workspace."));
        var ago = alert.Window == AlertWords.Day ? 1 : Month;
        var held = new HeldAlert(alert);
        for (var day = 0; day < count; day++)
        {
            var (value, before) = (values[day + Month], values[day + Month - ago]);
            var dayEnd = Math.Min(end, Rfc3339.Microseconds(new DateTimeOffset(first.AddDays(day + 1), TimeOnly.MinValue, TimeSpan.Zero)));
            crossings.Add(held, [new(AlertKeys.None, alert.Condition.IsCrossed(value, before), value, before)], dayEnd);
        }
    }

    static DateOnly DateOf(long instant) => DateOnly.FromDateTime(Rfc3339.ToInstant(instant).UtcDateTime);
}

/// <summary>The crossings of an alert that is gone through minute by minute, oldest first.</summary>
sealed class PreviewedCrossings(WatchedAlert alert)
{
    const int Most = 1_000;

    readonly List<PreviewedCrossing> all = [];
    readonly Dictionary<byte[], int> open = new(new Storage.Facts.WorkspaceNames.BytesComparer());

    public void Add(HeldAlert held, long at) => Add(held, held.Look(), at);

    public void Add(HeldAlert held, IEnumerable<KeyFinding> findings, long at)
    {
        foreach (var finding in findings.Where(held.IsNew).ToList())
            if (finding.IsCrossed)
            {
                if (all.Count == Most)
                    throw ProblemException.Invalid(new Problem(
                        "/days", "too_many", $"The alert is crossed more than {Most} times: ask about fewer days, or for another limit."));
                held.Open.Add(finding.Key);
                open[finding.Key] = all.Count;
                all.Add(new(
                    Rfc3339.ToInstant(at), JsonElement.Parse(AlertKeys.JsonOf(finding.Key)), alert.Shown(finding.Value!.Value),
                    alert.Condition.Limit, alert.Condition.ChangeOf(finding.Value, finding.Before), null));
            }
            else
            {
                held.Open.Remove(finding.Key);
                open.Remove(finding.Key, out var place);
                all[place] = all[place] with { BackAt = Rfc3339.ToInstant(at) };
            }
    }

    public List<PreviewedCrossing> NewestFirst() => [.. Enumerable.Reverse(all)];
}
