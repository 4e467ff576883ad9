using Analytics.Time;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>A piece of time to be read, by its place from the newest.</summary>
readonly record struct SliceOfTime(int Place, DateTimeOffset From, DateTimeOffset To, long Begun);

/// <summary>Cuts a time into slices from its end on, so long that each takes a fifth of a second, and adds them up in that order.</summary>
sealed class RawSlices(TimeRange range, TimeProvider clock)
{
    static readonly TimeSpan First = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Wanted = TimeSpan.FromMilliseconds(200);
    const double MostGrowth = 4;

    readonly Lock guard = new();
    readonly Dictionary<int, (SliceOfTime Time, Action Add)> waiting = [];
    DateTimeOffset next = range.To;
    DateTimeOffset counted = range.To;
    TimeSpan length = First;
    int taken;
    int added;

    /// <summary>Since when everything is counted; null when that is all.</summary>
    public DateTimeOffset? ScannedFrom => counted > range.From ? counted : null;

    /// <summary>Says that there is nothing else to be counted.</summary>
    public void Finish() => counted = next = range.From;

    /// <summary>Says that no slice is wanted any longer.</summary>
    public void Stop()
    {
        lock (guard)
            next = range.From;
    }

    /// <summary>The next slice; null when all are taken.</summary>
    public SliceOfTime? Next()
    {
        lock (guard)
        {
            if (next <= range.From)
                return null;
            var (to, left) = (next, next - range.From);
            // A quarter of what is left at most, down to an eighth of the usual: so that two who read come to the end together.
            var slice = Shorter(length, Longer(left / 4, length / 8));
            next = left <= slice ? range.From : Cut(to - slice);
            return new(taken++, next, to, clock.GetTimestamp());
        }
    }

    /// <summary>Where all slices end.</summary>
    public DateTimeOffset From => range.From;

    /// <summary>Where the next slice ends.</summary>
    public DateTimeOffset End
    {
        get
        {
            lock (guard)
                return next;
        }
    }

    /// <summary>
    /// Says that there are no facts from an instant on until where the next slice was to end; unless somebody took that one meanwhile.
    /// </summary>
    public void Skip(DateTimeOffset from, DateTimeOffset end)
    {
        lock (guard)
        {
            if (next != end || from >= end)
                return;
            next = from > range.From ? from : range.From;
            Add(new(taken++, next, end, 0), () => { });
        }
    }

    /// <summary>Takes what a slice comes to; it is added when everything newer is.</summary>
    public void Done(SliceOfTime slice, RawSlice read, Action<RawSlice> add)
    {
        lock (guard)
        {
            Learn(slice);
            Add(slice, () => add(read));
        }
    }

    void Add(SliceOfTime slice, Action add)
    {
        waiting.Add(slice.Place, (slice, add));
        while (waiting.Remove(added, out var first))
        {
            first.Add();
            counted = first.Time.From;
            added++;
        }
    }

    void Learn(SliceOfTime slice)
    {
        var growth = Wanted / (clock.GetElapsedTime(slice.Begun) + TimeSpan.FromMilliseconds(1));
        length = (slice.To - slice.From) * Math.Clamp(growth, 1 / MostGrowth, MostGrowth);
        if (length < TimeSpan.FromMilliseconds(1))
            length = TimeSpan.FromMilliseconds(1);
    }

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    // Facts are to the microsecond.
    static DateTimeOffset Cut(DateTimeOffset instant) => new(instant.Ticks - instant.Ticks % TimeSpan.TicksPerMicrosecond, instant.Offset);
}
