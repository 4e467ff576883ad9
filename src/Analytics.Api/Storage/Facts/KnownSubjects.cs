namespace Analytics.Storage.Facts;

/// <summary>What a row of <c>app_subjects</c> is.</summary>
enum AppSubject : short
{
    Viewer = 1,
    Device = 2,
}

/// <summary>A writer's numbers of the viewers and devices of a workspace.</summary>
sealed class KnownSubjects
{
    readonly Dictionary<UInt128, int> viewers = [];
    readonly Dictionary<UInt128, int> devices = [];

    public int Count => viewers.Count + devices.Count;

    public int? Find(AppSubject kind, UInt128 hash) => Of(kind).TryGetValue(hash, out var number) ? number : null;

    public void Add(AppSubject kind, UInt128 hash, int number) => Of(kind)[hash] = number;

    Dictionary<UInt128, int> Of(AppSubject kind) => kind == AppSubject.Viewer ? viewers : devices;
}
