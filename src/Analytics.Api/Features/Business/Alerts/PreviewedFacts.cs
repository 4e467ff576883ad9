using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Features.Business.Alerts;

/// <summary>The facts that count to an alert, in order of time, and its windows going over them.</summary>
sealed class PreviewedFacts(HeldAlert held)
{
    readonly record struct Counted(long Time, byte[] Key, FactValue Value);

    readonly List<Counted> facts = [];

    // The first fact that has not come yet into the window, into the one before, and out of that.
    readonly int[] next = new int[3];

    /// <summary>Reads those of a time; there may not be more than so many.</summary>
    public static async Task<PreviewedFacts> ReadAsync(
        BoundedRead read, Workspace workspace, HeldAlert held, long from, long to, int most)
    {
        var match = new AlertMatch([held]);
        FactSource source = held.Alert.Query!.OfRequests
            ? new RequestSource(workspace, match.Fields)
            : new EventSource(workspace, match.Fields);
        var found = new PreviewedFacts(held);
        await source.ReadAsync(read.Connection, from, to, fact =>
        {
            match.Begin(fact);
            if (!match.Passes(0))
                return;
            found.facts.Add(new(fact.Time, match.KeyOf(0), match.ValueOf(0)));
            if (found.facts.Count > most)
                throw new TooMuchToReadException("The days have more facts than can be gone through: ask about fewer.");
        }, read.Cancel);
        return found;
    }

    /// <summary>The first minute, and those at which something has moved.</summary>
    public IEnumerable<long> Minutes(long first, long last)
    {
        for (var minute = first; minute <= last;)
        {
            yield return minute;
            var moving = Enumerable.Range(0, next.Length).Where(part => next[part] < facts.Count)
                .Select(part => facts[next[part]].Time + part * held.Alert.Length).DefaultIfEmpty(last).Min();
            // A fact is in the window that ends after it; and out of one that begins after it.
            minute = Math.Max(minute, moving - moving % AlertWords.Minute) + AlertWords.Minute;
        }
    }

    /// <summary>Moves the windows on to a minute.</summary>
    public void MoveTo(long minute)
    {
        for (var part = 0; part < next.Length; part++)
            for (; next[part] < facts.Count && facts[next[part]].Time < minute - part * held.Alert.Length; next[part]++)
                Move(facts[next[part]], part);
    }

    void Move(in Counted fact, int part) => held.Move(fact.Key, fact.Value, null, PartAfter(part - 1), PartAfter(part));

    // Into the window, from there into the one before where that is looked at, and out.
    WindowPart PartAfter(int part) => part switch
    {
        0 => WindowPart.Current,
        1 when held.Alert.HasBefore => WindowPart.Before,
        _ => WindowPart.None,
    };
}
