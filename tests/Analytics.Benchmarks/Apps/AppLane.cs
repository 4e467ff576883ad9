using Analytics.Storage;

namespace Analytics.Benchmarks.Apps;

/// <summary>A fact of an app, before it is written as JSON for the service or as a row for bare Postgres.</summary>
readonly struct SampleFact
{
    public const int Nobody = -1;

    public Guid Id { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    public long Timestamp { get; init; }

    /// <summary>The viewer, the device or the user; <see cref="Nobody"/> where there is none.</summary>
    public int Who { get; init; }

    /// <summary>Bytes: downloaded, stored, or the peak of memory.</summary>
    public long Amount { get; init; }
    public int Route { get; init; }

    /// <summary>The number in the path.</summary>
    public long Thing { get; init; }

    /// <summary>Microseconds.</summary>
    public long Duration { get; init; }
    public short Status { get; init; }

    /// <summary>Which error there was; null for none.</summary>
    public int? Error { get; init; }
    public Guid? ExternalId { get; init; }

    /// <summary>What the hash of the externalId looks like.</summary>
    public UInt128 KeyHash { get; init; }
}

/// <summary>An endless, reproducible stream of facts of apps.</summary>
sealed class AppLane(ulong seed, int number, bool withIds, DeviceCrowd devices)
{
    const double Anonymous = 0.10;
    const double Failures = 0.015;
    static readonly short[] Answered = [200, 200, 200, 200, 201, 204, 304, 400, 404];

    readonly Randomness random = new(Randomness.Mix(seed * 1_000 + (ulong)number));

    public bool WithIds => withIds;

    public int NextApp() => random.Ranked(AppWorld.Apps);

    /// <summary>One of the lists, by their shares.</summary>
    public AppList NextList()
    {
        var left = random.Fraction();
        return AppList.All.FirstOrDefault(list => (left -= list.Share) < 0) ?? AppList.Devices;
    }

    /// <summary>The next fact of a list, at some moment of the interval (microseconds since 1970).</summary>
    public SampleFact Next(AppList list, long from, long to)
    {
        var timestamp = from + (long)(random.Fraction() * (to - from));
        var error = list == AppList.Invocations && random.Fraction() < Failures ? random.Below(AppWorld.Errors.Length) : (int?)null;
        return new SampleFact
        {
            Id = EventId.New(timestamp),
            Timestamp = timestamp,
            Who = Who(list),
            Amount = Amount(list),
            Route = random.Ranked(AppWorld.Routes),
            Thing = random.Below(100_000),
            Duration = (long)random.LogNormal(80_000, 1),
            Status = error is null ? Answered[random.Below(Answered.Length)] : (short)500,
            Error = error,
            ExternalId = withIds && list.Keys is not null ? new UInt128(random.Next(), random.Next()).AsRandomUuid() : null,
            KeyHash = withIds && list.Keys is not null ? new UInt128(random.Next(), random.Next()).AsHash() : 0,
        };
    }

    int Who(AppList list)
    {
        if (list == AppList.Changes || (list != AppList.Devices && random.Fraction() < Anonymous))
            return SampleFact.Nobody;
        return list == AppList.Views ? random.Ranked(AppWorld.Viewers)
            : list == AppList.Invocations ? random.Ranked(AppWorld.Users)
            : devices.Next(random);
    }

    // Of what is stored a third goes away again.
    long Amount(AppList list) =>
        list == AppList.Downloads ? (long)random.Skewed(1e4, 5e7)
        : list == AppList.Changes ? (long)random.Skewed(1e3, 1e7) * (random.Below(3) == 0 ? -1 : 1)
        : list == AppList.Invocations ? (long)random.Skewed(2e7, 4e8)
        : 0;
}
