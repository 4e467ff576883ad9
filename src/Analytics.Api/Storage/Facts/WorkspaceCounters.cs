using Npgsql;

namespace Analytics.Storage.Facts;

/// <summary>
/// The counters of a workspace, as read from its locked row. Holding the row is holding the workspace: whoever changes
/// facts, people or traces takes it first, and claims no key afterwards.
/// </summary>
sealed class WorkspaceCounters
{
    const string LockSql = """
        select workspace_id, seq, people, types, fields, version, shares, commits, log_seq, units
        from workspace_seq
        where workspace_id = any($1)
        order by workspace_id
        for update
        """;

    const string SaveSql = """
        update workspace_seq
        set seq = $2, people = $3, types = $4, shares = $5, commits = $6, log_seq = $7
        where workspace_id = $1
        """;

    public required int Workspace { get; init; }

    /// <summary>The last event's number: where streams of events are.</summary>
    public long Sequence { get; set; }

    /// <summary>The number in the log of its last fact: where the log's streams are.</summary>
    public long Log { get; set; }

    /// <summary>That number before this commit.</summary>
    public long LoggedUpTo { get; private init; }

    /// <summary>The number of this commit, whatever it holds: deltas and runs go by it.</summary>
    public long Commit { get; init; }
    public int People { get; set; }
    public int Types { get; set; }
    public int Shares { get; set; }
    public short Fields { get; init; }

    /// <summary>Rises when billable units change.</summary>
    public int Units { get; init; }

    /// <summary>Rises when people's ids change: numbers that were remembered do not hold any longer.</summary>
    public int Version { get; init; }

    /// <summary>The statement that locks the rows in order; a workspace that is gone has none.</summary>
    public static NpgsqlBatchCommand Lock(int[] workspaces) => Sql.Statement(LockSql, [workspaces]);

    /// <summary>Reads the locked rows.</summary>
    public static async Task<Dictionary<int, WorkspaceCounters>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var counters = new Dictionary<int, WorkspaceCounters>();
        while (await reader.ReadAsync(cancel))
            counters.Add(reader.GetInt32(0), new WorkspaceCounters
            {
                Workspace = reader.GetInt32(0),
                Sequence = reader.GetInt64(1),
                People = reader.GetInt32(2),
                Types = reader.GetInt32(3),
                Fields = reader.GetInt16(4),
                Version = reader.GetInt32(5),
                Shares = reader.GetInt32(6),
                Commit = reader.GetInt64(7) + 1,
                Log = reader.GetInt64(8),
                LoggedUpTo = reader.GetInt64(8),
                Units = reader.GetInt32(9),
            });
        return counters;
    }

    /// <summary>The statement that puts the counters back; part of the batch that commits.</summary>
    public NpgsqlBatchCommand Save() => Sql.Statement(SaveSql, [Workspace, Sequence, People, Types, Shares, Commit, Log]);
}
