using Analytics.Storage.Facts;

namespace Analytics.Storage.Apps;

/// <summary>What facts of apps add to the sections they count in.</summary>
sealed class AppCount
{
    readonly CommitFacts views = new(AppFacts.Views);
    readonly CommitFacts devices = new(AppFacts.Devices);
    readonly CommitFacts traffic = new(AppFacts.Traffic);

    public AppCount() => Sections = [views, devices, traffic];

    /// <summary>One for each section, to be packed.</summary>
    public IReadOnlyList<CommitFacts> Sections { get; }

    public void Clear()
    {
        foreach (var facts in Sections)
            facts.Clear();
    }

    /// <summary>Adds a fact; its time is in microseconds since 1970.</summary>
    public void Add(AppFact what, long timestamp, int app, int subject, long amount)
    {
        switch (what)
        {
            case AppFact.View:
                views.Add(AppFacts.Views.KeyOf(timestamp, app, subject), timestamp, 1, 0, 0);
                break;
            case AppFact.Device:
                devices.Add(AppFacts.Devices.KeyOf(timestamp, app, subject), AppFacts.DeviceCount, 1);
                break;
            case AppFact.Download:
                var downloaded = AppFacts.Traffic.KeyOf(timestamp, app);
                traffic.Add(downloaded, AppFacts.Downloads, 1);
                traffic.Add(downloaded, AppFacts.Bandwidth, amount);
                break;
            default:
                var stored = AppFacts.Traffic.KeyOf(timestamp, app);
                traffic.Add(stored, AppFacts.StorageChanges, 1);
                traffic.Add(stored, AppFacts.Storage, amount);
                break;
        }
    }
}
