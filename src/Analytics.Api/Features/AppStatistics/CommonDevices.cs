using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Facts;

namespace Analytics.Features.AppStatistics;

/// <summary>
/// Gives devices of several workspaces numbers in common. Each workspace numbers its own; the hash of a device's id, which is keyed by the
/// installation, is the same in all of them.
/// </summary>
sealed class CommonDevices
{
    const string HashesSql = """
        select number, hash
        from app_subjects
        where workspace_id = $1 and kind = $2 and number between $3 and $4
        """;

    readonly Dictionary<Guid, int> numbers = [];

    /// <summary>The devices of each day, whichever workspaces they are in.</summary>
    public static async Task<PersonSet?[]> JoinAsync(BoundedRead read, IReadOnlyList<DevicesOfWorkspace> workspaces)
    {
        var (common, days) = (new CommonDevices(), new PersonSet?[workspaces[0].Days.Length]);
        foreach (var workspace in workspaces)
            await common.AddAsync(read, workspace, days);
        return days;
    }

    async Task AddAsync(BoundedRead read, DevicesOfWorkspace workspace, PersonSet?[] days)
    {
        var used = new PersonSet();
        foreach (var day in workspace.Days)
            if (day is not null)
                used.UnionWith(day);
        var (least, most) = used.Ends;
        var own = new int[most - least + 1];
        await read.Connection.EachAsync(HashesSql, [workspace.Workspace, 0, least, most], row =>
        {
            var number = row.GetInt32(0);
            if (used.Contains(number))
                own[number - least] = NumberOf(row.GetGuid(1));
        }, read.Cancel);
    }

    int NumberOf(Guid hash) => numbers.TryGetValue(hash, out var known) ? known : numbers[hash] = numbers.Count + 1;
}
