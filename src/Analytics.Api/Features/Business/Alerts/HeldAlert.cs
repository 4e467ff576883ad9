using Analytics.Storage.Facts;

namespace Analytics.Features.Business.Alerts;

/// <summary>In which of its windows a fact is.</summary>
enum WindowPart
{
    None,

    /// <summary>The window up to now.</summary>
    Current,

    /// <summary>The one before.</summary>
    Before,
}

/// <summary>What a key of an alert comes to.</summary>
/// <param name="Key">The dimension's value as <see cref="AlertKeys"/> has it.</param>
/// <param name="IsCrossed">Whether the alert is crossed by it.</param>
/// <param name="Value">Its value; null where it is nothing.</param>
/// <param name="Before">That of the window before.</param>
/// <param name="Owners">Whose the key is, where it is a text that the product made up; null of many.</param>
readonly record struct KeyFinding(byte[] Key, bool IsCrossed, Int128? Value, Int128? Before, string[]? Owners = null);

/// <summary>The facts of an alert's windows by the values of its dimension.</summary>
sealed class HeldAlert(WatchedAlert alert)
{
    const int MostWatched = 100;

    sealed class KeyWindows
    {
        public KeyTally Current { get; } = new();
        public KeyTally Before { get; } = new();
        public KeyOwners? Owners { get; init; }
    }

    long size;
    readonly Dictionary<byte[], KeyWindows> keys = new(new WorkspaceNames.BytesComparer());

    public WatchedAlert Alert { get; set; } = alert;

    /// <summary>The keys that are crossed by now.</summary>
    public HashSet<byte[]> Open { get; } = new(new WorkspaceNames.BytesComparer());

    /// <summary>From when on all facts are held; null for none at all.</summary>
    public long? From { get; set; }

    /// <summary>Whether its windows changed since it was last looked at.</summary>
    public bool HasMoved { get; set; }

    /// <summary>Whether a fact was to be taken out that was never put in.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The minute in which there was too much to hold; null where there is not.</summary>
    public long? LargeSince { get; set; }

    public bool IsTooLarge => LargeSince is not null;

    /// <summary>About how much it holds.</summary>
    public long Size => HasMoved
        ? size = keys.Sum(key => (long)key.Value.Current.Size + key.Value.Before.Size + (key.Key.Length / 64))
        : size;

    /// <summary>Lets go of all it holds.</summary>
    public void Clear()
    {
        keys.Clear();
        size = 0;
        From = null;
        HasMoved = IsBroken = false;
    }

    /// <summary>Moves a fact from one part of the windows to another.</summary>
    public void Move(ReadOnlySpan<byte> key, in FactValue value, string? owner, WindowPart was, WindowPart now)
    {
        HasMoved = true;
        var byKey = keys.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!byKey.TryGetValue(key, out var windows))
            byKey[key] = windows = new KeyWindows { Owners = key is [(byte)'t', ..] && Alert.Query!.IsOfProduct ? new() : null };
        Add(windows, value, was, -1);
        Add(windows, value, now, 1);
        windows.Owners?.Add(owner, (now == WindowPart.None ? 0 : 1) - (was == WindowPart.None ? 0 : 1));
        if (windows.Current.Facts == 0 && windows.Before.Facts == 0)
            byKey.Remove(key);
    }

    /// <summary>What every key that is watched comes to, and those that are crossed by now.</summary>
    public IEnumerable<KeyFinding> Look()
    {
        var watched = Watched();
        watched.UnionWith(Open);
        return watched.Select(Find);
    }

    /// <summary>Whether what a key comes to is not what was told of it last.</summary>
    public bool IsNew(KeyFinding finding) => finding.IsCrossed != Open.Contains(finding.Key);

    HashSet<byte[]> Watched()
    {
        var watched = new HashSet<byte[]>(keys.Comparer);
        if (Alert.Query!.Dimension is null)
            watched.Add(AlertKeys.None);
        else if (keys.Count <= MostWatched)
            watched.UnionWith(keys.Keys);
        else
        {
            watched.UnionWith(Biggest(windows => windows.Current));
            watched.UnionWith(Biggest(windows => windows.Before));
        }

        return watched;
    }

    // Of equal ones the same are taken every time.
    IEnumerable<byte[]> Biggest(Func<KeyWindows, KeyTally> part) => keys
        .Where(key => part(key.Value).Facts > 0)
        .Select(key => (key.Key, Value: part(key.Value).Of(Alert.Query!.Metric) ?? Int128.MinValue))
        .OrderByDescending(key => key.Value).ThenBy(key => key.Key, AlertKeys.Order)
        .Take(MostWatched).Select(key => key.Key);

    KeyFinding Find(byte[] key)
    {
        var metric = Alert.Query!.Metric;
        keys.TryGetValue(key, out var windows);
        var value = windows is null ? KeyTally.OfNone(metric) : windows.Current.Of(metric);
        var before = windows is null ? KeyTally.OfNone(metric) : windows.Before.Of(metric);
        // One that is in neither window is watched no longer.
        var isGone = windows is null && Alert.Query.Dimension is not null;
        return new(key, !isGone && Alert.Condition.IsCrossed(value, before), value, before, windows?.Owners?.Names);
    }

    void Add(KeyWindows windows, in FactValue value, WindowPart part, int times)
    {
        if (part != WindowPart.None)
            IsBroken |= !(part == WindowPart.Current ? windows.Current : windows.Before).Add(Alert.Query!.Metric, value, times);
    }
}
