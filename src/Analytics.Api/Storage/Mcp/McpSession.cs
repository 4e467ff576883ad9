using System.Collections.Immutable;
using Analytics.Sketches;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Mcp;

/// <summary>
/// What is known of a session, from whichever events came so far in whichever order. Ids of events are in the order of their times.
/// </summary>
/// <param name="Number">Its number in the workspace.</param>
/// <param name="Started">The first event that told its start.</param>
/// <param name="Named">The first one that names it and tells neither start nor end.</param>
/// <param name="Ends">Those that told its end, in their order.</param>
/// <param name="Heard">The last one that names it.</param>
sealed record McpSession(int Number, Guid? Started, Guid? Named, ImmutableArray<Guid> Ends, Guid Heard)
{
    /// <summary>Of more ends than this the first are kept.</summary>
    public const int MostEnds = 1_000;

    // Of a second, in units of 1e-12.
    static readonly Int128 Microsecond = DecimalUnits.One / 1_000_000;

    /// <summary>One that nothing is known of yet.</summary>
    public static McpSession Unknown(int number) => new(number, null, null, [], Guid.Empty);

    /// <summary>The event it begins with. Of several at one instant an end is the last.</summary>
    public Guid? Begin => Started ?? (Ends is [var end, ..] && !(Named is { } named && TimeOf(named) <= TimeOf(end)) ? end : Named);

    /// <summary>When it begins; it has a begin as soon as anything is known of it.</summary>
    public long BeginAt => TimeOf(Begin!.Value);

    /// <summary>When it ended, by the first other event that told so and is not before its begin.</summary>
    public long? EndAt
    {
        get
        {
            foreach (var end in Ends)
                if (end != Begin && TimeOf(end) >= BeginAt)
                    return TimeOf(end);
            return null;
        }
    }

    /// <summary>What is known when another event has named it.</summary>
    public McpSession With(McpEventKind kind, Guid id)
    {
        var heard = this with { Heard = Heard.CompareTo(id) < 0 ? id : Heard };
        return kind switch
        {
            McpEventKind.SessionStarted => heard with { Started = Earlier(Started, id) },
            McpEventKind.SessionEnded => heard with { Ends = WithEnd(id) },
            _ => heard with { Named = Earlier(Named, id) },
        };
    }

    /// <summary>Adds what it counts for; -1 times takes it back.</summary>
    public void AddTo(CommitFacts facts, int times)
    {
        if (Begin is not null)
            Add(facts, BeginAt, EndAt, times);
    }

    /// <summary>Adds what a session with this begin and end counts for.</summary>
    public static void Add(CommitFacts facts, long beginAt, long? endAt, int times)
    {
        var key = McpFacts.OfSessions.KeyOf(beginAt, 0);
        facts.Add(key, McpFacts.Sessions, times);
        if (endAt is not { } end)
            return;
        facts.Add(key, McpFacts.Ended, times);
        facts.AddValue(key, McpFacts.Duration, (end - beginAt) * Microsecond, times);
    }

    ImmutableArray<Guid> WithEnd(Guid id)
    {
        var at = ~Ends.BinarySearch(id);
        var all = at < 0 ? Ends : Ends.Insert(at, id);
        return all.Length > MostEnds ? all.RemoveAt(MostEnds) : all;
    }

    static Guid Earlier(Guid? known, Guid other) => known is { } one && one.CompareTo(other) <= 0 ? one : other;

    static long TimeOf(Guid id) => EventId.TimestampOf(id)!.Value;
}
