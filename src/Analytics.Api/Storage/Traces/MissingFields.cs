using System.Text;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>
/// A field was registered after this node was last written: sums the missing fields from its events, once, as they are
/// before this transaction. That is what the field's backfill counts too.
/// </summary>
sealed class MissingFields(NpgsqlConnection connection, int workspace, byte[] hashKey, IReadOnlyList<string> registered)
{
    const string EventSql = """
        select external_id, metadata::text
        from events
        where workspace_id = $1
          and timestamp = $2
          and id = $3
        """;

    const string ChildrenSql = """
        select e.id, e.external_id, e.metadata::text
        from unnest($2) as named (parent)
        cross join lateral (
            select *
            from events
            where workspace_id = $1
              and parent = named.parent
            offset 0
        ) e
        """;

    /// <summary>Adds the fields up to <paramref name="fields"/> that the node does not know yet.</summary>
    public async Task AddAsync(TraceNode top, short fields, CancellationToken cancel)
    {
        var known = top.Fields;
        void Count(ReadOnlySpan<byte> metadata)
        {
            foreach (var (field, value) in EventValues.Of(metadata, registered))
                if (field > known)
                    top.Sums[field] = top.Sums.GetValueOrDefault(field) + value;
        }

        var level = new List<Guid> { top.Id };
        if (!top.IsPending)
        {
            await using var command = Command(
                EventSql,
                new NpgsqlParameter<DateTime> { TypedValue = EventId.TimeOf(top.Id)!.Value },
                new NpgsqlParameter<Guid> { TypedValue = top.Id });
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                AddKey(level, reader, 0);
                Count(reader.IsDBNull(1) ? [] : reader.GetFieldValue<byte[]>(1));
            }
        }

        while (level.Count > 0)
        {
            await using var command = Command(ChildrenSql, new NpgsqlParameter<Guid[]> { TypedValue = [.. level] });
            level.Clear();
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                level.Add(reader.GetGuid(0));
                AddKey(level, reader, 1);
                Count(reader.IsDBNull(2) ? [] : reader.GetFieldValue<byte[]>(2));
            }
        }

        top.Fields = fields;
        if (top.Counted is not null)
            top.Counted = new(top.Sums);
    }

    // Children name their parent by its id or by the hash of its external id.
    void AddKey(List<Guid> level, NpgsqlDataReader reader, int column)
    {
        if (!reader.IsDBNull(column))
            level.Add(KeyHash.Of(hashKey, KeyKind.Event, Encoding.UTF8.GetBytes(reader.GetString(column))).ToUuid());
    }

    NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        command.Parameters.AddRange(parameters);
        return command;
    }
}
