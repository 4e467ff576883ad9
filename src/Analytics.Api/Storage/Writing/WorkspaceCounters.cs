using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>
/// The counters of a workspace, as read from its locked row. Holding the row is holding the workspace: whoever changes
/// facts, people or trees takes it first, and claims no key afterwards.
/// </summary>
sealed class WorkspaceCounters
{
    public required int Workspace { get; init; }
    public long Sequence { get; set; }
    public int People { get; set; }
    public int Types { get; set; }
    public int Phantoms { get; set; }
    public int Shares { get; set; }
    public short Fields { get; init; }
    public int PeopleVersion { get; init; }

    /// <summary>Locks the rows in order; a workspace that is gone has none.</summary>
    public static async Task<Dictionary<int, WorkspaceCounters>> LockAsync(
        NpgsqlConnection connection, int[] workspaces, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select workspace_id, seq, people, types, phantoms, fields, people_version, shares
            from workspace_seq
            where workspace_id = any($1)
            order by workspace_id
            for update
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = workspaces });
        var counters = new Dictionary<int, WorkspaceCounters>(workspaces.Length);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var key = reader.GetInt32(0);
            counters.Add(key, new WorkspaceCounters
            {
                Workspace = key,
                Sequence = reader.GetInt64(1),
                People = reader.GetInt32(2),
                Types = reader.GetInt32(3),
                Phantoms = reader.GetInt32(4),
                Fields = reader.GetInt16(5),
                PeopleVersion = reader.GetInt32(6),
                Shares = reader.GetInt32(7),
            });
        }

        return counters;
    }

    /// <summary>The statement that puts the counters back; part of the batch that commits.</summary>
    public NpgsqlBatchCommand Save() => new("""
        update workspace_seq
        set seq = $2, people = $3, types = $4, phantoms = $5, shares = $6
        where workspace_id = $1
        """)
    {
        Parameters =
        {
            new NpgsqlParameter<int> { TypedValue = Workspace },
            new NpgsqlParameter<long> { TypedValue = Sequence },
            new NpgsqlParameter<int> { TypedValue = People },
            new NpgsqlParameter<int> { TypedValue = Types },
            new NpgsqlParameter<int> { TypedValue = Phantoms },
            new NpgsqlParameter<int> { TypedValue = Shares },
        },
    };
}
