namespace Analytics.Benchmarks.Apps;

/// <summary>A day of a workspace as <c>/statistics/org/</c> tells it.</summary>
readonly record struct DayFigures(DateOnly Date, long Mau, long Storage, long Bandwidth);

/// <summary>What was told of a workspace's apps, kept in the simplest way: what the service answers has to equal it.</summary>
sealed class AppLedger
{
    /// <summary>Today and the days before it that facts may be of.</summary>
    public const int Days = 120;

    const int Month = 30;

    readonly DateOnly first = Today.AddDays(1 - Days);
    readonly DeviceCrowd crowd;
    readonly Lock gate = new();
    readonly bool[] seen = new bool[AppWorld.Apps * AppWorld.Viewers];

    // A run may go on after midnight.
    readonly long[] bandwidth = new long[Days + 1];
    readonly long[] stored = new long[Days + 1];

    // A bit a day.
    readonly UInt128[] days;

    public AppLedger(DeviceCrowd crowd) => (this.crowd, days) = (crowd, new UInt128[crowd.Count]);

    public static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    public long[] Views { get; } = new long[AppWorld.Apps];

    public long[] Invocations { get; } = new long[AppWorld.Apps];

    public long Devices { get; private set; }

    public void Add(AppList list, int app, in SampleFact sample)
    {
        var day = DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks(sample.Timestamp * 10)).DayNumber - first.DayNumber;
        lock (gate)
        {
            if (list == AppList.Views)
                AddView(app, sample.Who);
            else if (list == AppList.Devices)
                AddDevice(day, sample.Who);
            else if (list == AppList.Downloads)
                bandwidth[day] += sample.Amount;
            else if (list == AppList.Changes)
                stored[day] += sample.Amount;
            else
                Invocations[app]++;
        }
    }

    public long ViewersOf(int app) => seen.AsSpan(app * AppWorld.Viewers, AppWorld.Viewers).Count(true);

    public DayFigures Of(DateOnly date)
    {
        var day = date.DayNumber - first.DayNumber;
        return new(date, Mau(day, [this]), stored.Take(day + 1).Sum(), bandwidth[day]);
    }

    /// <summary>Distinct devices of several workspaces in the 30 days that end with the date.</summary>
    public static long Mau(DateOnly date, params AppLedger[] ledgers) => Mau(date.DayNumber - ledgers[0].first.DayNumber, ledgers);

    static long Mau(int day, AppLedger[] ledgers)
    {
        var month = ((UInt128.One << Math.Min(Month, day + 1)) - 1) << Math.Max(0, day + 1 - Month);
        var (least, end) = (ledgers.Min(ledger => ledger.crowd.First), ledgers.Max(ledger => ledger.crowd.First + ledger.crowd.Count));
        var devices = 0L;
        for (var device = least; device < end; device++)
            if (Array.Exists(ledgers, ledger => (ledger.DaysOf(device) & month) != 0))
                devices++;
        return devices;
    }

    UInt128 DaysOf(int device) => device >= crowd.First && device < crowd.First + crowd.Count ? days[device - crowd.First] : 0;

    void AddView(int app, int viewer)
    {
        Views[app]++;
        if (viewer != SampleFact.Nobody)
            seen[app * AppWorld.Viewers + viewer] = true;
    }

    void AddDevice(int day, int device)
    {
        Devices++;
        days[device - crowd.First] |= UInt128.One << day;
    }
}
