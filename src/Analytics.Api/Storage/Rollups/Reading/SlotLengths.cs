using Analytics.Storage.Cells;

namespace Analytics.Storage.Rollups.Reading;

/// <summary>Slots of coarser grains counted in those of the finest.</summary>
sealed class SlotLengths(Timeline timeline, Grain finest)
{
    public int SlotOf(Grain grain, int slot) => timeline.SlotOf(grain, finest, slot);

    public bool IsStart(Grain grain, int slot) => grain == finest || SlotOf(grain, slot) != SlotOf(grain, slot - 1);

    public int StartAtOrAfter(Grain grain, int slot)
    {
        if (IsStart(grain, slot))
            return slot;
        var coarse = SlotOf(grain, slot);
        return First(slot, Longest(grain), at => SlotOf(grain, at) > coarse);
    }

    public int StartAtOrBefore(Grain grain, int slot)
    {
        if (IsStart(grain, slot))
            return slot;
        var coarse = SlotOf(grain, slot);
        return First(slot - Longest(grain), Longest(grain), at => SlotOf(grain, at) >= coarse);
    }

    /// <summary>
    /// No more finest slots than the shortest slot of the grain has: a month of 28 days, a day that clocks have cut, a week that a zone
    /// left a day out of.
    /// </summary>
    public int Shortest(Grain grain) => grain == finest ? 1 : grain switch
    {
        Grain.Hour => PerDay / 24,
        Grain.SixHours => PerDay / 4,
        Grain.Day or Grain.LocalDay => PerDay - PerDay / 6,
        Grain.Week or Grain.LocalWeek => 6 * PerDay - PerDay / 6,
        Grain.Month or Grain.LocalMonth => 27 * PerDay,
        _ => PerDay / Timeline.QuartersPerDay,
    };

    /// <summary>More finest slots than a slot of the grain has.</summary>
    int Longest(Grain grain) => grain switch
    {
        Grain.QuarterHour => PerDay / Timeline.QuartersPerDay,
        Grain.Hour => PerDay / 24,
        Grain.SixHours => PerDay / 4,
        Grain.Day or Grain.LocalDay => 2 * PerDay,
        Grain.Week or Grain.LocalWeek => 9 * PerDay,
        _ => 32 * PerDay,
    };

    /// <summary>How many finest slots a day of 24 hours has.</summary>
    int PerDay => finest switch
    {
        Grain.Minute => 1_440,
        Grain.QuarterHour => Timeline.QuartersPerDay,
        _ => 1,
    };

    /// <summary>The first slot after <paramref name="from"/> of which something is so, and stays so.</summary>
    static int First(int from, int within, Predicate<int> isSo)
    {
        var (low, high) = (from, from + within);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (isSo(middle))
                high = middle;
            else
                low = middle;
        }

        return high;
    }
}
