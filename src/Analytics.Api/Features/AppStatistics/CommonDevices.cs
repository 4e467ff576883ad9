using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Facts;

namespace Analytics.Features.AppStatistics;

/// <summary>
/// Gives devices of several workspaces numbers in common. Each workspace numbers its own; the hash of a device's id, which is keyed by the
/// installation, is the same in all of them.
/// </summary>
sealed class CommonDevices(BoundedRead read)
{
    // Numbers that are close to each other are read as one stretch of the index.
    const string HashesSql = """
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

    const int Close = 16;

    readonly Dictionary<Guid, int> numbers = [];

    /// <summary>The devices of each day, whichever workspaces they are in.</summary>
    public static async Task<PersonSet?[]> JoinAsync(BoundedRead read, IReadOnlyList<DevicesOfWorkspace> workspaces)
    {
        var common = new CommonDevices(read);
        var days = new PersonSet?[workspaces[0].Days.Length];
        foreach (var (workspace, own) in workspaces)
        {
            var used = Used(own);
            var known = await common.NumbersAsync(workspace, used);
            for (var day = 0; day < days.Length; day++)
                if (own[day] is { } devices)
                    AddTo(days[day] ??= new PersonSet(), devices, used, known);
        }

        return days;
    }

    static int[] Used(PersonSet?[] days)
    {
        var used = new PersonSet();
        foreach (var day in days)
            if (day is not null)
                used.UnionWith(day);
        return used.ToArray();
    }

    /// <summary>The common number of each device that a workspace has used.</summary>
    async Task<int[]> NumbersAsync(int workspace, int[] used)
    {
        var common = new int[used.Length];
        var (lows, highs) = Stretches(used);
        await read.Connection.EachAsync(HashesSql, [workspace, (short)AppSubject.Device, lows, highs], row =>
        {
            if (Array.BinarySearch(used, row.GetInt32(0)) is var at and >= 0)
                common[at] = NumberOf(row.GetGuid(1));
        }, read.Cancel);
        return common;
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
        {
            if (at == 0 || used[at] - used[at - 1] > Close)
            {
                lows.Add(used[at]);
                highs.Add(used[at]);
            }

            highs[^1] = used[at];
        }

        return ([.. lows], [.. highs]);
    }

    // Both ascend.
    static void AddTo(PersonSet day, PersonSet devices, int[] used, int[] common)
    {
        var at = 0;
        foreach (var device in devices)
        {
            while (used[at] < device)
                at++;
            day.Add(common[at]);
        }
    }
}
