using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Facts;

namespace Analytics.Features.AppStatistics;

/// <summary>
/// Gives devices of several workspaces numbers in common. Each workspace numbers its own; the hash of a device's id, which is keyed by the
/// installation, is the same in all of them.
/// </summary>
/// <param name="read">The snapshot.</param>
/// <param name="below">Which devices are looked at: those whose hash is below it, the same ones in every workspace; null for all.</param>
sealed class CommonDevices(BoundedRead read, UInt128? below)
{
    // Numbers that are close to each other are read as one stretch of the index.
    const string ByNumberSql = """
        select known.number, known.hash
        from unnest($3, $4) as wanted (low, high)
        cross join lateral (
            select number, hash
            from app_subjects
            where workspace_id = $1
              and kind = $2
              and number between wanted.low and wanted.high
            offset 0
        ) known
        """;

    const string ByHashSql = """
        select number, hash
        from app_subjects
        where workspace_id = $1
          and kind = $2
          and hash < $3
        """;

    const int Close = 16;

    readonly Dictionary<Guid, int> numbers = [];

    /// <summary>A workspace's days with the common numbers of those devices that are looked at.</summary>
    public async Task<PersonSet?[]> TranslateAsync(DevicesOfWorkspace workspace)
    {
        var used = workspace.Used;
        var common = new int[used.Length];
        await ReadAsync(workspace.Workspace, used, (number, hash) =>
        {
            if (Array.BinarySearch(used, number) is var at and >= 0)
                common[at] = NumberOf(hash);
        });
        return Array.ConvertAll(workspace.Days, day => day is null ? null : Translated(day, used, common));
    }

    Task ReadAsync(int workspace, int[] used, Action<int, Guid> each)
    {
        var (lows, highs) = below is null ? Stretches(used) : ([], []);
        return read.Connection.EachAsync(
            below is null ? ByNumberSql : ByHashSql,
            below is { } bound
                ? [workspace, (short)AppSubject.Device, bound.ToUuid()]
                : [workspace, (short)AppSubject.Device, lows, highs],
            row => each(row.GetInt32(0), row.GetGuid(1)), read.Cancel);
    }

    int NumberOf(Guid hash)
    {
        if (!numbers.TryGetValue(hash, out var number))
            numbers.Add(hash, number = numbers.Count + 1);
        return number;
    }

    static (int[] Lows, int[] Highs) Stretches(int[] used)
    {
        var (lows, highs) = (new List<int>(), new List<int>());
        for (var at = 0; at < used.Length; at++)
            if (at > 0 && used[at] - used[at - 1] <= Close)
                highs[^1] = used[at];
            else
            {
                lows.Add(used[at]);
                highs.Add(used[at]);
            }

        return ([.. lows], [.. highs]);
    }

    // Both ascend.
    static PersonSet Translated(PersonSet devices, int[] used, int[] common)
    {
        var (translated, at) = (new PersonSet(), 0);
        foreach (var device in devices)
        {
            while (used[at] < device)
                at++;
            if (common[at] > 0)
                translated.Add(common[at]);
        }

        return translated;
    }
}

/// <summary>A workspace's devices of days that follow each other, by the workspace's own numbers.</summary>
sealed class DevicesOfWorkspace(int workspace, PersonSet?[] days)
{
    readonly Lazy<int[]> used = new(() => UsedIn(days));

    public int Workspace => workspace;

    public PersonSet?[] Days => days;

    /// <summary>The devices of all its days, ascending.</summary>
    public int[] Used => used.Value;

    static int[] UsedIn(PersonSet?[] days)
    {
        var all = new PersonSet();
        foreach (var day in days)
            if (day is not null)
                all.UnionWith(day);
        return all.ToArray();
    }
}
