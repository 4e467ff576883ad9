using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Requests;

/// <summary>The hours of the last day that requests came for since somebody last looked at them, in <c>moved_hours</c>.</summary>
static class MovedHours
{
    const long Hour = 4 * Timeline.QuarterHour;
    const long Late = 24 * Hour;

    // In order, as all writers: who looks at them takes them away meanwhile.
    const string NoteSql = """
        insert into moved_hours (workspace_id, hour, commit)
        select $1, hour, $2
        from unnest($3) as moved (hour)
        order by hour
        on conflict (workspace_id, hour) do update
        set commit = excluded.commit
        """;

    /// <summary>Notes the hours that a commit's requests fell into; null when all of them are of long ago.</summary>
    public static NpgsqlBatchCommand? Note(WorkspaceCounters counters, List<NewRequest> requests, DateTime now)
    {
        var since = (now.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond - Late;
        var hours = new HashSet<int>();
        foreach (var request in requests)
            if (request.Incoming.Timestamp >= since)
                hours.Add((int)((request.Incoming.Timestamp - Timeline.Year2000) / Hour));
        return hours.Count == 0 ? null : Sql.Statement(NoteSql, [counters.Workspace, counters.Commit, hours.Order().ToArray()]);
    }
}
