namespace Analytics.Storage.Cells;

/// <summary>How finely a cell cuts time. Each grain is a whole number of slots of every finer one it is made from.</summary>
enum Grain : byte
{
    Minute = 0,

    /// <summary>Serves every zone, :30 and :45 included.</summary>
    QuarterHour = 1,
    Hour = 2,
    Day = 3,
    Month = 4,

    /// <summary>Days and months of the workspace's own zone, when that is not UTC.</summary>
    LocalDay = 5,
    LocalMonth = 6,

    /// <summary>One slot for all time.</summary>
    All = 7,

    /// <summary>Four of a day in UTC.</summary>
    SixHours = 8,

    /// <summary>From Monday on: seven days mostly lie in no whole month, and four weeks are read as four cells, not 28.</summary>
    Week = 9,
    LocalWeek = 10,
}

/// <summary>Some grains, a bit each.</summary>
[Flags]
enum Grains : short
{
    None = 0,
    Minute = 1 << Grain.Minute,
    QuarterHour = 1 << Grain.QuarterHour,
    Hour = 1 << Grain.Hour,
    Day = 1 << Grain.Day,
    Month = 1 << Grain.Month,
    LocalDay = 1 << Grain.LocalDay,
    LocalMonth = 1 << Grain.LocalMonth,
    All = 1 << Grain.All,
    SixHours = 1 << Grain.SixHours,
    Week = 1 << Grain.Week,
    LocalWeek = 1 << Grain.LocalWeek,
    Local = LocalDay | LocalWeek | LocalMonth,
}

static class GrainSets
{
    /// <summary>Everything from quarter hours to months, in UTC and in the workspace's zone.</summary>
    public const Grains FromQuarters =
        Grains.QuarterHour | Grains.Hour | Grains.Day | Grains.Month | Grains.LocalDay | Grains.LocalMonth;

    /// <summary>The same for many numbers within a slot, of which a month is read in as few slots as may be.</summary>
    public const Grains OfMany = FromQuarters | Grains.SixHours | Grains.Week | Grains.LocalWeek;

    /// <summary>For leads that have few facts each: hours of theirs would be as many as the quarters.</summary>
    public const Grains OfLeads =
        Grains.QuarterHour | Grains.SixHours | Grains.Day | Grains.Week | Grains.LocalDay | Grains.LocalWeek;

    // From the coarsest that can be added up to it to the finest: hours cut the local days of zones such as +05:45.
    static readonly Grain[][] Finer =
    [
        [], [Grain.Minute], [Grain.QuarterHour, Grain.Minute], [Grain.Hour, Grain.QuarterHour, Grain.Minute],
        [Grain.Day, Grain.Hour, Grain.QuarterHour, Grain.Minute], [Grain.QuarterHour, Grain.Minute],
        [Grain.LocalDay, Grain.QuarterHour, Grain.Minute], [Grain.Month, Grain.Day, Grain.Hour, Grain.QuarterHour, Grain.Minute],
        [Grain.Hour, Grain.QuarterHour, Grain.Minute], [Grain.Day, Grain.Hour, Grain.QuarterHour, Grain.Minute],
        [Grain.LocalDay, Grain.QuarterHour, Grain.Minute],
    ];

    extension(Grains set)
    {
        public bool Has(Grain grain) => ((int)set & (1 << (int)grain)) != 0;

        /// <summary>By their numbers: each after those it is made from.</summary>
        public IEnumerable<Grain> Each() => Enum.GetValues<Grain>().Where(grain => set.Has(grain));

        public Grain Finest => (Grain)System.Numerics.BitOperations.TrailingZeroCount((int)set);

        /// <summary>The finest of them alone.</summary>
        public Grains OnlyFinest => (Grains)(1 << (int)set.Finest);

        public Grains WithoutFinest => set & ~set.OnlyFinest;

        /// <summary>The grain of the set that <paramref name="coarse"/> is added up from.</summary>
        public Grain FinerThan(Grain coarse) => Array.Find(Finer[(int)coarse], finer => set.Has(finer));
    }
}
